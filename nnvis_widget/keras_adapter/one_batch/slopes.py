"""One pass forward and one backward through a model, eager and without a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.jax_programs import evaluate
from nnvis_widget.keras_adapter.one_batch.call_record import Call, CallRecord, RefusedCallError
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.past_weights import Pairs, past_weights, value_of
from nnvis_widget.keras_adapter.putting_back import on_a_thread, put_back
from nnvis_widget.keras_adapter.read.torch_functions import called_from_python
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.torch_modules import as_in_a_step, generator_put_back
from nnvis_widget.keras_adapter.tracing import drawing


@dataclass
class Pass:
    """What one pass gave.

    Attributes:
        calls: Of every layer, in the order in which they began.
        loss: Of the batch, with what regularisers add; `None` where it was run forward only.
        slopes: ∂L/∂ of a tensor of a call, by its `id`; what the loss does not depend on has none.
        gradients: ∂L/∂ of each trainable variable by its `id`.
        penalties: The part of it that regularisers of weights add.
        added: What regularisers and layers add to the loss; `None` where nothing is.
    """

    calls: list[Call]
    loss: float | None
    slopes: dict[int, np.ndarray]
    gradients: dict[int, np.ndarray]
    penalties: dict[int, np.ndarray]
    added: float | None = None


Loss = Callable[[], tuple[Any, Any, Any]]
"""Runs the model and tells its loss, what regularisers of weights add to it, and what these and layers add; `None`s
without a loss."""


def run(
    model: Any,
    function: Loss,
    inputs: Sequence[Any],
    has_loss: bool,
    is_training: bool = True,
    is_next: bool = False,
) -> Pass:
    """Run a model on a batch, and backward where there is a loss.

    Variables are written into a scope that is thrown away, and what a person's own code moves is put back. Where a kept
    step is looked at, it is run with the weights of then. Cost: about
    what a step costs that is not compiled, five times a compiled one.

    Args:
        model: The model.
        function: Runs it, and tells its loss.
        inputs: What the model is given, of its inputs.
        has_loss: Whether it is run backward too.
        is_training: Whether the layers do what they do in a step.
        is_next: Whether it draws the random numbers that the next step draws, also from torch's one generator.

    Raises:
        ModelError: If the model draws random numbers that cannot be put back.
    """
    record = CallRecord(drawing())
    act = _BACKWARD[keras.config.backend()] if has_loss else _forward
    floats = [one for one in inputs if keras.ops.is_tensor(one) and keras.backend.is_float_dtype(_dtype(one))]
    passed: Pass = _without_a_trace(model, lambda: act(model, function, record, floats), is_training, is_next)
    return passed


def loss_with(model: Any, function: Loss, weights: Pairs) -> float:
    """The loss of a batch if variables of a model had other values. Cost: a pass forward, not compiled.

    Raises:
        ModelError: As `run`.
    """
    record = CallRecord(drawing())

    def act() -> float:
        with keras.StatelessScope(list(weights), collect_losses=True):
            loss, _, _ = record.record(function)
        return float(on_host(loss))

    told: float = _without_a_trace(model, act, is_training=True, is_next=True)
    return told


def _without_a_trace(model: Any, act: Callable[[], Any], is_training: bool, is_next: bool) -> Any:
    """What it gives; what a person's own code in the model and modules of torch move is put back."""
    code = read_own_code(model)

    def alone(_: None) -> Any:
        with generator_put_back() if is_next else called_from_python():
            return act()

    try:
        with ExitStack() as stack:
            if code.parts:
                stack.enter_context(put_back(code))
            stack.enter_context(as_in_a_step(model, is_training))
            return on_a_thread(alone, None)
    except RefusedCallError as error:
        raise ModelError(
            f"Expected a model that draws no random numbers of TensorFlow, which would change those that come next; "
            f"its own code calls {error}. Draw them with keras.random and a seed generator."
        ) from error


