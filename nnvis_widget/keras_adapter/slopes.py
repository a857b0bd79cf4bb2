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
WithLoss = Callable[[Batch], tuple[Any, Any]]
Reduce = Callable[[Sequence[Any]], Any]


def slopes(forward: Forward, variables: Sequence[Any]) -> Slopes:
    """A function of a probe batch: the derivative of its loss by each variable, as tensors; `None` for one that the
    loss does not reach (zeros on JAX).

    Weights are those of now, or of the kept step that is looked at. Nothing of the model is changed, the gradients that
    torch keeps beside the weights neither.
    """
    loss = batch_loss(forward)
    find = slopes_beside(forward, variables, lambda batch: (loss(batch), ()), list)

    def find_slopes(batch: Batch) -> Sequence[Any]:
        found: Sequence[Any] = find(batch)[0]
        return found

    return find_slopes


def slopes_beside(
    forward: Forward, variables: Sequence[Any], function: WithLoss, reduce: Reduce, at_once: bool = False
) -> Callable[[Batch], tuple[Any, Any]]:
    """Likewise, in one pass: what is made of the derivatives where they are computed, and what stands beside the loss.

    Args:
        forward: The way through the model.
        variables: The derivatives are by these.
        function: The loss of a batch, and tensors beside it.
        reduce: What is made of the derivatives.
        at_once: Whether it is compiled at the first call, on JAX and TensorFlow: it is called again, and many small
            operations take longer one by one.
    """
    if keras.config.backend() == "jax":
        return stateless(_on_jax(forward.model, variables, function, reduce, at_once), forward.model)
    make = _on_torch if keras.config.backend() == "torch" else _on_tensorflow
    return stateless(make(forward.model, variables, function, reduce), forward.model, is_slow=at_once)


def _on_tensorflow(
    model: Any, variables: Sequence[Any], function: WithLoss, reduce: Reduce
) -> Callable[[Batch], tuple[Any, Any]]:
    import tensorflow as tf

    def find(batch: Batch) -> tuple[Any, Any]:
        scope, along = loss_scope(model), [value_of(variable) for variable in variables]
        with tf.GradientTape() as tape, scope:
            if past_weights():
                tape.watch(along)
            value, beside = function(batch)
        found = tape.gradient(value, along)
        return reduce([None if one is None else tf.convert_to_tensor(one) for one in found]), beside

    return find


def _on_torch(
    model: Any, variables: Sequence[Any], function: WithLoss, reduce: Reduce
) -> Callable[[Batch], tuple[Any, Any]]:
    import torch

    def find(batch: Batch) -> tuple[Any, Any]:
        for _, value in past_weights():
            if value.is_floating_point():
                value.requires_grad_()
        with torch.enable_grad(), loss_scope(model):
            along = [variable.value for variable in variables]
            value, beside = function(batch)
            found: Sequence[Any] = [None] * len(along)
            if value.requires_grad:
                found = torch.autograd.grad(value, along, allow_unused=True)
        return reduce(found), beside

    return find


def _on_jax(
    model: Any, variables: Sequence[Any], function: WithLoss, reduce: Reduce, at_once: bool
) -> Callable[[Batch], tuple[Any, Any]]:
    import jax

    known = set(map(id, variables))
    others = [variable for variable in model.variables if id(variable) not in known]
    calls, is_plain = count(), not read_own_code(model).parts

    def value(along: Sequence[Any], beside: Sequence[Any], batch: Batch) -> tuple[Any, Any]:
        pairs = [*zip(variables, along, strict=True), *zip(others, beside, strict=True)]
        with keras.StatelessScope(pairs, collect_losses=True):
            return function(batch)

    differentiate = jax.grad(value, has_aux=True)

    def eager(along: Sequence[Any], beside: Sequence[Any], batch: Batch) -> tuple[Any, Any]:
        found, told = differentiate(along, beside, batch)
        return reduce(found), told

    compiled = jax.jit(eager)  # 0.5 s once, then a tenth of the time

    def find(batch: Batch) -> tuple[Any, Any]:
        is_again = (at_once or next(calls) > 0) and is_plain and all(map(is_number, batch))
        along, beside = ([_value(variable) for variable in part] for part in (variables, others))
        found: tuple[Any, Any] = (compiled if is_again else eager)(along, beside, list(batch))
        return found

    return find


def _value(variable: Any) -> Any:
    value = value_of(variable)
    return value.value if value is variable else value
