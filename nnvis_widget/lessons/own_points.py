"""Points of a person's own as the data of a lesson."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import numpy as np

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.point_pad import EXTENT, LEAST, PointPad

NAME = "Your own"
AT_THE_LEFT = {"width": "auto", "align_self": "flex-start"}
WHOLE_ROW = {"grid_area": "auto / 1 / auto / -1", "display": "none"}


class OwnPoints:
    """A pad, made when it is first shown, and a button that makes what is drawn the data.

    While nothing has been trained, whoever draws wants to see the points in the network, and nothing is lost: they
    become the data with each stroke. A stroke is too small an act to end a training with, and too easily a slip:
    after one the data stay as they are until the button is pressed, or something else builds the network anew.

    Args:
        drawn: Called after each stroke.
        use: Called when a person says so.

    Attributes:
        box: The pad with its button; hidden at first.
        pad: The pad, or `None` before it was shown.
        data: What is drawn, or `None` while there are too few points; another object after each stroke.
        button: Makes the drawing the data; off where it is, or cannot be.
        message: Why it is off, or why it is needed.
    """

    def __init__(self, drawn: Callable[[], None], use: Callable[[], None]) -> None:
        self._drawn = drawn
        self.pad: PointPad | None = None
        self.data: Dataset | None = None
        self._labels = Labels()
        self.button = ipywidgets.Button(icon="check", layout=AT_THE_LEFT)
        self._labels.put(self.button, description="trainOnPoints")
        self.message = ipywidgets.Label(layout={"min_height": "28px"})
        self.message.add_class("nnvis-message")
        self.button.on_click(lambda _: self.data is None or use())
        self.box = ipywidgets.VBox([self.button, self.message], layout=WHOLE_ROW)
        self.tell(None)

    @property
    def rows(self) -> np.ndarray:
        """`(n, 3)`: x₁ and x₂ of each point from -1 to 1, and its class."""
        if self.pad is None:
            return np.zeros((0, 3))
        return np.column_stack([self.pad.points / EXTENT, self.pad.classes])

    def show(self, is_shown: bool) -> None:
        """Show the pad, or hide it with what is drawn on it."""
        if is_shown and self.pad is None:
            self.pad = PointPad()
            self.pad.observe(lambda _: self._take(), "drawing")
            self.box.children = [self.pad, self.button, self.message]
        self.box.layout.display = None if is_shown else "none"

    def tell(self, used: Dataset | None) -> None:
        """Say how the drawing stands to the data that the network has."""
        self.button.disabled = self.data is None or self.data is used
        if self.data is None:
            lacking = say("noPoints") if self.pad is None else self.pad.lacking
            self.message.value = say("pointsNeeded", least=LEAST, lacking=lacking)
        else:
            count = len(self.data.inputs) + len(self.data.validation_inputs)
            told = "pointsAreData" if self.data is used else "pointsWait"
            self.message.value = say(told, count=count)

    def _take(self) -> None:
        if self.pad is not None:
            self.data = None if self.pad.lacking else self.pad.dataset()
            self._drawn()
