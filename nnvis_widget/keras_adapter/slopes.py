"""The derivatives of a loss by variables of a model, on each backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import keras

from nnvis_widget.keras_adapter.arrays import is_number
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.past_weights import past_weights, value_of
from nnvis_widget.keras_adapter.probes.probe_batch import batch_loss, loss_scope
from nnvis_widget.keras_adapter.stateless import stateless

Batch = Sequence[Any]
Slopes = Callable[[Batch], Sequence[Any]]


def slopes(forward: Forward, variables: Sequence[Any]) -> Slopes:
    """A function of a probe batch: the derivative of its loss by each variable, as tensors; `None` for one that the
    loss does not reach (zeros on JAX).

    Weights are those of now, or of the kept step that is looked at. Nothing of the model is changed, the gradients that
    torch keeps beside the weights neither.
    """
    make = {"jax": _on_jax, "torch": _on_torch}.get(keras.config.backend(), _on_tensorflow)
    return stateless(make(forward, variables), forward.model)


def _on_tensorflow(forward: Forward, variables: Sequence[Any]) -> Slopes:
    import tensorflow as tf

    model, loss = forward.model, batch_loss(forward)

    def find(batch: Batch) -> Sequence[Any]:
        scope, along = loss_scope(model), [value_of(variable) for variable in variables]
        with tf.GradientTape() as tape, scope:
            if past_weights():
                tape.watch(along)
            value = loss(batch)
        found = tape.gradient(value, along)
        return [None if one is None else tf.convert_to_tensor(one) for one in found]

    return find


def _on_torch(forward: Forward, variables: Sequence[Any]) -> Slopes:
    import torch

    model, loss = forward.model, batch_loss(forward)

    def find(batch: Batch) -> Sequence[Any]:
        for _, value in past_weights():
            if value.is_floating_point():
                value.requires_grad_()
        with torch.enable_grad(), loss_scope(model):
            along = [variable.value for variable in variables]
            value = loss(batch)
            if not value.requires_grad:
                return [None] * len(along)
            found: Sequence[Any] = torch.autograd.grad(value, along, allow_unused=True)
        return found

    return find


def _on_jax(forward: Forward, variables: Sequence[Any]) -> Slopes:
    import jax

    model, loss = forward.model, batch_loss(forward)
    known = set(map(id, variables))
    others = [variable for variable in model.variables if id(variable) not in known]
    calls, is_plain = count(), not read_own_code(model).parts

    def value(along: Sequence[Any], beside: Sequence[Any], batch: Batch) -> Any:
        pairs = [*zip(variables, along, strict=True), *zip(others, beside, strict=True)]
        with keras.StatelessScope(pairs, collect_losses=True):
            return loss(batch)

    eager = jax.grad(value)
    compiled = jax.jit(eager)  # 0.5 s once, then a tenth of the time

    def find(batch: Batch) -> Sequence[Any]:
        is_again = next(calls) > 0 and is_plain and all(map(is_number, batch))
        along, beside = ([_value(variable) for variable in part] for part in (variables, others))
        found: Sequence[Any] = (compiled if is_again else eager)(along, beside, list(batch))
        return found

    return find


def _value(variable: Any) -> Any:
    value = value_of(variable)
    return value.value if value is variable else value
