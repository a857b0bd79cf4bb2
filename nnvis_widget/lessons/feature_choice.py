"""Choosing what a network is given of a point."""

from __future__ import annotations

import ipywidgets

from nnvis_widget.core.words.say import say
from nnvis_widget.lessons.features import AS_GIVEN, FEATURES
from nnvis_widget.widgets.controls import LABEL_WIDTH
from nnvis_widget.widgets.labels import Labels


class FeatureChoice:
    """A box to tick for each feature, several at once; the last that is ticked stays so.

    Attributes:
        boxes: One a feature, by its name, in the order of `FEATURES`.
        row: All of them behind their label.
    """

    def __init__(self) -> None:
        layout = {"width": "auto", "margin": "2px 6px 2px 0"}
        self.boxes = {
            name: ipywidgets.Checkbox(name in AS_GIVEN, description=name, indent=False, layout=layout)
            for name in FEATURES
        }
        self._labels = Labels()
        label = self._labels.put(
            ipywidgets.Label(layout={"width": LABEL_WIDTH, "flex": "0 0 auto"}), value="featuresChoice"
        )
        ticks = ipywidgets.Box([*self.boxes.values()], layout={"flex_flow": "row wrap", "flex": "1 1 0"})
        self.row = ipywidgets.HBox([label, ticks], layout={"width": "auto"})
        self.row.add_class("nnvis-features")
        for box in self.boxes.values():
            box.observe(lambda _: self._keep_one(), "value")

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the ticked ones."""
        return tuple(name for name, box in self.boxes.items() if box.value)

    def _keep_one(self) -> None:
        ticked = [box for box in self.boxes.values() if box.value]
        for box in self.boxes.values():
            is_last = len(ticked) == 1 and box is ticked[0]
            box.disabled, box.tooltip = is_last, say("lastFeature") if is_last else None
