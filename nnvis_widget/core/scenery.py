"""The samples a model is looked at with, and their names: what does not change while it trains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnvis_widget.core.drawings import Drawings, is_drawn
from nnvis_widget.core.task import UNKNOWN, Task
from nnvis_widget.core.token_words import token_name

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scenery:
    """The samples a model is looked at with.

    Attributes:
        inputs: One array per model input, in the model's order, samples first; empty when no data is known. Numbers,
            texts, or objects: rows of different lengths.
        targets: Samples first, or `None`.
        validation_inputs: Like `inputs`; may be empty.
        validation_targets: Like `targets`.
        feature_names: One per feature of a flat input; may be empty.
        class_names: One per class; may be empty.
        task: What the outputs of the model mean, beside these samples.
        declared: What the data says of itself, `classification` or `regression`; `None` where it says nothing.
        image_shape: `(height, width)` where a flat input is a picture.
        sample_rate: Steps a second where the inputs are sound.
        structure: How a person nested the inputs: places in `inputs`; `None` for a single one or a list.
        sample_weights: How much each sample counts in the loss, aligned with `targets`; `None` where all count alike.
        several_targets: Where there are several, all as a person nested them; else `None`.
        several_weights: Of the samples beside several targets: one array for all, or nested alike; or `None`.
        token_names: What the tokens of an input are called, by its layer's id and the token's number.
        drawings: Samples beside the data, without targets.
    """

    inputs: tuple[np.ndarray, ...] = ()
    targets: np.ndarray | None = None
    validation_inputs: tuple[np.ndarray, ...] = ()
    validation_targets: np.ndarray | None = None
    feature_names: Sequence[str] = ()
    class_names: Sequence[str] = ()
    task: Task = UNKNOWN
    declared: str | None = None
    image_shape: tuple[int, int] | None = None
    sample_rate: float | None = None
    structure: Any = None
    sample_weights: np.ndarray | None = None
    several_targets: Any = None
    several_weights: Any = None
    token_names: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False, repr=False)
    drawings: Drawings = field(default_factory=Drawings, compare=False, repr=False)

    @property
    def names(self) -> Sequence[str]:
        """Of the classes or labels: as given, else what their targets say; may be empty."""
        return self.class_names or self.task.class_names

    @property
    def all_targets(self) -> Any:
        """What is to come out, of one output or of several; `None` where it is not known."""
        return self.several_targets if self.targets is None else self.targets

    @property
    def all_weights(self) -> Any:
        """How much each sample counts beside these targets; `None` where all count alike."""
        return self.several_weights if self.targets is None else self.sample_weights

    @property
    def sample_count(self) -> int:
        """How many samples can be chosen."""
        return len(self.inputs[0]) if self.inputs else 0

    @property
    def is_plane(self) -> bool:
        """Whether the input is one pair of numbers, so that outputs can be drawn over a plane."""
        return len(self.inputs) == 1 and self.inputs[0].shape[1:] == (2,) and self.inputs[0].dtype.kind in "fiub"

    @property
    def extent(self) -> Extent | None:
        """`x0, x1, y0, y1` of a square around the finite points of the input plane, a tenth wider than they are."""
        if not self.is_plane:
            return None
        points = np.asarray(self.inputs[0], np.float64)
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return (-1.0, 1.0, -1.0, 1.0)
        low, high = points.min(axis=0), points.max(axis=0)
        half = max(float((high - low).max()) * 0.55, 1e-6)
        x, y = (low + high) / 2
        return (float(x) - half, float(x) + half, float(y) - half, float(y) + half)

    def tokens(self, layer: str, numbers: Iterable[float]) -> list[str] | None:
        """What tokens are called, empty where a number has no name; `None` where none of that input has one."""
        names = self.token_names.get(layer)
        if names is None:
            return None
        return [token_name(one, names) for one in numbers]

    def texts(self, place: int, sample: int) -> list[str]:
        """The texts that a sample brings to the input at a place; none of an input of other things."""
        array = self.inputs[place] if place < len(self.inputs) else None
        if array is None or is_drawn(sample) or not len(array) or array.dtype.kind not in "OSUT":
            return []
        own = np.asarray(array[sample % len(array)], object).reshape(-1).tolist()
        return [one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in own]

    def batch(self, indices: Sequence[int]) -> tuple[np.ndarray, ...]:
        """The inputs of some samples; indices beyond the data wrap around.

        Raises:
            DataError: If one of them is a drawing that is no longer kept.
        """
        rows = [0 if is_drawn(index) else index % self.sample_count for index in indices]
        batch = tuple(array[rows] for array in self.inputs)
        for row, index in enumerate(indices):
            for array, drawn in zip(batch, self.drawings.of(index) if is_drawn(index) else (), strict=False):
                array[row] = drawn
        return batch

    def target(self, index: int) -> np.ndarray | None:
        """What is to come out for a sample, flat; `None` where it is not known, or no numbers."""
        if self.targets is None or not self.sample_count or is_drawn(index):
            return None
        target = np.asarray(self.targets[index % self.sample_count])
        return target.reshape(-1).astype(np.float64) if target.dtype.kind in "fiub" else None
