"""What a network of the lessons is given of a point: its two numbers, and what is computed of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from nnvis_widget.errors import ModelError

FEATURES: Mapping[str, Callable[[Any, Any], Any]] = {
    "x₁": lambda x1, x2: x1,
    "x₂": lambda x1, x2: x2,
    "x₁²": lambda x1, x2: keras.ops.square(x1),
    "x₂²": lambda x1, x2: keras.ops.square(x2),
    "x₁x₂": lambda x1, x2: keras.ops.multiply(x1, x2),
    "sin x₁": lambda x1, x2: keras.ops.sin(x1),
    "sin x₂": lambda x1, x2: keras.ops.sin(x2),
}
AS_GIVEN = ("x₁", "x₂")


@keras.saving.register_keras_serializable("nnvis_widget")
class Features(keras.layers.Layer):
    """Computes features of points in the plane, `(samples, 2)` to `(samples, features)`; without weights.

    Args:
        features: Keys of `FEATURES`, each once. They cannot be changed: what the layer did at a kept step is what it
            does now.

    Raises:
        ModelError: If one is not known, comes twice, or there is none.
    """

    def __init__(self, features: Sequence[str], **of_every_layer: Any) -> None:
        names = tuple(features)
        if not names or len(set(names)) < len(names) or not set(names) <= set(FEATURES):
            raise ModelError(
                f"Expected some of {', '.join(FEATURES)}, each once, got {features!r}. Choose at least one."
            )
        super().__init__(**of_every_layer)
        self._names = names

    @property
    def unit_names(self) -> tuple[str, ...]:
        """What its units are called."""
        return tuple(self._names)

    def call(self, points: Any) -> Any:
        """The features of some points."""
        x1, x2 = points[..., 0], points[..., 1]
        return keras.ops.stack([FEATURES[name](x1, x2) for name in self._names], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """A number a feature."""
        return (*input_shape[:-1], len(self._names))

    def get_config(self) -> dict[str, Any]:
        """What makes it anew."""
        return {**super().get_config(), "features": list(self._names)}
