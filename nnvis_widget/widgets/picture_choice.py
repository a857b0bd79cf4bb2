"""One of several data sets, chosen by a picture of its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from nnvis_widget.core.dataset import Dataset
from nnvis_widget.widgets.gate import admit_choice
from nnvis_widget.widgets.pad import Pad

MOST_POINTS = 120


class PictureChoice(Pad):
    """A group of radio buttons with small pictures, drawn from the data themselves.

    Args:
        options: `(name that is shown, value)` of each, as for ipywidgets' `Dropdown`.
        value: The one that is chosen first.

    Attributes:
        value: The chosen one.
        description: What is chosen here.
    """

    options = traitlets.List(traitlets.Tuple(traitlets.Unicode(), traitlets.Unicode())).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    counts = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, options: Any, value: str, **traits: Any) -> None:
        super().__init__(pad="pictures", options=list(options), value=value, **traits)

    @traitlets.validate("value")
    def _check_value(self, proposal: Any) -> Any:
        known = [value for _, value in self.options]
        if proposal["value"] not in known:
            raise traitlets.TraitError(f"Expected one of {', '.join(known)}, got value={proposal['value']!r}.")
        return proposal["value"]

    def show(self, points: Mapping[str, np.ndarray]) -> None:
        """Draw the pictures anew, of up to 120 points each; an option without any says that it is to be drawn.

        Args:
            points: By the value of its option `(n, 3)`: x and y from -1 to 1, and the class.
        """
        parts = [_thinned(points.get(value, np.zeros((0, 3)))) for _, value in self.options]
        with self.hold_sync():
            self.counts = [len(part) for part in parts]
            self.drawing = np.concatenate(parts).astype("<f4").tobytes()

    def _is_drawing(self, data: bytes) -> bool:
        return False

    def _hear(self, content: object) -> None:
        index = admit_choice(content, len(self.options))
        if index is not None:
            self.value = self.options[index][1]


def rows_of(data: Dataset) -> np.ndarray:
    """The points of data in the plane, as `PictureChoice.show` takes them."""
    inputs = np.concatenate([data.inputs, data.validation_inputs])
    targets = np.concatenate([data.targets, data.validation_targets])
    return np.column_stack([inputs / (float(np.abs(inputs).max()) or 1.0), targets])


def _thinned(rows: np.ndarray) -> np.ndarray:
    return rows[np.unique(np.linspace(0, len(rows) - 1, MOST_POINTS).astype(int))] if len(rows) else rows
