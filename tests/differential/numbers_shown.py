"""Is every number of a frame what the model does? Each is computed once more, another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from nnvis_widget.stream.frame import Frame, Section

from .reference import Reference, is_plain_dense

MOST_UNITS, MOST_STROKES = 4_096, 4_000
LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "huber": keras.losses.Huber,
    "poisson": keras.losses.Poisson,
    "hinge": keras.losses.Hinge,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
}


class Numbers:
    """Holds a frame against a reference.

    Args:
        frame: Of edges `gradient`.
        graph: As the page has it.
        reference: The model, computed plainly.
        sample: Whose numbers these are.
        tolerance: Relative to the largest number of a tensor.
    """

    def __init__(
        self, frame: Frame, graph: dict[str, Any], reference: Reference, sample: int, tolerance: float
    ) -> None:
        self.frame, self.graph, self.reference, self.sample = frame, graph, reference, sample
        self.tolerance = tolerance
        # Of layers of one name at several depths it is not known here which is which.
        self.names = {
            layer["id"]: layer["name"] for layer in graph["layers"] if len(reference.named(layer["name"])) <= 1
        }
        self.outermost = _operations(reference.model)

    def faults(self, y: Any) -> Iterator[str]:
        yield from self._outputs()
        yield from self._activations()
        yield from self._pre_activations()
        yield from self._parameters()
        yield from self._gradients(y)
        yield from self._links_of_the_unit()
        yield from self._scalars()

    def operation(self, layer: str) -> Any:
        """The layer or operation of the reference with this id; `None` for an input."""
        name = self.names.get(layer, "")
        return self.outermost.get(name, next(iter(self.reference.named(name)), None))

    @property
    def _samples(self) -> np.ndarray:
        return self.reference.outputs[0]

    def _sections(self, *quantities: str) -> list[Section]:
        return [one for one in self.frame.sections if one.quantity in quantities and one.layer in self.names]

    def _outputs(self) -> Iterator[str]:
        for layer, output in zip(self.graph["outputs"], self.reference.outputs, strict=False):
            section = self.frame.find("activation", layer)
            yield from self._compared(f"the output {self.names.get(layer)}", section, output[self.sample])

    def _activations(self) -> Iterator[str]:
        for layer, name in self.names.items():
            section, operation = self.frame.find("activation", layer), self.operation(layer)
            if layer in self.graph["inputs"]:
                yield from self._input(layer, section)
                continue
            calls = self.reference.calls_of(operation)  # of several the first is shown
            is_single = name in self.outermost or (len(calls) == 1 and len(calls[0].put_out) == len(self._samples))
            if calls and is_single and calls[0].put_out.shape[1] <= MOST_UNITS:
                yield from self._compared(f"the activation of {name}", section, calls[0].put_out[self.sample])
            elif section is not None:
                yield f"shown: an activation of {name}, which is {'called several times' if calls else 'never called'}"

    def _input(self, layer: str, section: Section | None) -> Iterator[str]:
        x = self.reference.x
        given = x.get(self.names[layer]) if isinstance(x, dict) else None
        if given is None:
            given = keras.tree.flatten(x)[self.graph["inputs"].index(layer)]
        yield from self._compared(f"the input {self.names[layer]}", section, given[self.sample])

    def _pre_activations(self) -> Iterator[str]:
        shown = {section.layer: section for section in self._sections("z")}
        for layer, name in self.names.items():
            operation, section = self.operation(layer), shown.get(layer)
            calls = self.reference.calls_of(operation)
            is_plain = is_plain_dense(operation) and bool(calls)
            if section is None:
                if is_plain and operation.activation is not keras.activations.linear:
                    yield f"shown: no z of {name}"
                continue
            if not calls or not isinstance(operation, keras.layers.Dense):
                yield f"shown: a z of {name}"
                continue
            z = _z(operation, calls[0].given)[self.sample]
            yield from self._compared(f"z of {name}", section, z)
            z = np.where(_overflows(z), np.asarray(section.values, np.float64).reshape(z.shape), z)
            units = z.reshape(1, -1, operation.units).astype("float32")  # a softmax is one for each place
            put_out = keras.ops.convert_to_numpy(operation.activation(units))
            yield from self._compared(f"activation(z) of {name}", self.frame.find("activation", layer), put_out)

    def _parameters(self) -> Iterator[str]:
        for section in self._sections("weight"):
            own = _named(self.operation(section.layer), section.name)
            if own is None:
                yield f"shown: {section.name} of {self.names[section.layer]}, which has none"
            else:
                what = f"{section.name} of {self.names[section.layer]}"
                yield from self._compared(what, section, _values(own), shape=own.shape)
        for layer, name in self.names.items():
            operation = self.operation(layer)
            is_drawn = is_plain_dense(operation) and np.prod(operation.kernel.shape) <= MOST_STROKES
            if is_drawn and self.frame.find("weight", layer, "kernel") is None:
                yield f"shown: no kernel of {name}"

    def _gradients(self, y: Any) -> Iterator[str]:
        model = self.reference.model
        shown = {section.layer: section for section in self._sections("gradient")}
        is_told = len(self.reference.outputs) == 1
        dense = {
            layer: operation
            for layer in self.names
            if is_plain_dense(operation := self.operation(layer)) and operation.trainable
        }
        if not is_told:
            if shown:
                yield f"shown: gradients of {sorted(shown)}"
            return
        kernels = [operation.kernel for operation in dense.values()]
        for layer, right in zip(dense, self.reference.gradient_of_loss(_loss(model), y, kernels), strict=True):
            section = shown.pop(layer, None)
            if section is None and right is not None and self._is_told_by_map(layer, right):
                continue
            if right is not None:
                yield from self._compared(f"the gradient of {self.names[layer]}", section, right, 10 * self.tolerance)
            elif section is not None:
                yield f"shown: a gradient of {self.names[layer]}, which the loss does not reach"
        for layer in shown:
            if not isinstance(self.operation(layer), keras.layers.Dense) or not self.operation(layer).trainable:
                yield f"shown: a gradient of {self.names[layer]}"

    def _is_told_by_map(self, layer: str, gradient: np.ndarray) -> bool:
        """Whether a large kernel behind maps is told by a norm for each map: all norms together are that of it."""
        section = self.frame.find("map_link", layer, "gradient")
        if section is None or gradient.size <= MOST_STROKES:
            return False
        norms = np.asarray(section.values, np.float64)
        return bool(np.isclose(np.sqrt((norms**2).sum()), np.linalg.norm(gradient), rtol=1e-3, atol=1e-6))

    def _links_of_the_unit(self) -> Iterator[str]:
        for section in self._sections("incoming"):
            own = self.operation(section.layer).kernel
            if section.name == "weight":
                right = _values(own)[:, section.attributes["unit"]]
                yield from self._compared(f"links into {self.names[section.layer]}", section, right)
        for section in self._sections("outgoing"):
            right = _values(self.operation(section.layer).kernel)[section.attributes["unit"]]
            yield from self._compared(f"links out to {self.names[section.layer]}", section, right)
        for section in self._sections("z_histogram"):
            yield from self._histogram(section)

    def _histogram(self, section: Section) -> Iterator[str]:
        name, calls = self.names[section.layer], self.reference.calls_of(self.operation(section.layer))
        if len(calls) != 1:
            return
        has_z = self.frame.find("z", section.layer) is not None
        rows = _z(self.operation(section.layer), calls[0].given) if has_z else calls[0].put_out
        values = rows[:, section.attributes["unit"]]
        if section.attributes["count"] != len(values) or section.values.sum() != np.isfinite(values).sum():
            yield f"shown: {section.values.sum()} values of {name} in bins, {len(values)} are there"
        if np.ptp(values) > 1e-3 * (1 + np.abs(values).max()):
            ends = np.array([section.attributes["lo"], section.attributes["hi"]])
            yield from self._compared(f"the range of {name}", ends, np.array([values.min(), values.max()]))

    def _scalars(self) -> Iterator[str]:
        rates = self.frame.find("hyperparameters")
        names = self.frame.header["hyperparameter_names"]
        if "learning_rate" in names and rates is not None:
            right = _values(self.reference.model.optimizer.learning_rate)
            yield from self._compared("the learning rate", rates.values[names.index("learning_rate")], right)

    def _compared(
        self, what: str, shown: Any, right: np.ndarray, tolerance: float = 0.0, shape: Any = None
    ) -> Iterator[str]:
        if shown is None:
            yield f"shown: nothing for {what}"
            return
        values = np.asarray(getattr(shown, "values", shown), np.float64)
        right = np.asarray(right, np.float64)
        if values.size != right.size or (shape is not None and values.shape != tuple(shape)):
            yield f"shown: {values.shape} numbers for {what}, there are {right.shape}"
            return
        values, right = values.ravel(), right.ravel()
        right = np.where(_overflows(right) & ~np.isfinite(values), values, right)
        if not np.isfinite(right).all():  # what a backend makes of it in between, such as 0 of a softmax, is not told
            right = np.where(np.isnan(values), np.nan, right)
        finite = np.abs(right[np.isfinite(right)])
        limit = (tolerance or self.tolerance) * (0.1 + (finite.max() if finite.size else 0))
        if not np.allclose(values, right, rtol=0, atol=limit, equal_nan=True):
            yield f"shown: {what} as {values[:6]}, it is {right[:6]}"


def _operations(model: Any) -> dict[str, Any]:
    if isinstance(model, keras.Sequential):
        return {layer.name: layer for layer in model.layers}
    if hasattr(model, "operations"):
        return {operation.name: operation for operation in model.operations}
    return {model.name: model}


def _named(operation: Any, name: str) -> Any:
    """The one variable of a layer with this name."""
    found = [variable for variable in getattr(operation, "weights", ()) if variable.name == name]
    return found[0] if len(found) == 1 else None


def _overflows(values: np.ndarray) -> np.ndarray:
    """What no float32 can be: there the order of a sum decides which infinity, or NaN, it is."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(~np.isfinite(values.astype(np.float32)))


def _z(layer: Any, given: np.ndarray) -> np.ndarray:
    z = given @ _values(layer.kernel)
    z = z if layer.bias is None else z + _values(layer.bias)
    return z.reshape(len(z), -1)


def _values(variable: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(variable), np.float64)


def _loss(model: Any) -> Any:
    loss = model.loss
    if isinstance(loss, keras.losses.Loss):
        return loss
    return LOSSES[loss]() if isinstance(loss, str) else lambda y, outputs: keras.ops.mean(loss(y, outputs))
