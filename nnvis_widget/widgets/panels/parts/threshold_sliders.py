"""The thresholds of one rule as sliders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log10
from typing import Any

import ipywidgets

from nnvis_widget.core.words.findings import rule_name
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.panels.parts.trial_row import put

MOST = 4
DECADES = 1.5
"""As far as a slider goes from what the rule itself holds against, up and down."""


class ThresholdSliders:
    """A choice of a rule, a slider for each of its thresholds, and the way back to its own ones.

    Args:
        rules: By name the thresholds of each rule, with their own values.
        on_set: Called with name and value when a slider is let go; `None` for the rule's own.
    """

    def __init__(self, rules: Mapping[str, Mapping[str, float]], on_set: Callable[[str, float | None], None]) -> None:
        self._rules = {rule: thresholds for rule, thresholds in rules.items() if thresholds}
        self._on_set = on_set
        self._is_setting = False
        self._values: Mapping[str, float] = {}
        self._labels = Labels()
        self._choice = ipywidgets.Dropdown(
            options=[("", "")], layout={"width": "auto", "max_width": "320px"}, style={"description_width": "auto"}
        )
        self._labels.put(self._choice, description="thresholdsOf")
        self._choice.observe(lambda _: self._show(), "value")
        self.sliders = [self._slider() for _ in range(MOST)]
        self.own = self._labels.put(
            ipywidgets.Button(layout={"width": "auto", "flex": "0 0 auto"}), description="ownThresholds"
        )
        self.own.on_click(lambda _: self._reset())
        row = ipywidgets.HBox([self._choice, self.own])
        row.add_class("nnvis-row")
        self.box = ipywidgets.VBox([row, *self.sliders])
        self.box.add_class("nnvis-thresholds")

    @property
    def rule(self) -> str:
        """The rule whose thresholds are shown."""
        return str(self._choice.value)

    @rule.setter
    def rule(self, name: str) -> None:
        if name in self._rules:
            self._choice.value = name

    def show(self, values: Mapping[str, float], found: Sequence[str]) -> None:
        """Show the thresholds in force; at first those of the first rule that has found something."""
        self._values = values
        put(self.box.layout, "display", None)
        options = [(rule_name(rule), rule) for rule in self._rules]
        if list(self._choice.options) != options:
            known = self.rule or next((rule for rule in found if rule in self._rules), "dead_relu")
            self._is_setting = True
            self._choice.options = options
            self._choice.value = known
            self._is_setting = False
        self._show()

    def hide(self) -> None:
        """There is nothing to be judged anew."""
        put(self.box.layout, "display", "none")

    def _slider(self) -> Any:
        slider = ipywidgets.FloatLogSlider(
            1.0,
            continuous_update=False,
            readout_format=".3g",
            layout={"width": "100%", "min_width": "0", "display": "none"},
            style={"description_width": "160px"},
        )
        slider.observe(lambda change: self._on_change(slider, change["new"]), "value")
        return slider

    def _show(self) -> None:
        thresholds = self._rules.get(self.rule, {})
        names = list(thresholds)
        self._is_setting = True
        for place, slider in enumerate(self.sliders):
            name = names[place] if place < len(names) else None
            with slider.hold_trait_notifications():
                if name is not None:
                    low, high = _ends(thresholds[name])
                    if slider.max < low:
                        slider.max, slider.min = high, low
                    else:
                        slider.min, slider.max = low, high
                    slider.value = self._values.get(name, thresholds[name])
                    slider.description = name
            put(slider.layout, "display", "none" if name is None else None)
        self._is_setting = False
        self.own.disabled = all(self._values.get(name, own) == own for name, own in thresholds.items())

    def _on_change(self, slider: Any, value: float) -> None:
        if not self._is_setting:
            self._on_set(slider.description, value)

    def _reset(self) -> None:
        for name in self._rules.get(self.rule, {}):
            self._on_set(name, None)


def _ends(own: float) -> tuple[float, float]:
    """Powers of ten between which a slider goes."""
    middle = log10(own)
    return middle - DECADES, middle + DECADES
