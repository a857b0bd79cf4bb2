"""A network of one's own making with everything about it on one page, in one line."""

from __future__ import annotations

from typing import Any

from nnvis_widget.dashboard.dashboard import Dashboard
from nnvis_widget.lessons.choices import Choices
from nnvis_widget.lessons.workshop import Workshop
from nnvis_widget.training.trainer import Trainer
from nnvis_widget.widgets.controls import Controls

SAMPLES = 240
BATCH_SIZE = 16


class DashboardDemo(Workshop):
    """A `Dashboard` of a network that learns to tell two kinds of points apart, with its choices above.

    Attributes:
        dashboard: The `Dashboard`.
        trainer: The training that it shows.
    """

    def __init__(self, data: str) -> None:
        super().__init__(Choices(data, SAMPLES, BATCH_SIZE, self._rebuild, self._is_untrained))

    def _parts(self) -> list[Any]:
        self.dashboard = Dashboard(self.trainer)
        return [self.choices.box(self.back), self.dashboard]

    @property
    def _controls(self) -> Controls | None:
        return self.dashboard.controls

    def _show(self, trainer: Trainer) -> None:
        self.dashboard.source = trainer

    def _leave(self) -> None:
        self.dashboard.close()


def dashboard_demo(data: str = "moons") -> DashboardDemo:
    """Open a dashboard of a network of one's own making.

    Args:
        data: `moons`, `circles`, `xor`, `spiral` or `gaussians`.

    Raises:
        DataError: If there is no such data set.

    Example:
        >>> nv.dashboard_demo()
    """
    return DashboardDemo(data)
