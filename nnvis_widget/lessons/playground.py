"""A network of one's own making, in one line."""

from __future__ import annotations

from typing import Any

import ipywidgets

from nnvis_widget.lessons.choices import Choices
from nnvis_widget.lessons.workshop import Workshop
from nnvis_widget.training.trainer import Trainer
from nnvis_widget.widgets.controls import Controls
from nnvis_widget.widgets.network_view import NetworkView

SAMPLES = 400
BATCH_SIZE = 32
# Beside the view as narrow as may be; above it, under 1,000 px, as wide as the page.
SIDE = {"flex": "1 1 300px", "min_width": "0"}
VIEW = {"flex": "999 1 684px", "min_width": "0"}


class Playground(Workshop):
    """A network that learns to tell two kinds of points apart, with its choices and controls beside it.

    Attributes:
        view: The `NetworkView`.
        controls: The `Controls` of the network that is shown.
        trainer: Its training.
    """

    def __init__(self, data: str, height: int) -> None:
        self._height = height
        super().__init__(Choices(data, SAMPLES, BATCH_SIZE, self._rebuild, self._is_untrained))

    def _parts(self) -> list[Any]:
        self.view = NetworkView(self.trainer, height=self._height, layout=VIEW)
        self.controls = Controls(self.trainer)
        bench = ipywidgets.Box([self.choices.box(self.back), self.controls])
        bench.add_class("nnvis-bench")
        side = ipywidgets.Box([bench], layout=SIDE)
        side.add_class("nnvis-side")
        return [ipywidgets.Box([side, self.view], layout={"flex_flow": "row wrap", "grid_gap": "16px"})]

    @property
    def _controls(self) -> Controls:
        return self.controls

    def _show(self, trainer: Trainer) -> None:
        self.view.source = trainer
        self.controls.trainer = trainer

    def _leave(self) -> None:
        self.controls.close()
        self.view.close()


def playground(data: str = "moons", *, height: int = 680) -> Playground:
    """Open a playground: choose the data, the layers and the units, press Train, turn the learning rate meanwhile.

    Args:
        data: `moons`, `circles`, `xor`, `spiral` or `gaussians`.
        height: Of the network with its header, legend and timeline: pixels, 360 to 1,200.

    Raises:
        DataError: If there is no such data set.

    Example:
        >>> nv.playground("spiral")
    """
    return Playground(data, height)
