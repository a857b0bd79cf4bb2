"""What an embedding holds of the words of a sample."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, format_percent
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.principal_plane import PrincipalPlane, principal_plane
from nnvis_widget.widgets.panels.figures.bars import Bars
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.figures.word_plane import WordPlane
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.selected import follow_fitting, selected_unit
from nnvis_widget.widgets.panels.reading.shown_sample import sample_name
from nnvis_widget.widgets.weakly import weakly

MOST_SPOKEN = 8
NOTHING_NEAR = np.zeros(0, np.int32), np.zeros(0, np.float32)


class EmbeddingPanel(Panel):
    """The rows of an embedding that the chosen sample looks up, and what is near to one of them; live.

    Left, the rows on the two axes along which they differ most: points that lie close together are alike as far as
    these axes tell, and how much they tell is said. Right, the rows of the whole table with the largest cosine to that
    of the chosen token, exact, among all of them. A click on a point, or on a token in the network, chooses another.

    Of the table the rows of the sample are read with each snapshot, and for the nearest ones the whole of it, in two
    passes (1,000,000 × 16 in 50 ms). Of more than 256 tokens the first 256 are taken, which is said.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: The name or path of an embedding; `None` or `"selected"` for the one that is selected, which is the first
            until one is.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, or it is no embedding.

    Example:
        >>> nv.EmbeddingPanel(transformer)
    """

    title_key = "embeddingPanel"
    meaning_key = "embeddingMeaning"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._layer_name = layer
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each token of the sample: place, token, word, x and y on the axes; words where they are known."""
        import pandas as pd

        with self._up_to_date():
            frame = pd.DataFrame({"place": np.arange(len(self._numbers)), "token": self._numbers})
            if self._has_words:
                frame["word"] = [self._word(number) for number in self._numbers.tolist()]
            points = np.full((len(frame), 2), np.nan)
            if self._plane is not None:
                order = {number: place for place, number in enumerate(self._drawn.tolist())}
                for place, number in enumerate(self._numbers.tolist()):
                    if number in order:
                        points[place] = self._plane.points[order[number]]
            return frame.assign(x=points[:, 0], y=points[:, 1])

    def neighbours(self) -> Any:
        """The rows that are nearest to that of the chosen token: token, word and cosine, the nearest first."""
        import pandas as pd

        with self._up_to_date():
            numbers, cosines = self._near
            frame = pd.DataFrame({"token": numbers})
            if self._has_words:
                frame["word"] = [self._word(number) for number in numbers.tolist()]
            return frame.assign(cosine=cosines)

    @classmethod
    def suits(cls, structure: NetworkStructure) -> bool:
        """Whether one of its layers is an embedding."""
        return any(map(_embeds, structure.cards))

    def _build(self) -> list[Any]:
        self._followed = follow_fitting(self._by_name, self._layer_name, _embeds, _no_embedding)
        self._layer: Layer = self._followed.find(self.gaze.look.selection)
        self._forget()
        self._place = 0
        self._points = WordPlane(self.height_px, weakly(self._pick))
        self._bars = Bars(self.height_px, lambda cosine: format_number(cosine, 3))
        self._heads = [ipywidgets.HTML() for _ in range(2)]
        boxes = []
        for head, (figure, flex) in zip(
            self._heads, ((self._points.figure, "3 1 320px"), (self._bars.figure, "2 1 220px")), strict=True
        ):
            figure.layout.width = "100%"
            boxes.append(ipywidgets.VBox([head, figure], layout={"flex": flex, "min_width": "0"}))
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row]

    def _forget(self) -> None:
        self._numbers, self._drawn = np.zeros(0, np.int32), np.zeros(0, np.int32)
        self._near = NOTHING_NEAR
        self._plane: PrincipalPlane | None = None
        self._has_words = False
        self._of: tuple[str, tuple[int, ...]] = ("", ())

    def _wants(self) -> Iterable[Want]:
        look = self.gaze.look
        layer = self._followed.find(look.selection)
        yield Want("embedding", layer.id, sample=look.sample)
        yield Want("neighbours", layer.id, unit=self._chosen_place(), sample=look.sample)

    @property
    def _input(self) -> str | None:
        """The id of what gives the tokens that it looks up; `None` where others come in."""
        assert self.source is not None
        whole = self.source.structure.whole
        sources = [one for one in whole.sources_of(self._layer.id) if whole.layer(one).tells_tokens]
        return sources[0] if len(sources) == 1 else None

    def _chosen_place(self) -> int:
        """The token that is selected in its input; else the one before."""
        given = self._input
        assert self.source is not None
        if given is not None:
            layer = self.source.structure.layer(given)
            chosen = selected_unit(self.gaze.look.selection, layer, layer.units or 0)
            self._place = self._place if chosen is None else chosen
        return self._place

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        self._layer = self._followed.find(self.gaze.look.selection)
        place = self._chosen_place()
        rows = self._find(snapshot, "embedding", "")
        numbers = self._find(snapshot, "embedding_index", "")
        if rows is None or numbers is None:
            self._forget()
            self._points.show(np.zeros((0, 2)), (), None)
            self._bars.show(np.zeros(0), ())
            self._set_heads("", "")
            self._say(f"{text(self._layer.name)} · {text(self._why(snapshot))}", at=snapshot)
            return
        self._numbers = numbers
        self._has_words = self._input in self.source.scenery.token_names
        firsts = [int(one) for one in np.sort(np.unique(numbers, return_index=True)[1]) if np.isfinite(rows[one]).all()]
        self._drawn = numbers[firsts]
        subject = (self._layer.id, tuple(self._drawn.tolist()))
        self._plane = principal_plane(rows[firsts], self._plane if subject == self._of else None)
        self._of = subject
        number = int(numbers[place]) if place < len(numbers) else None
        near = self._find_near(snapshot, place)
        self._near = near or NOTHING_NEAR
        names = [self._word(one) for one in self._drawn.tolist()]
        at = np.flatnonzero(self._drawn == number)
        points = np.zeros((0, 2)) if self._plane is None else self._plane.points
        self._points.show(points, names, int(at[0]) if len(at) and len(points) else None)
        self._bars.show(self._near[1], [self._word(one) for one in self._near[0].tolist()])
        lost = int((~np.isfinite(rows)).any(axis=1).sum())
        self._tell(snapshot, number, len(firsts), lost, say("nothingNear") if near else say("notMeasured"))

    def _find(self, snapshot: Snapshot | None, quantity: str, name: str) -> np.ndarray | None:
        key = TensorKey(quantity, self._layer.id, name, sample=self.gaze.look.sample)
        return None if snapshot is None else snapshot.tensors.get(key)

    def _find_near(self, snapshot: Snapshot | None, place: int) -> tuple[np.ndarray, np.ndarray] | None:
        numbers = self._find(snapshot, "neighbours_index", str(place))
        cosines = self._find(snapshot, "neighbours", str(place))
        return None if numbers is None or cosines is None else (numbers, cosines)

    def _tell(self, snapshot: Snapshot | None, number: int | None, drawn: int, lost: int, else_near: str) -> None:
        assert self.source is not None
        sample = sample_name(self.source, self.gaze.sample)
        name = "" if number is None else say("tokenName", token=self._word(number))
        said, notes = [], []
        if self._plane is None:
            notes.append(say("tooFewTokens") if drawn < 2 else say("notMeasured"))
        else:
            first, second = (format_percent(share) for share in self._plane.shares)
            said.append(say("axesTell", first=first, second=second, tokens=drawn))
        if lost:
            notes.append(say("notInTable", count=lost))
        whole = self._layer.output_shape[0][1] if self._layer.output_shape else None
        if whole is not None and whole > len(self._numbers):
            notes.append(say("firstTokens", shown=len(self._numbers), tokens=f"{whole:,}"))
        near = [
            say("nameIs", name=self._word(one), value=format_number(float(cosine), 3))
            for one, cosine in zip(self._near[0].tolist()[:MOST_SPOKEN], self._near[1], strict=False)
        ]
        nearest = say("nearestAre", token=name, list=say("comma").join(near)) if near else else_near
        self._set_heads(say("axesHead"), say("nearestHead", token=name) if name else "")
        parts = [text(part) for part in (self._layer.name, name, sample) if part]
        words = say(
            "embeddingSays",
            panel=self.title,
            name=say("comma").join(filter(None, [self._layer.name, name, sample])),
            moment=self._when(snapshot),
            list=say("semicolon").join([*said, nearest, *notes]),
        )
        self._say(" · ".join(parts), text(" · ".join([*said, *([] if near else [nearest]), *notes])), words, snapshot)

    def _set_heads(self, *said: str) -> None:
        for head, one in zip(self._heads, said, strict=True):
            value = f'<div class="nnvis-head">{text(one)}</div>'
            if head.value != value:
                head.value = value

    def _word(self, number: int) -> str:
        """What a token is called; its number where it has no name."""
        assert self.source is not None
        given = self._input
        found = None if given is None else self.source.scenery.tokens(given, [number])
        return found[0] if found and found[0] else f"#{number:,}"

    def _why(self, snapshot: Snapshot | None) -> str:
        assert self.source is not None
        if not self.source.scenery.sample_count:
            return say("noSampleToLook")
        return say("nothingRecorded") if snapshot is None else say("notMeasured")

    def _pick(self, point: int) -> None:
        if point >= len(self._drawn):
            return
        place = int(np.flatnonzero(self._numbers == self._drawn[point])[0])
        given = self._input
        if given is None:
            self._place = place
            self._watching.ask()
            self._redraw_soon()
        else:
            self.gaze.selection = {"layer": given, "unit": place}


def _embeds(layer: Layer) -> bool:
    return layer.role == "embedding" and layer.note is None


def _no_embedding(named: Layer | None, fitting: list[Layer]) -> ModelError:
    if named is None:
        return ModelError(
            "Expected a model with an embedding that a call runs through once, this one has none: "
            "keras.layers.Embedding(1000, 16)."
        )
    known = ", ".join(repr(layer.name) for layer in fitting[:8]) or "none"
    return ModelError(f"Layer {named.name!r} ({named.type}) is no embedding. Layers that are: {known}.")
