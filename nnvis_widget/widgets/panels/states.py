"""What a recurrent layer keeps from step to step, and how far its gates are open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
import numpy as np

from nnvis_widget.core.anatomy import SERIES
from nnvis_widget.core.graph import Layer
from nnvis_widget.core.number_text import format_number, format_percent
from nnvis_widget.core.ramps import RampName
from nnvis_widget.core.snapshot import Snapshot
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.want import Want
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.reduce.axis_ticks import index_ticks
from nnvis_widget.reduce.state_pictures import MOST_STEPS, MOST_UNITS, gate_shares, means_of_read, series_range
from nnvis_widget.reduce.tiles import block_boundaries
from nnvis_widget.widgets.panels.figures.heat_map import HeatMap
from nnvis_widget.widgets.panels.figures.legend import ramp_legend
from nnvis_widget.widgets.panels.figures.style import text
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.reading.over_sequence import (
    OverSequence,
    is_untold,
    over_sequence,
    series_name,
    written,
)
from nnvis_widget.widgets.panels.reading.selected import follow_fitting, selected_unit
from nnvis_widget.widgets.panels.reading.shown_sample import sample_name, why_unmeasured
from nnvis_widget.widgets.weakly import weakly


class StatePanel(Panel):
    """The states and gates of a recurrent layer at each time step, for the chosen sample; live while the model trains.

    A row is a unit, a column a time step, in the order in which the layer reads them; a masked one is left empty. Below
    stand how far the gates are open and, at the chosen time step, all states and gates of the chosen unit. A cell under
    the pointer is read out exactly; a click chooses unit and time step everywhere. Of more than 64 units or 128 time
    steps a cell is the mean of a block, which is said.

    Args:
        source: A Keras model, a `Trainer`, a `Run`, a `NetworkView` or another panel.
        layer: The name or path of a `SimpleRNN`, `LSTM` or `GRU`; `None` or `"selected"` for the one that is selected,
            which is the first until one is.
        series: What is drawn first: `h`, of an LSTM `c`, or a gate: `input`, `forget`, `cell` (the candidate) and
            `output` of an LSTM, `update`, `reset` and `new` (the candidate) of a GRU.
        data: Samples for a plain model, as for `NetworkView`.
        height: Pixels of the picture, 120 to 1,200.
        linked: Whether step, selection and sample are those of all that shows this source, or its own.

    Raises:
        ModelError: If there is no such layer or series.

    Example:
        >>> nv.StatePanel(transformer)
        >>> nv.StatePanel(transformer, "read", series="forget")
    """

    title_key = "statePanel"
    meaning_key = "stateMeaning"

    def __init__(
        self,
        source: Any,
        layer: str | None = None,
        *,
        series: str = "h",
        data: Any = None,
        height: int = 240,
        linked: bool = True,
        **traits: Any,
    ) -> None:
        self._layer_name = layer
        self._reading: tuple[int, int] | None = None
        self._series = _checked(series)
        super().__init__(source, data=data, height=height, linked=linked, **traits)

    @property
    def series(self) -> str:
        """Which state or gate is drawn; of a layer that has no such gate its state `h`."""
        return self._series

    @series.setter
    def series(self, value: str) -> None:
        self._series = _checked(value)
        self._redraw_soon()

    def table(self) -> Any:
        """Every state and gate: a row for each time step of each unit, with the place that it reads and the series.

        `place` is −1 at a masked time step, whose gates are NaN.
        """
        import pandas as pd

        with self._up_to_date():
            found = self._found
            if found is None:
                return pd.DataFrame({"unit": [], "time_step": [], "place": []})
            units, steps = np.indices(next(iter(found.series.values())).T.shape).reshape(2, -1)
            frame = pd.DataFrame({"unit": units, "time_step": steps, "place": found.places[steps]})
            return frame.assign(**{name: values.T.reshape(-1) for name, values in found.series.items()})

    @classmethod
    def suits(cls, structure: NetworkStructure) -> bool:
        """Whether one of its layers is recurrent."""
        return any(_recurs(card) for card in structure.cards)

    def _build(self) -> list[Any]:
        self._followed = follow_fitting(self._by_name, self._layer_name, _recurs, _no_states)
        self._layer: Layer = self._followed.find(self.gaze.look.selection)
        self._found: OverSequence | None = None
        self._is_setting = False
        self._choice = ipywidgets.Dropdown(layout={"width": "180px", "height": "28px"})
        self._choice.observe(self._on_choice, "value")
        self._map = HeatMap(self.height_px, weakly(self._read), weakly(self._pick))
        return [self._choice, self._map.figure]

    def _wants(self) -> Iterable[Want]:
        look = self.gaze.look
        yield Want("state", self._followed.find(look.selection).id, sample=look.sample)

    def _draw(self, snapshot: Snapshot | None) -> None:
        look = self.gaze.look
        self._layer = self._followed.find(look.selection)
        self._found = None if snapshot is None else over_sequence(snapshot, self._layer.id, look.sample)
        if self._found is None:
            self._map.show(np.zeros((2, 2)), np.zeros((2, 2), bool), 1.0, write=None)
            self._offer(())
            self._say(f"{text(self._layer.name)} · {self._why(snapshot)}", at=snapshot)
            return
        series = self._found.series
        self._offer(tuple(series))
        shown = self._shown_series()
        values = series[shown]
        cells = means_of_read(values, self._found.is_read)
        low, limit = series_range(values[self._found.is_read], shown)
        ramp_name: RampName = "value" if low < 0 else "magnitude"
        ticks = [tuple(index_ticks(edges, 0)) for edges in self._edges()]
        self._map.show(
            cells,
            np.isfinite(cells),
            limit,
            ramp_name,
            ticks[0],
            ticks[1],
            self._ring(),
            lambda value: written(shown, value),
        )
        self._tell(snapshot, shown, ramp_legend(series_name(shown), limit, ramp_name))

    def _shown_series(self) -> str:
        assert self._found is not None
        return self._series if self._series in self._found.series else "h"

    def _offer(self, names: tuple[str, ...]) -> None:
        self._is_setting = True
        options = [(series_name(name), name) for name in names]
        if tuple(options) != tuple(self._choice.options):
            self._choice.options = options
        self._choice.description = ""
        if names:
            self._choice.value = self._shown_series()
        self._choice.layout.display = None if len(names) > 1 else "none"
        self._is_setting = False

    def _edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the blocks of units and time steps begin that a cell stands for, and the end."""
        assert self._found is not None
        steps, units = self._found.series["h"].shape
        return block_boundaries(units, MOST_UNITS), block_boundaries(steps, MOST_STEPS)

    def _ring(self) -> tuple[int, int, int, int] | None:
        """Around the chosen unit, at the chosen time step where there is one."""
        units, steps = self._edges()
        unit, step = self._chosen()
        if unit is None:
            return None
        row = int(np.searchsorted(units, unit, "right")) - 1
        if step is None:
            return row, 0, row + 1, len(steps) - 1
        column = int(np.searchsorted(steps, step, "right")) - 1
        return row, column, row + 1, column + 1

    def _chosen(self) -> tuple[int | None, int | None]:
        assert self._found is not None
        selection = self.gaze.look.selection
        steps, units = self._found.series["h"].shape
        unit = selected_unit(selection, self._layer, units)
        step = None if unit is None or selection.place is None else selection.place[1]
        return unit, step if step is None or step < steps else None

    def _tell(self, snapshot: Snapshot | None, shown: str, legend: str) -> None:
        assert self._found is not None
        assert self.source is not None
        steps, units = self._found.series["h"].shape
        sample = sample_name(self.source, self.gaze.sample)
        said = [*self._at_step(), *self._gates()]
        masked = int((~self._found.is_read).sum())
        if masked:
            said.append(say("stepsMasked", count=masked))
        if units > MOST_UNITS or steps > MOST_STEPS:
            said.append(say("meansOverBlocks"))
        if len(self._layer.gates) and not set(self._layer.gates) & set(self._found.series):
            said.append(say("gatesUntold"))
        reading = self._cell_text()
        hint = "" if reading else f'<span class="nnvis-hint">{say("pointAtCell")}</span>'
        note = " · ".join([*map(text, filter(None, [reading, *said])), *([hint] if hint else [])])
        name = say("comma").join([self._layer.name, series_name(shown)])
        size = say("unitsBySteps", units=units, steps=steps)
        listed = say("semicolon").join([size, *said])
        words = say(
            "attentionSays", panel=self.title, name=name, sample=sample, moment=self._when(snapshot), list=listed
        )
        self._say(f"{text(self._layer.name)} · {text(sample)}", f"{note} {legend}", words, snapshot)

    def _gates(self) -> list[str]:
        """How far each gate is open, over all units and the time steps that are read."""
        assert self._found is not None
        shares = dict(zip(self._found.series, gate_shares(self._found.series).tolist(), strict=True))
        return [
            say(
                "nameIs",
                name=series_name(name),
                value=say(
                    "gateOpen",
                    mean=format_number(mean),
                    closed=format_percent(closed),
                    open=format_percent(opened),
                ),
            )
            for name, (mean, closed, opened) in shares.items()
            if not np.isnan(mean)
        ]

    def _at_step(self) -> list[str]:
        """All of the chosen unit at the chosen time step."""
        assert self._found is not None
        unit, step = self._chosen()
        if unit is None or step is None:
            return []
        found = [(name, float(values[step, unit])) for name, values in self._found.series.items()]
        list_ = say("comma").join(f"{series_name(name)} {written(name, value)}" for name, value in found)
        return [say("unitAtStep", unit=unit, step=step, list=list_)]

    def _cell_text(self) -> str:
        """What the cell under the pointer holds; empty where there is none."""
        if self._found is None or self._reading is None:
            return ""
        row, column = self._reading
        units, steps = self._edges()
        if row >= len(units) - 1 or column >= len(steps) - 1:
            return ""
        name = self._shown_series()
        block = slice(steps[column], steps[column + 1]), slice(units[row], units[row + 1])
        is_read = self._found.is_read[block[0]]
        values = self._found.series[name][block][is_read]
        place = say("cellOfStates", unit=_span(units, row), step=_span(steps, column))
        if not values.size:
            return say("nameIs", name=place, value=say("maskedStep"))
        return say("nameIs", name=place, value=f"{series_name(name)} {written(name, float(values.mean()))}")

    def _why(self, snapshot: Snapshot | None) -> str:
        assert self.source is not None
        sample = self.gaze.sample
        if snapshot is not None and is_untold(snapshot, self._layer.id, sample):
            return say("statesUntold")
        return why_unmeasured(self.source, snapshot, sample, self._when(snapshot))

    def _on_choice(self, change: Any) -> None:
        if not self._is_setting and change["new"] is not None:
            self.series = str(change["new"])

    def _read(self, row: int, column: int) -> None:
        with self._lock:
            self._reading = (row, column)
        self._redraw_soon()

    def _pick(self, row: int, column: int) -> None:
        if self._found is not None:
            units, steps = self._edges()
            place = [0, int(steps[column])]
            self.gaze.selection = {"layer": self._layer.id, "unit": int(units[row]), "place": place}


def _span(edges: np.ndarray, cell: int) -> str:
    """`3`, or of a block `6–7`."""
    first, last = int(edges[cell]), int(edges[cell + 1]) - 1
    return str(first) if first == last else f"{first}–{last}"


def _recurs(layer: Layer) -> bool:
    return layer.role == "recurrent" and layer.note is None


def _checked(series: str) -> str:
    if series not in SERIES:
        raise ModelError(f"Expected one of {', '.join(map(repr, SERIES))}, got series={series!r}.")
    return series


def _no_states(named: Layer | None, fitting: list[Layer]) -> ModelError:
    if named is None:
        return ModelError(
            "Expected a model with a SimpleRNN, LSTM or GRU that a call runs through once; this one has none."
        )
    known = ", ".join(repr(layer.name) for layer in fitting[:8]) or "none"
    return ModelError(f"Layer {named.name!r} ({named.type}) is not recurrent. Layers that are: {known}.")
