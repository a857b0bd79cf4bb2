"""Where a panel looks, to be read and written on the panel itself."""

from __future__ import annotations

from typing import Any

from nnvis_widget.run.gaze import Gaze


class Gazing:
    """Something with a gaze, which it shares with all that is made from the same source.

    Attributes:
        gaze: Where it looks.
    """

    gaze: Gaze

    @property
    def step(self) -> int | None:
        """The playhead: a step to look at, or `None` to follow the training; shared."""
        return self.gaze.step

    @step.setter
    def step(self, value: int | None) -> None:
        self.gaze.step = value

    @property
    def selection(self) -> dict[str, Any]:
        """The chosen unit, `{"layer": id, "unit": index}`, a layer as a whole, `{"layer": id}`, or `{}`; shared."""
        return self.gaze.selection

    @selection.setter
    def selection(self, value: dict[str, Any]) -> None:
        self.gaze.selection = value

    @property
    def sample(self) -> int:
        """Index of the sample that is looked at; shared."""
        return self.gaze.sample

    @sample.setter
    def sample(self, value: int) -> None:
        self.gaze.sample = value
