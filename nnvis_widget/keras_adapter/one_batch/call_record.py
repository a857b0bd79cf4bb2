"""What every layer was given and put out in one call of a model.

As in `read/watch_calls.py` nothing of the model or of Keras is wrapped or replaced: Python tells the thread that makes
the call of each function that begins and ends.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import keras

OPERATION_CALL = inspect.unwrap(keras.Operation.__call__).__code__


class RefusedCallError(Exception):
    """A function was called that is not to be."""


@dataclass
class Call:
    """One call of a layer or an operation.

    Attributes:
        operation: Which.
        given: Its positional arguments, as the layer got them: in its own precision.
        options: Its other arguments.
        around: The call that it was made in.
        put_out: What it returned; `None` before it has.
        z: What its activation was first given; `None` where it has none of its own.
    """

    operation: Any
    given: tuple[Any, ...]
    options: Mapping[str, Any]
    frame: FrameType | None
    around: Call | None = None
    put_out: Any = None
    z: Any = None

    @property
    def tensors(self) -> list[Any]:
        """All that came in, in order."""
        return [one for one in keras.tree.flatten(list(self.given)) if one is not None]


class CallRecord:
    """Records every call of a layer or operation while a function runs.

    Args:
        refused: Functions that are not to be called, by their code.
    """

    def __init__(self, refused: Collection[CodeType] = ()) -> None:
        self.calls: list[Call] = []
        self._open: list[Call] = []
        self._refused = frozenset(refused)

    def record(self, function: Callable[[], Any]) -> Any:
        """Call the function; what it raises is raised."""
        before = sys.getprofile()
        sys.setprofile(self._see)
        try:
            return function()
        finally:
            sys.setprofile(before)
            self._open.clear()
            for call in self.calls:
                call.frame = None

    def _see(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "call":
            if frame.f_code in self._refused:
                raise RefusedCallError(frame.f_code.co_name)
            if self._open and isinstance(self._open[-1].operation, keras.layers.RNN):
                return  # what its cell does in each step is not told one by one
            if frame.f_code is OPERATION_CALL:
                told = frame.f_locals
                operation = told["self"]
                around = self._open[-1] if self._open else None
                call = Call(operation, tuple(told["args"]), dict(told["kwargs"]), frame, around)
                if self._open and self._is_activation_of(self._open[-1], operation):
                    self._open[-1].z = call.tensors[0]
                self.calls.append(call)
                self._open.append(call)
            elif self._open and frame.f_code is _code_of_activation(self._open[-1].operation):
                innermost = self._open[-1]
                if innermost.z is None:
                    innermost.z = frame.f_locals[frame.f_code.co_varnames[0]]
        elif event == "return" and self._open and self._open[-1].frame is frame:
            self._open.pop().put_out = arg

    @staticmethod
    def _is_activation_of(call: Call, operation: Any) -> bool:
        return call.z is None and getattr(call.operation, "activation", None) is operation


def _code_of_activation(operation: Any) -> CodeType | None:
    activation = getattr(operation, "activation", None)
    return getattr(inspect.unwrap(activation), "__code__", None) if inspect.isfunction(activation) else None
