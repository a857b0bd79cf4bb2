"""What a person moves at training curves: which metric on which axis, and the playhead by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from nnvis_widget.widgets.labels import Labels

PLACES = 1000


class MetricChoice:
    """Which metric is drawn, and whether its axis is logarithmic.

    Args:
        metric: The one drawn first.
        is_log: Whether the axis is logarithmic at first.
        on_metric: Called with the metric that a person chose.
        on_log: Called with the axis that a person chose.
    """

    def __init__(
        self, metric: str, is_log: bool, on_metric: Callable[[str], None], on_log: Callable[[bool], None]
    ) -> None:
        self._is_setting = False
        self._on_metric, self._on_log = on_metric, on_log
        self._choice = ipywidgets.Dropdown(
            options=[metric],
            layout={"flex": "1 1 112px", "width": "auto", "max_width": "240px"},
            style={"description_width": "auto"},
        )
        self._labels = Labels()
        self._labels.put(self._choice, description="metricChoice")
        self.scale = self._labels.put(ipywidgets.Checkbox(value=is_log, indent=False), description="logScale")
        self.scale.layout.width = "auto"
        self._choice.observe(self._on_choice, "value")
        self.scale.observe(self._on_scale, "value")
        self.row = ipywidgets.HBox([self._choice, self.scale])
        self.row.add_class("nnvis-row")

    def offer(self, names: list[str], metric: str) -> None:
        """Offer other metrics, one of them drawn."""
        if metric not in names:
            names = [metric, *names]
        if list(self._choice.options) != names or self._choice.value != metric:
            self._is_setting = True
            self._choice.options = names
            self._choice.value = metric
            self._is_setting = False
        self._choice.layout.display = None if len(names) > 1 else "none"

    def set_log(self, is_log: bool) -> None:
        """Show which axis is drawn."""
        if self.scale.value != is_log:
            self._is_setting = True
            self.scale.value = is_log
            self._is_setting = False

    def _on_choice(self, change: Any) -> None:
        if not self._is_setting and change["new"]:
            self._on_metric(change["new"])

    def _on_scale(self, change: Any) -> None:
        if not self._is_setting:
            self._on_log(bool(change["new"]))


class TimeSlider:
    """The playhead as a slider, and the way back to the training.

    The slider is a share of the training, so that nothing is sent while that goes on, and writes only when it is let
    go: a page sends back what it was told, late (ipywidgets 8.1.9), and that would be a seek that nobody asked for.

    Args:
        on_step: Called with the step that a person chose; `None` for following the training, which the right end does.
    """

    def __init__(self, on_step: Callable[[int | None], None]) -> None:
        self._on_step = on_step
        self._last = 0
        self._is_setting = False
        self.slider = ipywidgets.IntSlider(
            value=PLACES,
            min=0,
            max=PLACES,
            readout=False,
            continuous_update=False,
            layout={"flex": "1 1 160px"},
            style={"description_width": "auto"},
        )
        self.live = ipywidgets.Button(layout={"width": "88px", "height": "28px"})
        self._labels = Labels()
        self._labels.put(self.slider, description="timeChoice")
        self._labels.put(self.live, description="goLiveButton", tooltip="followTraining")
        self.slider.observe(self._on_slider, "value")
        self.live.on_click(lambda _: on_step(None))
        self.row = ipywidgets.HBox([self.slider, self.live])
        self.row.add_class("nnvis-row")
        self.row.add_class("nnvis-time")

    def show(self, step: int | None, last: int) -> None:
        """Show where the playhead is, of a training that is at step `last`."""
        self._last = last
        self._is_setting = True
        self.slider.value = PLACES if step is None else round(PLACES * min(step, last) / max(1, last))
        self._is_setting = False
        self.live.disabled = step is None

    def _on_slider(self, change: Any) -> None:
        if not self._is_setting:
            place = int(change["new"])
            self._on_step(None if place == PLACES else round(place * self._last / PLACES))
