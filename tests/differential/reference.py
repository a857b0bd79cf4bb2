"""What a model that nobody watches does with samples: called eagerly, every call in it written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import numpy as np


class Call(NamedTuple):
    """What went into a layer or an operation, and what came out: the first of each."""

    given: np.ndarray
    put_out: np.ndarray


class Reference:
    """A model in inference mode on all its samples, by `model(x, training=False)` and nothing of ours.

    Args:
        model: A trained model; all its variables are as before afterwards.
        x: Its inputs, as a person has them.

    Attributes:
        outputs: Of the model, flat, samples first.
        inputs: By name of the input; empty where inputs have no names.
    """

    def __init__(self, model: Any, x: Any) -> None:
        self.model = model
        self.x = keras.tree.map_structure(as_fit_gives_it, x)
        self._calls: dict[int, list[Call]] = defaultdict(list)
        self._named: dict[str, dict[int, Any]] = defaultdict(dict)
        self._inner: dict[int | None, dict[int, Any]] = defaultdict(dict)
        self._around: list[Any] = []
        with _put_back(model), self._written_down():
            outputs = model(self.x, training=False)
        self.outputs = [_rows(output) for output in keras.tree.flatten(outputs)]

    def is_alone_as_among_others(self, sample: int, tolerance: float) -> bool:
        """Whether Keras itself gives a sample the same outputs alone: in some layers uint8 overflows."""
        with _put_back(self.model):
            outputs = self.model(keras.tree.map_structure(lambda a: a[sample : sample + 1], self.x), training=False)
        pairs = zip(self.outputs, map(_rows, keras.tree.flatten(outputs)), strict=True)
        return all(np.allclose(all_[sample], one[0], tolerance, tolerance, equal_nan=True) for all_, one in pairs)

    def calls_of(self, operation: Any) -> list[Call]:
        """Every call of a layer or an operation."""
        return self._calls[id(operation)]

    def named(self, name: str) -> list[Any]:
        """Every layer and operation of this name that was called, at whatever depth."""
        return list(self._named[name].values())

    def called_by(self, operation: Any) -> list[Any]:
        """What a layer or a model calls itself, in the order of the first calls."""
        return list(self._inner[id(operation)].values())

    def gradient_of_loss(self, loss: Any, y: Any, variables: list[Any]) -> list[np.ndarray | None]:
        """Of the loss over all samples, with what layers and regularisers add to it."""
        find = {"jax": self._on_jax, "torch": self._on_torch}.get(keras.config.backend(), self._on_tensorflow)
        with _put_back(self.model):
            found = find(lambda outputs: loss(keras.ops.convert_to_tensor(as_fit_gives_it(y)), outputs), variables)
        return [None if one is None else _numbers(one) for one in found]

    def _on_tensorflow(self, loss: Any, variables: list[Any]) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            total = self._total(loss)
            values = [variable.value for variable in variables]
        return [None if one is None else tf.convert_to_tensor(one) for one in tape.gradient(total, values)]

    def _on_torch(self, loss: Any, variables: list[Any]) -> Any:
        self.model.zero_grad()
        self._total(loss).backward()
        return [variable.value.grad for variable in variables]

    def _on_jax(self, loss: Any, variables: list[Any]) -> Any:
        import jax

        model = self.model
        fixed = [variable.value for variable in model.non_trainable_variables]

        def total(values: list[Any]) -> Any:
            outputs, _, losses = model.stateless_call(values, fixed, self.x, training=False, return_losses=True)
            return sum(keras.ops.cast(part, "float32") for part in [loss(outputs), *losses])

        found = jax.grad(total)([variable.value for variable in model.trainable_variables])
        by_id = dict(zip(map(id, model.trainable_variables), found, strict=True))
        return [by_id[id(variable)] for variable in variables]

    def _total(self, loss: Any) -> Any:
        parts = [loss(self.model(self.x, training=False)), *self.model.losses]
        return sum(keras.ops.cast(part, "float32") for part in parts)

    @contextmanager
    def _written_down(self) -> Iterator[None]:
        plain = keras.Operation.__call__

        def call(operation: Any, *args: Any, **kwargs: Any) -> Any:
            self._named[operation.name][id(operation)] = operation
            self._inner[id(self._around[-1]) if self._around else None][id(operation)] = operation
            self._around.append(operation)
            try:
                result = plain(operation, *args, **kwargs)
            finally:
                self._around.pop()
            given = next(filter(keras.ops.is_tensor, keras.tree.flatten((args, kwargs))), None)
            put_out = keras.tree.flatten(result)[0]
            if given is not None and keras.ops.is_tensor(put_out) and not _is_traced(put_out):
                self._calls[id(operation)].append(Call(_numbers(given), _rows(put_out)))
            return result

        keras.Operation.__call__ = call
        try:
            yield
        finally:
            keras.Operation.__call__ = plain


def as_fit_gives_it(array: Any) -> np.ndarray:
    """Fractions in Keras' own precision, all else as it is."""
    plain = array.to_numpy() if hasattr(array, "to_numpy") else keras.ops.convert_to_numpy(array)
    return plain.astype(keras.config.floatx()) if plain.dtype.kind == "f" else plain


@contextmanager
def _put_back(model: Any) -> Iterator[None]:
    before = [(variable, np.array(keras.ops.convert_to_numpy(variable))) for variable in model.variables]
    try:
        yield
    finally:
        for variable, value in before:
            variable.assign(value)


def _is_traced(tensor: Any) -> bool:
    """Whether it stands for many steps of a loop that JAX compiles, and has no numbers."""
    if keras.config.backend() != "jax":
        return False
    import jax

    return isinstance(tensor, jax.core.Tracer)


def _numbers(tensor: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32")), np.float64)


def _rows(tensor: Any) -> np.ndarray:
    values = _numbers(tensor)
    return values.reshape(len(values), -1)


def is_plain_dense(operation: Any) -> bool:
    """Whether it puts out activation(x · kernel + bias): with LoRA it adds another product."""
    return type(operation) is keras.layers.Dense and not operation.lora_enabled
