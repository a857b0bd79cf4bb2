"""Which places look at which, head by head."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.attention import Attention
from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.axis_ticks import Tick, index_ticks
from nnvis_widget.reduce.head_habits import habits_of
from nnvis_widget.widgets.panels.figures.heat_map import MOST_CELL_PX, HeatMap
from nnvis_widget.widgets.panels.figures.legend import ramp_legend
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.parts.head_strip import HeadStrip
from nnvis_widget.widgets.panels.reading.selected import follow_fitting, selected_unit
from nnvis_widget.widgets.panels.reading.shown_sample import sample_name, why_unmeasured
from nnvis_widget.widgets.weakly import weakly

MOST_NAMED, LONGEST_WORD = 24, 10
MOST_SPOKEN = 12
WIDEST_CELL = 1.7
"""Times its height."""
NARROWEST_PX = 280


class AttentionPanel(Panel):
    """Which places of a sequence look at which, head by head, for the chosen sample; live while the model trains.

    A row is a place that looks, a column a place that it looks at; a row adds up to 1. The small pictures are the
    heads; a click chooses one everywhere. A cell under the pointer, or clicked, is read out exactly. Of more than 64
    places a cell is the largest of a block of scores, which is said; of more than 16 heads the twelve sharpest have a
    picture. A cell in the colour of an error is not known: with the scores that the layer hands out it would have put
    out something else than it did.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: The name or path of an attention layer; `None` or `"selected"` for the one that is selected, which is
            the first until one is.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer, or it has no scores to show.

    Example:
        >>> nv.AttentionPanel(transformer)
        >>> nv.AttentionPanel(transformer, "look")
    """

    title_key = "attentionPanel"
    meaning_key = "attentionMeaning"

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
        self._reading: tuple[int, int] | None = None
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """Every score that is measured: a row for each with head, query, key and score.

        Of blocks `query` and `key` are their first places, `query_end` and `key_end` the places behind their last.
        Where the tokens have names these are in the columns `query_token` and `key_token`.
        """
        import pandas as pd

        with self._up_to_date():
            scores, attention = self._scores, self._attention
            if scores is None:
                return pd.DataFrame({"head": [], "query": [], "key": [], "score": []})
            head, row, column = (axis.reshape(-1) for axis in np.indices(scores.shape).transpose(0, 3, 1, 2)[[2, 0, 1]])
            queries, keys = (
                np.append(np.arange(0, count, size), count)
                for count, size in zip((attention.queries, attention.keys), attention.block, strict=True)
            )
            frame = pd.DataFrame({"head": head, "query": queries[row], "key": keys[column]})
            if not attention.is_whole:
                frame = frame.assign(query_end=queries[row + 1], key_end=keys[column + 1])
            for side, names, place in (("query", self._tokens[0], row), ("key", self._tokens[1], column)):
                if names and attention.is_whole:
                    frame[f"{side}_token"] = np.array(names, object)[place]
            return frame.assign(score=scores.transpose(2, 0, 1).reshape(-1))

    @classmethod
    def suits(cls, structure: NetworkStructure) -> bool:
        """Whether one of its layers is known to attend."""
        return any(_attends(card) for card in structure.cards)

    @property
    def _attention(self) -> Attention:
        assert self._layer.attention is not None
        return self._layer.attention

    def _build(self) -> list[Any]:
        self._followed = follow_fitting(self._by_name, self._layer_name, _attends, _no_scores)
        self._layer: Layer = self._followed.find(self.gaze.look.selection)
        self._scores: np.ndarray | None = None
        self._tokens: tuple[list[str], list[str]] = [], []
        self._last_head: dict[str, int] = {}
        self._limit, self._is_clipped = 1.0, False
        self._heads = HeadStrip(weakly(self._choose))
        self._map = HeatMap(self.height_px, weakly(self._read), weakly(self._pick))
        row = ipywidgets.VBox([self._heads.figure, self._map.figure])
        for figure in (self._heads.figure, self._map.figure):
            figure.layout.width = "100%"
        return [row]

    def _wants(self) -> Iterable[Want]:
        look = self.gaze.look
        layer = self._followed.find(look.selection)
        yield Want("attention", layer.id, sample=look.sample)
        attention = layer.attention
        for tokens in filter(None, (attention.query_input, attention.key_input) if attention else ()):
            yield Want("activation", tokens, sample=look.sample)

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        look = self.gaze.look
        self._layer = self._followed.find(look.selection)
        self._scores = None if snapshot is None else self._find_scores(snapshot, look.sample)
        self._tokens = self._find_words(snapshot, look.sample)
        if self._scores is None:
            self._heads.clear()
            self._map.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0, "magnitude", write=None)
            why = why_unmeasured(self.source, snapshot, look.sample, self._when(snapshot))
            self._say(f"{text(self._layer.name)} · {why}", at=snapshot)
            return
        head = self._chosen_head()
        shown = self._scores[:, :, head]
        most = float(np.nanmax(self._scores, initial=0.0))
        if self.gaze.step is None:  # colours stay as they are for looking back
            self._limit = most or 1.0
        self._is_clipped = most > self._limit
        self._heads.show(self._scores, self._attention, head, self._limit)
        rows, columns = (self._ticks(side) for side in (0, 1))
        self._map.show(
            shown,
            np.ones(shown.shape, bool),
            self._limit,
            "magnitude",
            rows,
            columns,
            self._ring(),
            lambda score: format_number(score, 2),
        )
        cells_px = WIDEST_CELL * self.height_px * shown.shape[1] / shown.shape[0]
        self._map.figure.layout.max_width = (
            f"{max(NARROWEST_PX, min(MOST_CELL_PX * shown.shape[1], round(cells_px)))}px"
        )
        self._tell(snapshot)

    def _find_scores(self, snapshot: Snapshot, sample: int) -> np.ndarray | None:
        found = snapshot.tensors.get(TensorKey("attention", self._layer.id, sample=sample))
        return found if found is not None and found.shape == self._attention.pictures else None

    def _find_words(self, snapshot: Snapshot | None, sample: int) -> tuple[list[str], list[str]]:
        """Of the places that look, and of those that are looked at; empty where they have no words."""
        assert self.source is not None
        found: list[list[str]] = []
        for tokens in (self._attention.query_input, self._attention.key_input):
            key = TensorKey("activation", tokens or "", sample=sample)
            numbers = None if snapshot is None or tokens is None else snapshot.tensors.get(key)
            words = None if numbers is None else self.source.scenery.tokens(tokens or "", numbers.reshape(-1).tolist())
            found.append(words or [])
        return found[0], found[1]

    def _chosen_head(self) -> int:
        """The selected one; of a layer that is not, the one before."""
        chosen = selected_unit(self.gaze.look.selection, self._layer, self._attention.heads)
        if chosen is not None:
            self._last_head[self._layer.id] = chosen
        return self._last_head.get(self._layer.id, 0)

    def _ring(self) -> tuple[int, int, int, int] | None:
        selection = self.gaze.look.selection
        if selection.layer != self._layer.id or selection.place is None:
            return None
        row, column = selection.place
        rows, columns, _ = self._attention.pictures
        return (row, column, row + 1, column + 1) if row < rows and column < columns else None

    def _ticks(self, side: int) -> tuple[Tick, ...]:
        """Words where there is room for them, else numbers of places."""
        attention = self._attention
        count, size = (attention.queries, attention.keys)[side], attention.block[side]
        words = self._tokens[side]
        if attention.is_whole and count <= MOST_NAMED and words:
            return tuple((place + 0.5, word[:LONGEST_WORD] or str(place)) for place, word in enumerate(words))
        return tuple(index_ticks(np.append(np.arange(0, count, size), count), 0))

    def _tell(self, snapshot: Snapshot | None) -> None:
        assert self._scores is not None
        assert self.source is not None
        attention, head = self._attention, self._chosen_head()
        shown = self._scores[:, :, head]
        habits = habits_of(shown, attention.is_self) if attention.is_whole else None
        said = []
        if habits is not None:
            known = (
                ("meanOnItself", habits.on_itself),
                ("meanOneBack", habits.one_back),
                ("meanOnFirst", habits.on_first),
            )
            said = [say(key, share=format_number(share, 3)) for key, share in known if share is not None]
            said.append(
                say("meanEntropy", bits=format_number(habits.entropy), most=format_number(log2(attention.keys)))
            )
        notes = []
        if not attention.is_whole:
            notes.append(say("scoreBlocks", queries=attention.block[0], keys=attention.block[1]))
        if len(self._heads.shown) < attention.heads:
            notes.append(say("sharpestHeads", shown=len(self._heads.shown), heads=attention.heads))
        reading = self._cell_text(*self._reading) if self._reading is not None else ""
        hint = "" if reading else f'<span class="nnvis-hint">{say("pointAtCell")}</span>'
        unknown = int((~np.isfinite(shown)).sum())
        bad = say("scoresUnknown", count=unknown) if unknown else ""
        alarm = f'<span class="nnvis-bad">▲ {bad}</span> · ' if bad else ""
        legend = ramp_legend(say("attentionScore"), self._limit, "magnitude", self._is_clipped)
        name = say("headTitle", layer=self._layer.name, head=head, heads=attention.heads)
        note = " · ".join([*map(text, filter(None, [reading, *said, *notes])), *([hint] if hint else [])])
        sample = sample_name(self.source, self.gaze.sample)
        spoken = say("semicolon").join([*filter(None, [bad]), *said, *self._strongest(shown), *notes])
        moment = self._when(snapshot)
        words = say("attentionSays", panel=self.title, name=name, sample=sample, moment=moment, list=spoken)
        self._say(f"{text(name)} · {text(sample)}", f"{alarm}{note} {legend}", words, snapshot)

    def _strongest(self, shown: np.ndarray) -> list[str]:
        """What each of the first places looks at most."""
        known = [row for row in range(len(shown)) if np.isfinite(shown[row]).all()][:MOST_SPOKEN]
        return [self._cell_words(row, int(shown[row].argmax())) for row in known]

    def _cell_text(self, row: int, column: int) -> str:
        if self._scores is None or row >= self._scores.shape[0] or column >= self._scores.shape[1]:
            return ""
        return self._cell_words(row, column)

    def _cell_words(self, row: int, column: int) -> str:
        assert self._scores is not None
        score = float(self._scores[row, column, self._chosen_head()])
        kind = "placeLooks" if self._attention.is_whole else "placesLook"
        return say(kind, query=self._place(0, row), at=self._place(1, column), score=format_number(score, 3))

    def _place(self, side: int, square: int) -> str:
        """`3 “the”`, `3`, or the places that a square stands for: `6–7`."""
        count, size = (self._attention.queries, self._attention.keys)[side], self._attention.block[side]
        first, last = square * size, min(count, (square + 1) * size) - 1
        if first != last:
            return f"{first}–{last}"
        words = self._tokens[side]
        word = words[first] if first < len(words) else ""
        return say("placeWord", place=first, word=word) if word else str(first)

    def _choose(self, head: int) -> None:
        self.gaze.selection = {"layer": self._layer.id, "unit": head}

    def _read(self, row: int, column: int) -> None:
        with self._lock:
            self._reading = (row, column)
        self._redraw_soon()

    def _pick(self, row: int, column: int) -> None:
        self.gaze.selection = {"layer": self._layer.id, "unit": self._chosen_head(), "place": [row, column]}


def _attends(layer: Layer) -> bool:
    return layer.attention is not None and layer.note is None


def _no_scores(named: Layer | None, fitting: list[Layer]) -> ModelError:
    known = ", ".join(repr(layer.name) for layer in fitting[:8])
    if named is None:
        return ModelError(
            "Expected a model with an attention layer whose lengths are known, and that a call runs through once; this "
            "one has none. Give its inputs a length: keras.Input((8,))."
        )
    return ModelError(
        f"Layer {named.name!r} ({named.type}) has no attention scores to show. Layers with some: {known or 'none'}."
    )
