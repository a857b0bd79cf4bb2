"""Some units put out what they are held at: in any model, at any depth, with its masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.core.number_text import safe_text
from nnvis_widget.errors import ModelError

HOLDING = Lock()


class Held(NamedTuple):
    """The units of one layer that are held.

    Attributes:
        axis: Of what the layer puts out, along which its units lie.
        units: How many there are.
        values: What each held one puts out, at every place and in every use of the layer.
    """

    axis: int
    units: int
    values: Mapping[int, float]

    def put(self, outputs: Any) -> Any:
        """What the layer puts out, with the held units at their values."""
        shape = [1] * len(outputs.shape)
        shape[self.axis] = self.units
        mask, held = np.zeros(self.units, bool), np.zeros(self.units)
        mask[list(self.values)] = True
        held[list(self.values)] = list(self.values.values())
        of_kind = keras.ops.cast(keras.ops.convert_to_tensor(held.reshape(shape)), outputs.dtype)
        return keras.ops.where(keras.ops.convert_to_tensor(mask.reshape(shape)), of_kind, outputs)


class _Now(NamedTuple):
    """What is held where this is looked at, by the `id` of the layer, and which of it was called."""

    held: Mapping[int, Held]
    called: set[int]


Expect = Callable[[Callable[[], object]], None]

_now: ContextVar[_Now | None] = ContextVar("units that are held", default=None)


@contextmanager
def units_held(operations: Mapping[str, Any], held: Mapping[str, Held]) -> Iterator[Expect]:
    """Within it layers put out what their units are held at, for who computes here and for nobody else.

    The layers' `call` is their own again afterwards, and gives their own to every other thread meanwhile.

    Args:
        operations: The Keras layers by id.
        held: What is held, by these ids.

    Yields:
        Sees that each of the layers was called; takes what calls the whole model, where one was not yet.

    Raises:
        ModelError: If one is no layer; from what is yielded, if one was not called: then nothing is known of the model
            with its units held.
    """
    layers = {id(operations[name]): operations[name] for name in held}
    for name in held:
        if not isinstance(operations[name], keras.Operation):
            called = safe_text(str(getattr(operations[name], "name", name)))
            raise ModelError(f"Expected a layer to hold units of, got the function {called!r}. Hold those of a layer.")
    now = _Now({id(operations[name]): one for name, one in held.items()}, set())

    def missed() -> list[str]:
        return [safe_text(layer.name) for key, layer in layers.items() if key not in now.called]

    def expect_called(call: Callable[[], object]) -> None:
        if missed():
            call()
        if missed():
            raise ModelError(
                f"Expected a layer that the model calls as it is, got {', '.join(map(repr, missed()))}: its units "
                "cannot be held. Change its weights instead."
            )

    if not layers:
        yield expect_called
        return
    with HOLDING, ExitStack() as stack:
        for layer in layers.values():
            stack.enter_context(_call_is(layer))
        token = _now.set(now)
        stack.callback(_now.reset, token)
        yield expect_called


@contextmanager
def _call_is(layer: Any) -> Iterator[None]:
    own, plain = vars(layer), layer.call
    before = {"call": own["call"]} if "call" in own else {}

    def call(*args: Any, **named: Any) -> Any:
        put_out, now = plain(*args, **named), _now.get()
        held = None if now is None else now.held.get(id(layer))
        if now is None or held is None or not keras.ops.is_tensor(put_out):
            return put_out
        now.called.add(id(layer))
        return held.put(put_out)

    own["call"] = call
    try:
        yield
    finally:
        del own["call"]
        own.update(before)
