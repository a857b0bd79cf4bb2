"""Points of a person's own as the data of a lesson."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.words.say import say
from nnvis_widget.widgets.labels import Labels
from nnvis_widget.widgets.point_pad import LEAST, PointPad

NAME = "Your own"
AT_THE_LEFT = {"width": "auto", "align_self": "flex-start"}
WHOLE_ROW = {"grid_area": "auto / 1 / auto / -1", "display": "none"}


class OwnPoints:
    """A pad, made when it is first shown, and a button that makes what is drawn the data.

    Args:
        use: Called when a person says so, with what is drawn.

    Attributes:
        box: The pad with its button; hidden at first.
        pad: The pad, or `None` before it was shown.
        button: Makes the drawing the data; off while there are too few points.
        message: Why it is off, or what is trained on.
    """

    def __init__(self, use: Callable[[Dataset], None]) -> None:
        self._use = use
        self.pad: PointPad | None = None
        self._labels = Labels()
        self.button = ipywidgets.Button(icon="check", layout=AT_THE_LEFT)
        self._labels.put(self.button, description="trainOnPoints")
        self.message = ipywidgets.Label(layout={"min_height": "28px"})
        self.message.add_class("nnvis-message")
        self.button.on_click(lambda _: self._press())
        self.box = ipywidgets.VBox([self.button, self.message], layout=WHOLE_ROW)

    def show(self, is_shown: bool) -> None:
        """Show the pad, or hide it with what is drawn on it."""
        if is_shown and self.pad is None:
            self.pad = PointPad()
            self.pad.observe(lambda _: self._say(), "drawing")
            self.box.children = [self.pad, self.button, self.message]
        self.box.layout.display = None if is_shown else "none"
        self._say()

    def _say(self, told: str = "") -> None:
        lacking = say("noPoints") if self.pad is None else self.pad.lacking
        self.button.disabled = lacking is not None
        needed = say("pointsNeeded", least=LEAST, lacking=lacking)
        self.message.value = told if lacking is None else needed

    def _press(self) -> None:
        if self.pad is not None and self.pad.lacking is None:
            data = self.pad.dataset()
            self._use(data)
            self._say(say("trainedOnPoints", count=len(data.inputs) + len(data.validation_inputs)))
