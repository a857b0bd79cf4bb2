"""Which classes a classifier takes for which, and how well it tells each over the training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.number_text import format_percent
from nnvis_widget.core.snapshot import Snapshot, TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.reduce.axis_ticks import index_ticks
from nnvis_widget.reduce.confusion import Confusion, confuse
from nnvis_widget.reduce.kernel_sheet import MOST_ROWS, Ticks
from nnvis_widget.widgets.panels.figures.bars import MOST_BARS, Bars
from nnvis_widget.widgets.panels.figures.class_lines import ClassLines
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.panels.figures.legend import line_key, ramp_legend
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.figures.text_width import CHARACTER_PX, width_px
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.find_classes import find_classes
from nnvis_widget.widgets.panels.reading.over_time import MOST_STEPS, OverTime, thinned
from nnvis_widget.widgets.panels.reading.selected import selected_unit
from nnvis_widget.widgets.weakly import weakly

MOST_NAMED = 16
LONGEST_NAME = 12
WIDTH_PX = 240
OF_WHOM = {"validation": "validationSamples", "sample": "plainSamples"}


class ConfusionMatrix(Panel):
    """Which classes a classifier takes for which, and the accuracy of each class over the training; live.

    A row is a true class, a column the predicted one; the colour is the share of the row, the cells of the diagonal are
    right. Up to 12 classes have their counts in the cells; more than fit as cells are counted in blocks, which is said.
    A cell under the pointer, or clicked, is read out; a click chooses the unit of its true class.

    Predictions are those of the validation samples, or of the samples of the source where there are none: the first
    2,048, or fewer (64 at least) for a network of more than 500,000 products of a weight and an input a sample, which
    is said. They are measured with each snapshot while the panel lives, in inference mode, and count as watching, so
    that the training keeps its share of the time: 1,797 samples of a 784-64-10 network take as long as three calls of
    its `train_on_batch`, and 7 kB a snapshot.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel. Loss, output and
            targets must say that it tells one of several, or one of two, classes.
        data: Samples with their true classes, `(x, y)`, for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200. A file gets the matrix.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If the network is no classifier.
        DataError: If there are no true classes.

    Example:
        >>> nv.ConfusionMatrix(trainer)
        >>> nv.ConfusionMatrix(model, data=(x_test, y_test))
    """

    title_key = "confusionPanel"
    meaning_key = "confusionMeaning"

    def __init__(self, source: Any, *, data: Any = None, height: int = 240, linked: bool = True, **traits: Any) -> None:
        self._reading: tuple[int, int] | None = None
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    def table(self) -> Any:
        """The counts: a row for each true class, a column for each predicted class."""
        import pandas as pd

        with self._up_to_date():
            names = self._classes.names
            counts = np.zeros((len(names),) * 2, np.int64) if self._now is None else self._now.counts
            frame = pd.DataFrame(counts, index=list(names), columns=list(names))
            return frame.rename_axis(index="true", columns="predicted")

    def accuracies(self) -> Any:
        """The lines: a row for each kept snapshot that is drawn, a column for each class and `all`, from 0 to 1."""
        import pandas as pd

        with self._up_to_date():
            steps, shares = self._lines_of
            return pd.DataFrame(shares, columns=[*self._classes.names, "all"], index=steps).rename_axis("step")

    def _find_subject(self) -> Any:
        assert self.source is not None
        return super()._find_subject(), self.source.scenery.task, self.source.scenery.class_names

    def _build(self) -> list[Any]:
        assert self.source is not None
        self._classes = find_classes(self.source)
        self._over_time = OverTime(weakly(self._shares))
        self._now: Confusion | None = None
        self._lines_of = np.zeros(0, np.int64), np.zeros((0, len(self._classes.names) + 1))
        self._matrix = HeatMap(self.height_px, weakly(self._read), weakly(self._pick), has_diagonal=True)
        self._lines = ClassLines(self.height_px)
        bars = Bars(self.height_px) if len(self._classes.names) <= MOST_BARS else None
        self._bars = bars
        self._heads = [ipywidgets.HTML() for _ in range(3)]
        parts = [(self._matrix.figure, "1 1 280px"), (self._lines.plot.figure, "2 1 300px")]
        if bars is not None:
            parts.insert(1, (bars.figure, "1 1 180px"))
        boxes = []
        for head, (figure, flex) in zip(self._heads, parts, strict=False):
            figure.layout.width = "100%"
            boxes.append(ipywidgets.VBox([head, figure], layout={"flex": flex, "min_width": "0"}))
        row = ipywidgets.HBox(boxes)
        row.add_class("nnvis-row")
        return [row]

    def _wants(self) -> Iterable[Want]:
        yield Want("predictions")

    def _confusion(self, snapshot: Snapshot | None) -> tuple[Confusion | None, str]:
        """Of a snapshot, and whose samples they are."""
        for whose in OF_WHOM:
            pairs = (
                None
                if snapshot is None
                else snapshot.tensors.get(TensorKey("predictions", self._classes.layer.id, whose))
            )
            if pairs is not None and pairs.shape[1:] > (0,):
                return confuse(pairs[0], pairs[1], len(self._classes.names)), whose
        return None, "sample"

    def _shares(self, snapshot: Snapshot) -> np.ndarray | None:
        found = self._confusion(snapshot)[0]
        return None if found is None or not found.total else np.append(found.accuracies, found.accuracy)

    def _draw(self, snapshot: Snapshot | None) -> None:
        self._now, whose = self._confusion(snapshot)
        assert self.source is not None
        steps, shares = self._over_time.look(self.source.run)
        self._lines_of = steps, np.array(shares).reshape(-1, len(self._classes.names) + 1)
        worst = [] if self._now is None else self._now.worst.tolist()
        drawn = self._lines.show(
            *self._lines_of, worst, self._chosen(), self._classes.names, self.gaze.step, self._clock
        )
        self._draw_matrix()
        if self._bars is not None:
            shown = np.full(len(self._classes.names), np.nan) if self._now is None else self._now.accuracies
            self._bars.show(shown, self._classes.names)
        self._tell(snapshot, whose, drawn)

    def _chosen(self) -> int | None:
        count = len(self._classes.names)
        return selected_unit(self.gaze.look.selection, self._classes.layer, count) if self._classes.has_units else None

    def _draw_matrix(self) -> None:
        found, most = self._now, self._most_cells()
        if found is None:
            self._matrix.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0, "magnitude", write=None)
            return
        counts, totals, edges = found.blocks(most)
        shares = counts / np.maximum(totals, 1)[:, None]
        is_there = np.broadcast_to(totals[:, None] > 0, shares.shape)
        rows, columns = self._ticks(edges)
        chosen, ring = self._chosen(), None
        if chosen is not None:
            row = int(np.searchsorted(edges, chosen, "right")) - 1
            ring = (row, 0, row + 1, len(totals))
        self._matrix.show(shares, is_there, 1.0, "magnitude", rows, columns, ring, lambda count: f"{count:.0f}", counts)

    def _most_cells(self) -> int:
        return min(MOST_ROWS, max(12, (self.height_px - 26) // 2))

    def _ticks(self, edges: np.ndarray) -> tuple[Ticks, Ticks]:
        """Names of the classes where there is room, else their indices."""
        names = self._classes.names
        indices = tuple(index_ticks(edges, 0))
        if len(names) > MOST_NAMED:
            return indices, indices
        rows = tuple((place + 0.5, name[:LONGEST_NAME]) for place, name in enumerate(names))
        widest = max(width_px(name) for _, name in rows)
        if len(names) * (widest + CHARACTER_PX) <= WIDTH_PX:
            return rows, rows
        numbered = tuple((place, f"{index} {name}") for index, (place, name) in enumerate(rows))
        return numbered, indices

    def _read(self, row: int, column: int) -> None:
        with self._lock:
            self._reading = (row, column)
            snapshot = self._snapshot()
            self._tell(snapshot, self._confusion(snapshot)[1], self._drawn)

    def _pick(self, row: int, column: int) -> None:
        if self._now is not None and self._classes.has_units:
            true = int(self._now.blocks(self._most_cells())[2][row])
            self.gaze.selection = {"layer": self._classes.layer.id, "unit": true}

    def _cell_text(self, row: int, column: int) -> str:
        """Plain: what a cell counts, exactly."""
        if self._now is None:
            return ""
        counts, totals, edges = self._now.blocks(self._most_cells())
        if row >= len(totals) or column >= len(totals):
            return ""
        true, predicted = (self._span_text(edges[place], edges[place + 1]) for place in (row, column))
        return say(
            "trueCell",
            true=true,
            predicted=predicted,
            part=f"{counts[row, column]:,}",
            all=f"{totals[row]:,}",
        )

    def _span_text(self, first: int, end: int) -> str:
        names = self._classes.names
        return names[first] if end - first == 1 else f"{names[first]}–{names[end - 1]}"

    def _tell(self, snapshot: Snapshot | None, whose: str, drawn: int) -> None:
        assert self.source is not None
        self._drawn, found, classes = drawn, self._now, self._classes
        if found is None or not found.total:
            here, there = ("noSampleOfClasses", "noSampleOfClassesAt")
            if found is None:
                here, there = ("predictionsNotMeasured", "predictionsNotMeasuredAt")
            why = say(here) if snapshot is None else say(there, moment=self._when(snapshot))
            self._say("", why, at=snapshot)
            return
        measured = found.total + found.unknown
        whom = say(OF_WHOM[whose], count=measured)
        if measured < classes.sample_count:
            samples = say(OF_WHOM[whose], count=classes.sample_count)
            whom = say("theFirstOf", measured=f"{measured:,}", samples=samples)
        share = format_percent(found.accuracy)
        said = [say("rightShare", share=share, right=f"{found.right:,}", all=f"{found.total:,}")]
        worst = int(found.worst[0])
        share = format_percent(float(found.accuracies[worst]))
        said.append(say("worstClass", name=classes.names[worst], share=share))
        bad = []
        if found.unpredicted:
            bad.append(say("withoutPrediction", samples=say("plainSamples", count=found.unpredicted)))
        if found.unknown:
            bad.append(say("withNoClass", samples=say("plainSamples", count=found.unknown)))
        reading = "" if self._reading is None else self._cell_text(*self._reading)
        pair = found.most_confused
        most = ""
        if pair is not None:
            true, predicted = (classes.names[one] for one in pair)
            part, every = f"{found.counts[pair]:,}", f"{found.totals[pair[0]]:,}"
            cell = say("trueCell", true=true, predicted=predicted, part=part, all=every)
            most = say("mostOftenWrong", cell=cell)
        notes = [*said, reading or most, self._drawn_text(len(self._lines_of[0]))]
        if drawn < len(found.worst):
            notes.append(say("linesOf", drawn=drawn, classes=len(found.worst)))
        keys = line_key(say("allClasses"), "ink", is_dashed=True) + line_key(say("worstKey"), "warn")
        chosen = self._chosen()
        if chosen is not None:
            keys += line_key(text(classes.names[chosen]), "info")
        keys += ramp_legend(say("shareOfRow"), 1, "magnitude")
        alarm = f'<span class="nnvis-bad">▲ {say("semicolon").join(bad)}</span> · ' if bad else ""
        words = say("semicolon").join(filter(None, [*said, most, *bad]))
        self._say(
            whom,
            f"{alarm}{text(' · '.join(filter(None, notes)))} {keys}",
            say("confusionOf", samples=whom, moment=self._when(snapshot), list=words),
            snapshot,
        )
        self._set_heads(found)

    def _drawn_text(self, drawn: int) -> str:
        assert self.source is not None
        kept = self.source.run.kept_count
        is_thinned = kept > MOST_STEPS or drawn == kept
        return thinned(drawn, self.source.run) if is_thinned else say("measuredAt", drawn=drawn, kept=kept)

    def _set_heads(self, found: Confusion) -> None:
        size = int(np.diff(found.blocks(self._most_cells())[2]).max())
        reduced = say("sumsOfClasses", size=size) if size > 1 else ""
        heads = [say("rowsTrue") + reduced]
        heads += [say("rightOfEach")] * (self._bars is not None) + [say("rightOverTraining")]
        for head, said in zip(self._heads, heads, strict=False):
            value = f'<div class="nnvis-head">{said}</div>'
            if head.value != value:
                head.value = value
