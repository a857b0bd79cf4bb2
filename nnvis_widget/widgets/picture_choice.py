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

    def show(self, data: Mapping[str, Dataset | None]) -> None:
        """Draw the pictures anew: of up to 120 points each, by value; none for an option that is not among them."""
        parts = [_rows(data.get(value)) for _, value in self.options]
        with self.hold_sync():
            self.counts = [len(part) for part in parts]
            self.drawing = np.concatenate(parts).astype("<f4").tobytes()

    def _is_drawing(self, data: bytes) -> bool:
        return False

    def _hear(self, content: object) -> None:
        index = admit_choice(content, len(self.options))
        if index is not None:
            self.value = self.options[index][1]


def _rows(data: Dataset | None) -> np.ndarray:
    """`x, y, class` of some points; x and y from -1 to 1."""
    if data is None:
        return np.zeros((0, 3))
    inputs = np.concatenate([data.inputs, data.validation_inputs])
    targets = np.concatenate([data.targets, data.validation_targets])
    places = np.unique(np.linspace(0, len(inputs) - 1, MOST_POINTS).astype(int))
    reach = float(np.abs(inputs).max()) or 1.0
    return np.column_stack([inputs[places] / reach, targets[places]])