def on_host(tensor: Any) -> np.ndarray:
    """A tensor as numpy; of a precision that numpy has not as float32."""
    array = to_numpy(tensor)
    return array.astype(np.float32) if array.dtype.name in ("bfloat16", "float16") else array


def _forward(_: Any, function: Loss, record: CallRecord, __: Sequence[Any]) -> Pass:
    with keras.StatelessScope(list(past_weights())):
        record.record(function)
    return Pass(record.calls, None, {}, {}, {})


def _tensors(calls: Sequence[Call]) -> list[Any]:
    found: dict[int, Any] = {}
    for call in calls:
        for one in (*call.tensors, *keras.tree.flatten(call.put_out), call.z):
            if one is not None and keras.ops.is_tensor(one) and keras.backend.is_float_dtype(_dtype(one)):
                found[id(one)] = one
    return list(found.values())


def _dtype(tensor: Any) -> str:
    return str(keras.backend.standardize_dtype(tensor.dtype))


def _on_tensorflow(model: Any, function: Loss, record: CallRecord, inputs: Sequence[Any]) -> Pass:
    import tensorflow as tf

    variables = list(model.trainable_variables)
    own = [(variable, tf.convert_to_tensor(value_of(variable))) for variable in variables]
    with tf.GradientTape(persistent=True) as tape, keras.StatelessScope([*past_weights(), *own], collect_losses=True):
        # Only what comes from something watched is written on the tape: also where no weight is before it.
        frozen = [one.value for one in model.non_trainable_variables if keras.backend.is_float_dtype(one.dtype)]
        for tensor in (*(tensor for _, tensor in own), *frozen, *inputs):
            tape.watch(tensor)
        loss, penalty, added = record.record(function)
        tensors = _tensors(record.calls)
    along = [tensor for _, tensor in own]
    slopes = tape.gradient(loss, [*along, *tensors])
    of_penalty = tape.gradient(penalty, along) if penalty is not None else [None] * len(along)
    return Pass(
        record.calls,
        float(loss),
        _by_id(tensors, slopes[len(along) :]),
        _by_id(variables, slopes[: len(along)]),
        _by_id(variables, of_penalty),
        None if added is None else float(added),
    )


def _by_id(things: Sequence[Any], slopes: Sequence[Any]) -> dict[int, np.ndarray]:
    import tensorflow as tf

    pairs = zip(things, slopes, strict=True)
    return {id(one): on_host(tf.convert_to_tensor(slope)) for one, slope in pairs if slope is not None}


def _on_jax(model: Any, function: Loss, record: CallRecord, _: Sequence[Any]) -> Pass:
    """The program of the pass is traced, and a zero is added to each tensor of a call, to differentiate along it."""
    import jax

    variables = list(model.trainable_variables)
    kept: dict[str, Any] = {}

    def traced(values: list[Any]) -> Any:
        own = zip(variables, values, strict=True)
        with keras.StatelessScope([*past_weights(), *own], collect_losses=True):
            loss, penalty, kept["added"] = record.record(function)
            kept["tensors"] = _tensors(record.calls)
            kept["all"] = [
                one
                for call in record.calls
                for one in keras.tree.flatten([list(call.given), dict(call.options), call.put_out, call.z])
                if one is not None and keras.ops.is_tensor(one)
            ]
        none = 0.0 * loss
        added = none if kept["added"] is None else kept["added"]
        return loss, (none if penalty is None else penalty), kept["tensors"], kept["all"], added

    values = [keras.ops.convert_to_tensor(value_of(variable)) for variable in variables]
    program = jax.make_jaxpr(traced)(values)
    count = len(kept["tensors"])
    places = program.jaxpr.outvars[2 : 2 + count]
    shifts = [jax.numpy.zeros(place.aval.shape, place.aval.dtype) for place in places]

    def shifted(weights: list[Any], moved: list[Any]) -> tuple[Any, Any]:
        by_place = {id(place): shift for place, shift in zip(places, moved, strict=True)}
        results = evaluate(program, weights, by_place)
        return results[0], results

    (loss, results), (gradients, slopes) = jax.value_and_grad(shifted, (0, 1), has_aux=True)(values, shifts)
    penalties = jax.grad(lambda weights: evaluate(program, weights, {})[1])(values)
    known = dict(zip(map(id, kept["all"]), results[2 + count : -1], strict=True))
    _fill(record.calls, known)
    return Pass(
        record.calls,
        float(loss),
        {id(known[id(one)]): on_host(slope) for one, slope in zip(kept["tensors"], slopes, strict=True)},
        {id(one): on_host(slope) for one, slope in zip(variables, gradients, strict=True)},
        {id(one): on_host(slope) for one, slope in zip(variables, penalties, strict=True)},
        None if kept["added"] is None else float(results[-1]),
    )


