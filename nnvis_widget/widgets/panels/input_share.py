"""What each input of a network gives to its prediction."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_percent, safe_text
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.shown_output import shows_one_output
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.panels.figures.bars import MOST_BARS, Bars
from nnvis_widget.widgets.panels.figures.legend import line_key
from nnvis_widget.widgets.panels.figures.share_lines import MOST_LINES, ShareLines
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.over_time import MOST_STEPS, OverTime, thinned
from nnvis_widget.widgets.weakly import weakly

WAYS = ("ablation", "gradient")


class InputShare(Panel):
    """What each input of a network with several gives to its prediction, in two ways, now and over the training; live.

    Both are of the first 128 samples (16 at least of a network whose pass takes more than 10**9 products): how far the
    shown output moves, on their mean, as a share of that of all inputs. The shown output is that of the class a sample
    is told to be, beside the mean of all classes, before a softmax or sigmoid; or the only number.

    - By ablation: the input is replaced by its mean over the samples, or, where its numbers have none (tokens,
      categories, texts), by what other samples bring. What only two inputs together tell counts for both.
    - By gradient × input: |Σ slope · input|, of tokens over the vectors that they are looked up as. A straight line
      from 0: where the network is not straight it says too much or too little.

    They are measured with each snapshot while the panel is seen: a forward pass for each input, four of one without a
    mean, and one back.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        data: Samples for a plain model, as for `NetworkView`; targets are not needed.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If the network has one input, or no single output that a sample is judged by.

    Example:
        >>> nv.InputShare(several)
    """

    title_key = "inputSharePanel"
    meaning_key = "inputShareMeaning"

    def __init__(self, source: Any, *, data: Any = None, height: int = 240, linked: bool = True, **traits: Any) -> None:
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """A row for each kept snapshot that is drawn and input: step, input, its two shares, from 0 to 1, and effects.

        `ablation` and `gradient` are shares, `ablation_effect` and `gradient_effect` how far the shown output moves.
        NaN where it was not measured.
        """
        import pandas as pd

        with self._up_to_date():
            steps, effects = self._effects_of
            flat = {name: numbers.reshape(-1, 2) for name, numbers in (("", _shares(effects)), ("_effect", effects))}
            columns = {f"{way}{name}": one[:, at] for name, one in flat.items() for at, way in enumerate(WAYS)}
            rows = {"step": np.repeat(steps, len(self._inputs)), "input": self._names * len(steps)}
            return pd.DataFrame({**rows, **columns})

    @classmethod
    def suits(cls, structure: NetworkStructure) -> bool:
        """Whether it has several inputs."""
        return len(structure.inputs) > 1

    def _find_subject(self) -> Any:
        assert self.source is not None
        return super()._find_subject(), self.source.scenery.task

    def _build(self) -> list[Any]:
        assert self.source is not None
        self._inputs = _inputs_of(self.source.graph, self.source.scenery.task)
        self._names = [layer.name for layer in self._inputs]
        self._over_time = OverTime(weakly(self._effects))
        self._effects_of = np.zeros(0, np.int64), np.zeros((0, len(self._inputs), 2))
        self._bars = [Bars(self.height_px) for _ in WAYS]
        self._lines = ShareLines(min(MOST_LINES, len(self._inputs)), self.height_px)
        self._body_labels = Labels()
        parts = [
            ("takenAway", self._bars[0].figure, "1 1 220px"),
            ("slopeTimesInput", self._bars[1].figure, "1 1 220px"),
            ("sharesOverTraining", self._lines.plot.figure, "2 1 300px"),
        ]
        boxes = []
        for key, figure, flex in parts:
            head = self._body_labels.put(ipywidgets.HTML(), value=partial(_head, key))
            boxes.append(ipywidgets.VBox([head, figure], layout={"flex": flex, "min_width": "0"}))
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row]

    def _wants(self) -> Iterable[Want]:
        yield Want("input_share")

    def _effects(self, snapshot: Snapshot) -> np.ndarray | None:
        """`(inputs, 2)`; `None` where nothing was measured."""
        found = np.full((len(self._inputs), 2), np.nan)
        for row, layer in enumerate(self._inputs):
            for column, way in enumerate(WAYS):
                value = snapshot.tensors.get(TensorKey("input_share", layer.id, way))
                if value is not None:
                    found[row, column] = value[0]
        return None if np.isnan(found).all() else found

    def _draw(self, snapshot: Snapshot | None) -> None:
        assert self.source is not None
        steps, effects = self._over_time.look(self.source.run)
        self._effects_of = steps, np.array(effects).reshape(-1, len(self._inputs), 2)
        now = None if snapshot is None else self._effects(snapshot)
        shares = _shares(np.full((1, len(self._inputs), 2), np.nan) if now is None else now[None])[0]
        for column, bars in enumerate(self._bars):
            bars.show(shares[:MOST_BARS, column], self._names[:MOST_BARS])
        drawn = _shares(self._effects_of[1])[:, :MOST_LINES]
        self._lines.show(steps, drawn, self._names[:MOST_LINES], self.gaze.step, self._clock)
        self._tell(snapshot, None if now is None else shares)

    def _tell(self, snapshot: Snapshot | None, shares: np.ndarray | None) -> None:
        assert self.source is not None
        if shares is None:
            self._say("", say("sharesNotMeasured"), at=snapshot)
            return
        said = [self._listed(key, shares[:, column]) for column, key in enumerate(("takenAway", "slopeTimesInput"))]
        caveats = [say("ablationCaveat"), say("slopeCaveat")]
        notes = [*caveats]
        if len(self._inputs) > MOST_LINES:
            notes.append(say("firstInputsDrawn", bars=min(MOST_BARS, len(self._inputs)), lines=MOST_LINES))
        kept, drawn = self.source.run.kept_count, len(self._effects_of[0])
        is_thinned = kept > MOST_STEPS or drawn == kept
        notes.append(thinned(drawn, self.source.run) if is_thinned else say("measuredAt", drawn=drawn, kept=kept))
        keys = line_key(say("takenAway"), "ink") + line_key(say("slopeTimesInput"), "ink", is_dashed=True)
        words = say("sharesAre", moment=self._when(snapshot), list=say("semicolon").join(said))
        self._say("", f"{text(' '.join(filter(None, notes)))} {keys}", " ".join([words, *caveats]), snapshot)

    def _listed(self, key: str, shares: np.ndarray) -> str:
        if np.isnan(shares).all():
            return say("nameIs", name=say(key), value=say("notMeasured"))
        order = np.argsort(np.where(np.isnan(shares), -1, -shares), kind="stable")
        parts = [f"{safe_text(self._names[one])} {format_percent(float(shares[one]))}" for one in order.tolist()]
        return say("nameIs", name=say(key), value=say("comma").join(parts))


def _inputs_of(graph: Any, task: Any) -> list[Layer]:
    if len(graph.inputs) < 2:
        raise ModelError(
            f"Expected a network with several inputs, got {len(graph.inputs)}: the only input has all of the share."
        )
    if not shows_one_output(graph, task):
        shapes = ", ".join(str(graph.layer(layer).output_shape) for layer in graph.outputs)
        raise ModelError(
            f"Expected one output that a sample is judged by (classes, labels or a number), got {shapes}. "
            "Compile the model with its loss, so that its outputs have a meaning."
        )
    return [graph.layer(layer) for layer in graph.inputs]


def _shares(effects: np.ndarray) -> np.ndarray:
    """Of `(n, inputs, 2)` each as its part of all; NaN where these are 0, or one was not measured."""
    totals = effects.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(totals > 0, effects / totals, np.nan))


def _head(key: str) -> str:
    return f'<div class="nnvis-head">{say(key)}</div>'
