"""The layers of a functional model."""

from __future__ import annotations

from typing import Any, NamedTuple

import keras

from nnvis_widget.keras_adapter.read.nodes import Level, Wire, is_input, leaves


class _Call(NamedTuple):
    """One call of an operation, and the tensors that it takes and gives."""

    operation: Any
    inputs: list[Any]
    outputs: list[Any]


def functional_level(model: Any) -> Level:
    """Its layers and operations, inputs first, with every call of each."""
    operations = sorted(model.operations, key=lambda operation: not is_input(operation))
    starts, ends = leaves(model.inputs), leaves(model.outputs)
    calls = [
        _Call(operation, [] if is_input(operation) else leaves(operation.input), leaves(operation.output))
        for operation in operations
    ]
    made = {id(tensor) for call in calls for tensor in call.outputs}
    if not made.issuperset(id(tensor) for tensors in (ends, *(call.inputs for call in calls)) for tensor in tensors):
        calls, starts, ends = _all_calls(model, operations, calls)
    return _level(operations, calls, starts, ends)


def _level(operations: list[Any], calls: list[_Call], starts: list[Any], ends: list[Any]) -> Level:
    uses: dict[int, int | None] = {}
    origin: dict[int, tuple[Any, int, int]] = {}
    numbers = []
    for call in calls:
        use = uses.get(id(call.operation)) or 0
        uses[id(call.operation)] = use + 1
        numbers.append(use)
        origin |= {id(tensor): (call.operation, use, output) for output, tensor in enumerate(call.outputs)}
    wires = [
        Wire(None, origin[id(tensor)][0], output=place) for place, tensor in enumerate(starts) if id(tensor) in origin
    ]
    for call, use in zip(calls, numbers, strict=True):
        for place, tensor in enumerate(call.inputs):
            if id(tensor) in origin:
                source, source_use, output = origin[id(tensor)]
                wires.append(Wire(source, call.operation, source_use, use, output, place))
    for place, tensor in enumerate(ends):
        if id(tensor) in origin:
            source, use, output = origin[id(tensor)]
            wires.append(Wire(source, None, use, 0, output, place))
    return Level(operations, wires, {key: count for key, count in uses.items() if count != 1})


def _all_calls(model: Any, operations: list[Any], first: list[_Call]) -> tuple[list[_Call], list[Any], list[Any]]:
    """Every call, with what comes in and goes out, as Keras goes through them to clone a model.

    Operations tell their first call only. Nothing is called or cloned: `_Listing` ends it before. Where a later Keras
    goes another way, there are the first calls.
    """
    plain = _Listing(model.inputs, model.outputs, name="nnvis_calls")
    flat = leaves(model.inputs)
    starts = [keras.KerasTensor(tensor.shape, tensor.dtype, name="nnvis") for tensor in flat]
    calls = [call for call in first if is_input(call.operation)]
    inputs = {id(tensor): place for place, tensor in enumerate(flat)}
    calls = [
        _Call(operation, [], [starts[inputs[id(one)]] for one in outputs if id(one) in inputs])
        for operation, _, outputs in calls
    ]

    def note(operation: Any, *args: Any, **kwargs: Any) -> list[_Token]:
        given = [one for one in keras.tree.flatten((args, kwargs)) if isinstance(one, _Token | keras.KerasTensor)]
        made = [_Token() for _ in leaves(operation.output)]
        calls.append(_Call(operation, given, list(made)))
        return made

    try:
        keras.models.clone_model(
            plain,
            input_tensors=keras.tree.pack_sequence_as(plain.input, starts),
            clone_function=lambda operation: operation,
            call_function=note,
        )
    except _ListedError as listed:
        return _in_order(operations, calls), starts, listed.outputs
    except Exception:
        pass
    return first, flat, leaves(model.outputs)


def _in_order(operations: list[Any], calls: list[_Call]) -> list[_Call]:
    """Calls in the order of their operations; those of one in the order of what they take."""
    places = {id(operation): place for place, operation in enumerate(operations)}
    made = {id(tensor): places[id(call.operation)] for call in calls for tensor in call.outputs}
    return sorted(
        calls,
        key=lambda call: (places[id(call.operation)], min((made.get(id(one), 0) for one in call.inputs), default=0)),
    )


class _Token:
    """Stands for a tensor."""


class _ListedError(Exception):
    """All calls are known."""

    def __init__(self, outputs: list[Any]) -> None:
        super().__init__()
        self.outputs = outputs


class _Listing(keras.Model):
    """A functional model that is not cloned: its calls are gone through, then it raises `_ListedError`."""

    # The names of the arguments are those of Keras: by them it takes a class for a functional model.
    def __init__(self, inputs: Any, outputs: Any, name: str | None = None, **kwargs: Any) -> None:
        ends = keras.tree.flatten(outputs)
        if any(isinstance(one, _Token) for one in ends):
            raise _ListedError(ends)
        super().__init__(inputs, outputs, name=name, **kwargs)
