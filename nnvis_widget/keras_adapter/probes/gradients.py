"""Gradients of the loss of a fixed probe batch."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want, Wants
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.links import LargeKernel, large_kernels, links_of_units, reduced
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.probes.probe_batch import probe_batch
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.slopes import slopes
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.kernel_groups import RAW_LIMIT
from nnvis_widget.reduce.moments import moments


class GradientProbe:
    """`gradient`: differentiates the model's own compiled loss on the first 128 samples (or on one batch of the size
    that the model insists on), each with its weight, in inference mode.

    Neither weights, optimiser, random state nor metrics are changed. Nothing is returned of a model that is not
    compiled or has no targets. Of more than two million elements only their sums over bundles, or their moments, are
    kept.
    """

    name = "gradients"

    def __init__(self) -> None:
        self._gradients: Any = None
        self._variables: dict[tuple[str, str], Any] = {}
        self._large: dict[str, LargeKernel] = {}

    def answers(self, want: Want) -> bool:
        """`gradient` at any grain."""
        return want.quantity == "gradient"

    def measure(self, wants: Wants, forward: Forward) -> Tensors:
        """Float32 gradients by variable, shaped like it; a variable that the loss does not reach is left out."""
        batch = probe_batch(forward)
        if batch is None:
            return {}
        if self._gradients is None:
            self._build(forward)
        values = self._gradients(batch) if self._variables else []
        tensors: Tensors = {}
        for (layer, name), value in zip(self._variables, values, strict=True):
            asked = frozenset(want for want in wants if want.is_of(layer))
            if value is None or not asked:
                continue
            gradient = to_numpy(value)
            if any(want.grain == "moments" for want in asked):
                tensors[TensorKey("moments", layer, f"gradient {name}")] = moments([gradient])[0]
            large = self._large.get(layer) if name == "kernel" else None
            is_whole = any(want.grain == "whole" and want.unit is None for want in asked)
            if large is not None:
                if any(want.grain != "moments" and want.unit is None for want in asked):
                    has_top = any(want.grain == "top" for want in asked)
                    tensors |= reduced(gradient, large.groups, layer, "gradient", has_top)
                tensors |= links_of_units(gradient, layer, (), "gradient", asked)
            elif is_whole and gradient.size <= RAW_LIMIT:
                tensors[TensorKey("gradient", layer, name)] = np.array(gradient, dtype=np.float32)
        return tensors

    def _build(self, forward: Forward) -> None:
        self._large = large_kernels(forward)
        self._variables = {
            (layer, name): variable
            for layer, operation in forward.operations.items()
            if not isinstance(operation, keras.Model)
            for name, variable in named_variables(operation).items()
            if variable.trainable
        }
        self._gradients = slopes(forward, list(self._variables.values()))