def _fill(calls: Sequence[Call], known: dict[int, Any]) -> None:
    """Put what a traced program gave in the place of the symbols that it was traced with."""

    def value(one: Any) -> Any:
        return known.get(id(one), one)

    for call in calls:
        call.given = keras.tree.map_structure(value, call.given)
        call.options = keras.tree.map_structure(value, dict(call.options))
        call.put_out = keras.tree.map_structure(value, call.put_out)
        call.z = value(call.z)


def _on_torch(model: Any, function: Loss, record: CallRecord, inputs: Sequence[Any]) -> Pass:
    """By `torch.autograd.grad`, which leaves the gradients alone that torch keeps beside the weights."""
    import torch

    variables = list(model.trainable_variables)
    own = [(one, one.value) for one in variables]  # modules of torch compute with these, whatever a scope says
    frozen = [(one, _from_here(one.value)) for one in model.non_trainable_variables]
    pairs = [*own, *frozen, *((one, _from_here(value)) for one, value in past_weights())]
    with torch.enable_grad(), _followed(inputs), keras.StatelessScope(pairs, collect_losses=True):
        along = [variable.value for variable in variables]
        loss, penalty, added = record.record(function)
        tensors = _tensors(record.calls)
        slopes = _slopes_on_torch(loss, [*zip(variables, along, strict=True), *zip(tensors, tensors, strict=True)])
        of_penalty = {} if penalty is None else _slopes_on_torch(penalty, list(zip(variables, along, strict=True)))
    known = {id(variable) for variable in variables}
    return Pass(
        record.calls,
        float(on_host(loss)),
        {key: slope for key, slope in slopes.items() if key not in known},
        {key: slope for key, slope in slopes.items() if key in known},
        of_penalty,
        None if added is None else float(on_host(added)),
    )


def _slopes_on_torch(value: Any, things: Sequence[tuple[Any, Any]]) -> dict[int, np.ndarray]:
    """The derivatives by the second of each pair, by the `id` of the first."""
    import torch

    reached = [(one, tensor) for one, tensor in things if tensor.requires_grad]
    if not reached or not value.requires_grad:
        return {}
    found = torch.autograd.grad(value, [tensor for _, tensor in reached], allow_unused=True)
    pairs = zip(reached, found, strict=True)
    return {id(one): on_host(slope) for (one, _), slope in pairs if slope is not None}


def _from_here(value: Any) -> Any:
    """The same values, from which derivatives are taken where they are real numbers."""
    return value.detach().requires_grad_() if value.is_floating_point() else value


@contextmanager
def _followed(inputs: Sequence[Any]) -> Iterator[None]:
    """Within it derivatives are taken from the inputs too: also where no weight is before a layer."""
    quiet = [one for one in inputs if not one.requires_grad]
    for one in quiet:
        one.requires_grad_()
    try:
        yield
    finally:
        for one in quiet:
            one.requires_grad_(False)


_BACKWARD: dict[str, Callable[[Any, Loss, CallRecord, Sequence[Any]], Pass]] = {
    "tensorflow": _on_tensorflow,
    "jax": _on_jax,
    "torch": _on_torch,
}
