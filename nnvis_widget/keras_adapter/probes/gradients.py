"""Gradients of the loss of a fixed probe batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.probes.activations import fixed_batch_size
from nnvis_widget.keras_adapter.read.parameter_names import named_variables

PROBE_BATCH = 128


class GradientProbe:
    """Differentiates the model's own compiled loss on the first 128 samples (or on one batch of
    the size that the model insists on), in inference mode.

    Neither weights, optimiser, random state nor metrics are changed: metrics that the loss updates on its way are put
    back. Only the TensorFlow backend is measured; elsewhere nothing is returned.

    Args:
        model: A compiled model.
        operations: The Keras layers by id.
        inputs: One array per model input.
        targets: Samples first.
    """

    def __init__(
        self, model: Any, operations: Mapping[str, Any], inputs: Sequence[np.ndarray], targets: np.ndarray
    ) -> None:
        self._model = model
        self._variables = {
            TensorKey("gradient", layer_id, name): variable
            for layer_id, layer in operations.items()
            if not isinstance(layer, keras.Model)
            for name, variable in named_variables(layer).items()
            if variable.trainable
        }
        count = fixed_batch_size(model) or PROBE_BATCH
        self._inputs = [array[:count] for array in inputs]
        self._targets = targets[:count]
        self._gradients: Any = None

    def measure(self) -> dict[TensorKey, np.ndarray]:
        """Float32 gradients by variable, shaped like it; a variable that the loss does not reach is left out."""
        if keras.config.backend() != "tensorflow" or not self._variables:
            return {}
        if self._gradients is None:
            self._gradients = self._build()
        kept = [(variable, variable.numpy()) for variable in self._model.metrics_variables]
        values = self._gradients(self._inputs, self._targets)
        for variable, value in kept:
            variable.assign(value)
        return {
            key: np.array(value, dtype=np.float32)
            for key, value in zip(self._variables, values, strict=True)
            if value is not None
        }

    def _build(self) -> Any:
        import tensorflow as tf

        model, variables = self._model, list(self._variables.values())

        @tf.autograph.experimental.do_not_convert
        def gradients(inputs: Sequence[Any], targets: Any) -> Any:
            x = inputs[0] if len(inputs) == 1 else list(inputs)
            with tf.GradientTape() as tape:
                loss = model.compute_loss(x=x, y=targets, y_pred=model(x, training=False), training=False)
            return [
                None if gradient is None else tf.convert_to_tensor(gradient)
                for gradient in tape.gradient(loss, variables)
            ]

        return tf.function(gradients, reduce_retracing=True)
