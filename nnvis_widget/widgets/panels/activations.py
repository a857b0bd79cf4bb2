"""What every layer makes of one sample."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.openings import same_output
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.verdict import judge, truth_text
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.sources.source import Source
from nnvis_widget.widgets.ownership import own
from nnvis_widget.widgets.panels.figures.legend import not_finite
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.parts.activation_row import ActivationRow, output_shape, square
from nnvis_widget.widgets.panels.parts.sample_choice import SampleChoice
from nnvis_widget.widgets.panels.reading.find_sample import find_sample, sample_data
from nnvis_widget.widgets.panels.reading.shown_sample import sample_index, sample_name
from nnvis_widget.widgets.weakly import weakly

MOST_LAYERS = 8


class ActivationPanel(Panel):
    """The activations of the layers for one sample, and what the model says of it; live while the model trains.

    Units are strips and grids, feature maps a tile for each channel, the probabilities of a softmax bars. Each layer
    has a scale of its own, with numbers. A cell under the pointer, or clicked, is read out exactly; a click on a unit
    chooses it everywhere.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        sample: An index into the data; or, for a plain model, an array: one sample without its batch axis. With
            another source an array must be one of its samples. `None` for the sample that is chosen there.
        layers: Names or paths of the layers to draw; `None` for all, at most eight, the first and the output.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of a layer's picture, 120 to 1,200; strips of units take less.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        DataError: If the sample does not fit the model, or is none of the source's.
        ModelError: If a layer's name is unknown.

    Example:
        >>> nv.ActivationPanel(model, sample=x[0])
    """

    title_key = "activationsPanel"
    meaning_key = "activationsMeaning"

    def __init__(
        self,
        source: Any,
        sample: Any = None,
        *,
        layers: list[str] | None = None,
        data: Any = None,
        height: int = 160,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._wanted, self._names = sample, layers
        self._reading: tuple[int, int, int] | None = None
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """Every activation as measured: a row for each with layer, index and value."""
        import pandas as pd

        with self._up_to_date():
            parts = [
                pd.DataFrame(
                    {
                        "layer": row.layer.name,
                        "index": [tuple(place) for place in np.ndindex(row.shape)],
                        "value": row.values.reshape(-1),
                    }
                )
                for row in self._rows
                if row.values is not None
            ]
            return (
                pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"layer": [], "index": [], "value": []})
            )

    def _find_source(self, source: Any, data: Any) -> tuple[Source | None, Gaze]:
        wanted = self._wanted
        if data is None and wanted is not None and not isinstance(wanted, int | np.integer):
            data = sample_data(source, wanted)
        return super()._find_source(source, data)

    def _wants(self) -> Iterable[Want]:
        for row in self._rows:
            for quantity in ("activation", "map"):
                yield Want(quantity, row.layer.id, sample=self.gaze.look.sample)

    def _build(self) -> list[Any]:
        assert self.source is not None
        if self._wanted is not None:
            self.gaze.sample = find_sample(self.source, self._wanted)
            self._wanted = None
        layers = self._chosen_layers()
        self._rows = [self._row(number, layer) for number, layer in enumerate(layers)]
        row = ipywidgets.HBox([row.box for row in self._rows])
        row.add_class("nnvis-row")
        self._choice: SampleChoice | None = None
        if self.source.scenery.sample_count:
            self._choice_box = None
            self._choice = self._make_choice()
            return [*(self._choice.widgets if self._choice else []), row]
        self._choice_box = ipywidgets.VBox()
        return [self._choice_box, row]

    def _make_choice(self) -> SampleChoice | None:
        assert self.source is not None
        scenery = self.source.scenery
        return SampleChoice(scenery, self.gaze.sample, weakly(self._choose)) if scenery.sample_count > 1 else None

    def _offer_choice(self) -> None:
        """Of a stream there are no samples to choose from before its first batch."""
        if self._choice_box is not None and self._choice is None:
            self._choice = self._make_choice()
            if self._choice is not None:
                own(*self._choice.widgets)
                self._choice_box.children = self._choice.widgets

    def _chosen_layers(self) -> list[Layer]:
        assert self.source is not None
        layers = self._by_name
        if self._names is not None:
            return [layers.find(name) for name in self._names]
        shown = [layer for layer in layers.measured if layer.output_shape and self._shape_of(layer)]
        shown = [layer for layer in shown if not (layer.is_function or _repeats(layer))]
        self._left_out = max(0, len(shown) - MOST_LAYERS)
        if self._left_out:
            shown = [*shown[: MOST_LAYERS - 1], shown[-1]]
        return shown

    def _shape_of(self, layer: Layer) -> tuple[int, ...]:
        assert self.source is not None
        latest = self.source.run.latest
        measured = {} if latest is None else latest.tensors
        sizes = [values.size for key, values in measured.items() if key[:2] == ("activation", layer.id)]
        return output_shape(layer, next(iter(sizes), 0))

    def _row(self, number: int, layer: Layer) -> ActivationRow:
        assert self.source is not None
        graph, scenery, shape = self.source.graph, self.source.scenery, self._shape_of(layer)
        image = scenery.image_shape or (None if scenery.feature_names else square(shape))
        is_input = layer.id in graph.inputs
        if is_input and image is not None and prod(image) == prod(shape):
            shape = image
        return ActivationRow(
            layer,
            shape,
            is_input,
            self._is_output(layer),
            scenery.task.is_share,
            self.height_px,
            weakly(self._read, number),
            weakly(self._pick, number),
        )

    def _is_output(self, layer: Layer) -> bool:
        assert self.source is not None
        outputs, structure = self.source.graph.outputs, self.source.structure
        return any(layer.id in (one, *same_output(structure, one)) for one in outputs)

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        self._offer_choice()
        bad = [0, 0]
        for row in self._rows:
            row.measure(snapshot, self.gaze.sample)
            if row.values is None:
                row.show_nothing(self._why(row, snapshot))
                continue
            bad[0] += int(np.isnan(row.values).sum())
            bad[1] += int(np.isinf(row.values).sum())
            names = self._class_names(row) if row.is_probability else ()
            row.paint(self.gaze.look.selection, names, is_locked=self.gaze.step is not None)
        if self._choice is not None:
            self._choice.show(sample_index(self.source, self.gaze.sample))
        verdict, words = self._verdict()
        sample = sample_name(self.source, self.gaze.sample)
        left_out = getattr(self, "_left_out", 0)
        more = say("moreNotDrawn", count=left_out) if left_out else ""
        parts = [verdict, self._reading_text(), more]
        if not self.source.scenery.sample_count and not any(row.values is not None for row in self._rows):
            parts.append(say("noSampleToLook"))
        note = not_finite(*bad) + " · ".join(filter(None, parts))
        when = say("comma").join(filter(None, [self.title, sample, self._when(snapshot)]))
        self._say(sample, note, say("gap").join([say("sentence", text=when), words, self._in_words()]), snapshot)

    def _why(self, row: ActivationRow, snapshot: Snapshot | None) -> str:
        assert self.source is not None
        if snapshot is not None and self.gaze.sample not in snapshot.samples:
            return say(
                "sampleNotMeasured", sample=sample_name(self.source, self.gaze.sample), moment=self._when(snapshot)
            )
        return row.missing

    def _class_names(self, row: ActivationRow) -> list[str]:
        """Of the bars: the output's classes or labels, else the numbers of the units."""
        assert self.source is not None
        scenery, count = self.source.scenery, row.shape[-1]
        names = list(scenery.names) if row.is_output else []
        if count == 1 and scenery.task.kind == "one_of_two":
            names = names[1:] if len(names) == 2 else ["1"]
        return names if len(names) == count else [str(index) for index in range(count)]

    def _verdict(self) -> tuple[str, str]:
        """What the model says, and whether that is right: HTML and plain words."""
        assert self.source is not None
        rows = [row for row in self._rows if row.is_output]
        if len(rows) != 1 or len(self.source.graph.outputs) != 1 or rows[0].values is None:
            return "", ""
        scenery, values = self.source.scenery, rows[0].values
        target = scenery.target(sample_index(self.source, self.gaze.sample))
        verdict = judge(scenery.task, values, target, scenery.names)
        truth = "" if scenery.task.has_classes else truth_text(scenery.task, values.size, target, scenery.names)
        said = say("nameIs", name=verdict.verb, value=verdict.predicted) if verdict.predicted else verdict.verb
        look = {"good": "nnvis-good", "bad": "nnvis-bad", "plain": ""}[verdict.tone]
        words = f'<span class="{look}">{text(verdict.words)}</span>' if verdict.words else ""
        spoken = say("comma").join(filter(None, [verdict.text, truth]))
        return " · ".join(filter(None, [text(said), words, text(truth)])), say(
            "sentence", text=f"{spoken[:1].upper()}{spoken[1:]}"
        )

    def _in_words(self) -> str:
        said = [words for row in self._rows if (words := row.words())]
        if not self._rows:
            return say("nothingIsDrawn")
        return say("sentence", text=say("semicolon").join(said)) if said else say("nothingMeasured")

    def _reading_text(self) -> str:
        if self._reading is None:
            return ""
        number, row, column = self._reading
        return self._rows[number].reading(row, column)

    def _read(self, number: int, row: int, column: int) -> None:
        self._reading = (number, row, column)
        self._redraw_soon()

    def _choose(self, index: int) -> None:
        self.gaze.sample = index

    def _pick(self, number: int, row: int, column: int) -> None:
        chosen = self._rows[number]
        unit = chosen.unit_at(row, column)
        if unit is not None:
            self.gaze.selection = {"layer": chosen.layer.id, "unit": unit}


def _repeats(layer: Layer) -> bool:
    """Whether a layer shows what the layer before it shows: in inference dropout and noise do nothing."""
    is_idle = layer.role == "elementwise" and layer.activation is None and not layer.parameters
    return layer.role == "reshape" or is_idle
