"""Telling what is not finite as not finite, whatever a processor made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.drawings import is_drawn
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.probe_batch import PROBE_BATCH
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.reduce.confusion import NO_CLASS
from nnvis_widget.reduce.moments import Moments
from nnvis_widget.reduce.not_finite import Broken, Spread, layers_behind, spread
from nnvis_widget.reduce.quantize import Quantized, dequantize, quantize

OUTPUTS = {"activation": "activation", "map": "activation", "z": "z"}
ROWS = 64

Tensors = Mapping[TensorKey, np.ndarray]


class NotFinite:
    """Corrects measurements of a model in which some number is not finite: `reduce.not_finite` says how it spreads.

    Args:
        forward: The way through the model.
        graph: Of which layers it tells: the outermost, or every one.

    Attributes:
        name: What it tells, for the report of its failure.
    """

    name = "numbers that are not finite"

    def __init__(self, forward: Forward, graph: NetworkGraph) -> None:
        self._graph, scenery = graph, forward.scenery
        self._ids = {layer.id for layer in graph.layers}
        self._variables = [
            (TensorKey("weight", layer_id, name), variable)
            for layer_id, layer in forward.operations.items()
            if layer_id in self._ids
            for name, variable in named_variables(layer).items()
        ]
        self._gradient_rows = forward.batch_size or PROBE_BATCH
        self._samples = _Samples(scenery.inputs)
        self._validation = _Samples(scenery.validation_inputs)

    def told(self, tensors: Tensors) -> dict[TensorKey, np.ndarray]:
        """Those of the tensors that have to be told otherwise: NaN, or no class, in place of a number.

        Cost where all parameters, inputs and outputs are finite: a sum of each; of a large kernel that of its bundles.
        """
        tensors = {key: values for key, values in tensors.items() if key.layer in self._ids}
        broken = self._broken(tensors)
        told = dict(self._of_samples(tensors, broken))
        batch = _Batch(self._graph, broken)
        lost = self._lost_gradients(batch) if any(map(_is_gradient, tensors)) else set()
        for key, values in tensors.items():
            bad: np.ndarray | None = None
            if key.quantity in ("z_batch", "z_layer"):
                bad = batch.find(self._samples, len(values), key.layer, "z")
                bad = bad if bad is None or key.quantity == "z_layer" else _column(bad, int(key.name))
            elif key.quantity == "predictions":
                samples = self._validation if key.name == "validation" else self._samples
                bad = batch.find(samples, values.shape[1], key.layer)
            elif key.quantity in ("field", "prediction") and broken:
                told |= _without_fields(key, tensors, batch.of_all.outputs[key.layer][0])
            elif key.layer in lost and _is_gradient(key):
                bad = np.ones(1, bool)
            if bad is not None and bad.any():
                told[key] = _without_classes(values, bad) if key.quantity == "predictions" else _without(values, bad)
        return told

    def _broken(self, tensors: Tensors) -> dict[str, dict[str, np.ndarray]]:
        broken: dict[str, dict[str, np.ndarray]] = {}
        for key, variable in self._variables:
            bundles = tensors.get(TensorKey("bundle", key.layer, "weight")) if key.name == "kernel" else None
            moments = tensors.get(TensorKey("moments", key.layer, f"weight {key.name}"))
            if moments is not None and Moments(*moments).is_finite:
                continue
            if bundles is not None and _is_finite(bundles):
                continue
            values = tensors[key] if key in tensors else _on_host(variable)
            if not _is_finite(values):
                broken.setdefault(key.layer, {})[key.name] = values
        return broken

    def _of_samples(self, tensors: Tensors, broken: Broken) -> Iterator[tuple[TensorKey, np.ndarray]]:
        """Outputs of single samples: here the overflow of a layer in between was measured too."""
        by_sample: dict[int, dict[TensorKey, np.ndarray]] = {}
        for key, values in tensors.items():
            if key.quantity in OUTPUTS:
                by_sample.setdefault(key.sample, {})[key] = values
        for sample, measured in by_sample.items():
            masks = self._samples.of_sample(self._graph.inputs, sample)  # of a large model its input may not be held
            if not broken and not masks and all(map(_is_finite, measured.values())):
                continue
            rows = {(OUTPUTS[key.quantity], key.layer): values.reshape(1, -1) for key, values in measured.items()}
            found = spread(self._graph, broken, masks, rows)
            for key, values in measured.items():
                yield key, _without(values, _pick(found, key.layer, OUTPUTS[key.quantity])[0])

    def _lost_gradients(self, batch: _Batch) -> set[str]:
        """Layers whose gradient comes from an output that is not finite, for one sample of the batch at least."""
        found = {layer: batch.find(self._samples, self._gradient_rows, layer) for layer in self._graph.outputs}
        return layers_behind(self._graph, {layer for layer, bad in found.items() if bad is not None and bad.any()})


class _Samples:
    """Where the inputs of many samples are not finite."""

    def __init__(self, inputs: Sequence[np.ndarray]) -> None:
        self._inputs = tuple(inputs)
        self._known: dict[int, np.ndarray] = {}

    def bad_rows(self, count: int) -> np.ndarray:
        """Which of the first samples hold a number that is not finite; cost, once: a sum of them."""
        if count not in self._known:
            bad = [_bad_rows(array[:count]) for array in self._inputs if array.dtype.kind == "f"]
            self._known[count] = np.unique(np.concatenate([*bad, np.zeros(0, int)])).astype(int)
        return self._known[count]

    def of_sample(self, layers: Sequence[str], sample: int) -> dict[str, np.ndarray]:
        """The masks of one sample, counted round; empty where its inputs are finite."""
        count = len(self._inputs[0]) if self._inputs and not is_drawn(sample) else 0
        masks = self.masks(layers, np.array([sample % count])) if count else {}
        return masks if any(mask.any() for mask in masks.values()) else {}

    def masks(self, layers: Sequence[str], rows: np.ndarray) -> dict[str, np.ndarray]:
        """By input id bool `(rows, elements)`."""
        return {
            layer: ~np.isfinite(array[rows].reshape(len(rows), -1))
            for layer, array in zip(layers, self._inputs, strict=False)
            if array.dtype.kind == "f" and len(layers) == len(self._inputs)
        }


class _Batch:
    """What is not finite for many samples, as far as parameters and inputs tell."""

    def __init__(self, graph: NetworkGraph, broken: Broken) -> None:
        self._graph = graph
        self._broken = broken

    @cached_property
    def of_all(self) -> Spread:
        """What the parameters make bad, for one sample as for all."""
        return spread(self._graph, self._broken, {})

    def find(self, samples: _Samples, count: int, layer: str, quantity: str = "activation") -> np.ndarray | None:
        """bool `(count, elements)`; `None` where all is finite."""
        rows = samples.bad_rows(count)
        if not self._broken and not len(rows):
            return None
        bad = np.repeat(_pick(self.of_all, layer, quantity), count, axis=0)
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            found = spread(self._graph, self._broken, samples.masks(self._graph.inputs, part))
            bad[part] = _pick(found, layer, quantity)
        return bad


def _pick(found: Spread, layer: str, quantity: str) -> np.ndarray:
    return found.sums.get(layer, found.outputs[layer]) if quantity == "z" else found.outputs[layer]


def _column(bad: np.ndarray, unit: int) -> np.ndarray:
    return np.asarray(bad[:, unit] if unit < bad.shape[1] else bad.all(axis=1))


def _without(values: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """NaN where a bad number was measured as a finite one."""
    if bad.shape[-1] != values.shape[-1]:
        bad = np.asarray(bad.all(axis=-1, keepdims=True))
    return np.where(bad & np.isfinite(values), np.nan, values).astype(values.dtype)


def _without_classes(pairs: np.ndarray, bad: np.ndarray) -> np.ndarray:
    return np.stack([pairs[0], np.where(bad.any(axis=1), NO_CLASS, pairs[1])]).astype(pairs.dtype)


def _without_fields(key: TensorKey, tensors: Tensors, bad: np.ndarray) -> dict[TensorKey, np.ndarray]:
    codes, ends = tensors[key], TensorKey(f"{key.quantity}_range", key.layer)
    if not codes[bad].any():
        return {}
    low, high = tensors[ends].tolist()
    values = dequantize(Quantized(codes, low, high))
    values[bad] = np.nan
    told = quantize(values)
    return {key: told.codes, ends: np.array([told.low, told.high], np.float32)}


def _is_gradient(key: TensorKey) -> bool:
    return key.quantity == "gradient" or (
        key.quantity in ("bundle", "top", "incoming") and key.name.startswith("gradient")
    )


def _bad_rows(array: np.ndarray) -> np.ndarray:
    flat = array.reshape(len(array), int(np.prod(array.shape[1:])))
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.flatnonzero(~np.isfinite(flat.sum(axis=1)))
    return np.asarray(rows[~np.isfinite(flat[rows]).all(axis=1)])


def _is_finite(values: np.ndarray) -> bool:
    """NaN and infinity stay in a sum, which is read without a copy; where finite numbers overflow, each is asked."""
    if values.dtype.kind not in "fV":
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(values.sum())) or bool(np.isfinite(values).all())


def _on_host(variable: Any) -> np.ndarray:
    """The values where they lie; a copy where they are on a device or of a type that numpy has not."""
    try:
        return np.from_dlpack(keras.ops.stop_gradient(variable))
    except (AttributeError, BufferError, RuntimeError, TypeError, ValueError):
        return to_numpy(variable)
