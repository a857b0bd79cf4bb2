"""Watching which layers a call of a model calls, and what flows between them.

Nothing of the model or of Keras is wrapped or replaced: Python tells the thread that makes the call of each function
that begins and ends (`sys.setprofile`), and that is looked at. Other threads are not watched.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Literal

import keras

from nnvis_widget.keras_adapter.read.joints import (
    ANY_FUNCTION,
    Joint,
    name_of_function,
    name_of_maker,
    without_loose_joints,
)
from nnvis_widget.keras_adapter.read.nodes import Level, Put, Wire, plain_shape

Manner = Literal["traced", "passed", "leaf"]
"""What is done with the inside of a layer: traced; gone through for layers to trace in it; left alone."""

Origin = tuple[Any, int, int]
"""A member of a level (`None`: what comes in), which of its calls, which of its outputs."""

CUT_SHORT = "its call did not end: what would follow is not known"
MOST_IN_A_LIST = 256
LAYER_CALL = inspect.unwrap(keras.layers.Layer.__call__).__code__


class NotBuiltError(Exception):
    """A layer was called that is not built: the call would have built it."""


class RefusedError(Exception):
    """A function was called that is not to be."""


@dataclass
class _Inside:
    """What is known of the inside of a layer while it is called."""

    wires: list[Wire] = field(default_factory=list)
    members: dict[int, Any] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)
    origins: dict[int, Origin] = field(default_factory=dict)
    made: dict[int, str] = field(default_factory=dict)  # what has made a tensor of that which its origin put out
    kept: list[Any] = field(default_factory=list)  # so that no `id` is given to another tensor
    functions: list[tuple[Any, ...]] = field(default_factory=list)

    def know(self, tensor: Any, origin: Origin) -> None:
        self.origins[id(tensor)] = origin
        self.kept.append(tensor)

    def join(self, name: str, sources: Sequence[Origin], tensors: list[Any]) -> None:
        """Have a joint put tensors out."""
        joint = Joint(name, _put(tensors), len(sources))
        self.members[id(joint)] = joint
        for place, (source, use, output) in enumerate(sources):
            self.wires.append(Wire(source, joint, use, 0, output, place))
        for place, tensor in enumerate(tensors):
            self.know(tensor, (joint, 0, place))

    def origin_of(self, tensor: Any) -> Origin | None:
        """What has put out a tensor that is used: the function, where one has made it of what a layer put out."""
        maker = self.made.pop(id(tensor), None)
        if maker is not None:
            self.join(maker, [self.origins[id(tensor)]], [tensor])
        return self.origins.get(id(tensor))

    def level(self, note: str | None) -> Level:
        uses: dict[int, int | None] = {**self.calls}
        return without_loose_joints(Level(list(self.members.values()), self.wires, uses, note))


@dataclass
class _Call:
    """A layer that is being called."""

    layer: Any
    use: int
    frame: FrameType
    manner: Manner
    inside: _Inside | None


class CallWatch:
    """Watches one call.

    Args:
        manner: What is done with the inside of a layer.
        refused: Functions that are not to be called, by their code: the call ends there.

    Attributes:
        levels: By the `id` of a traced layer its inside, as its first call went through it.
        puts: By the `id` of a layer what its first call put out.
        failed: The innermost layer whose call did not end, `None` where all did.
    """

    def __init__(self, manner: Callable[[Any], Manner], refused: frozenset[CodeType] = frozenset()) -> None:
        self._manner = manner
        self._refused = refused
        self._calls: list[_Call] = []
        self._kinds: dict[type, bool] = {}
        self.levels: dict[int, Level] = {}
        self.puts: dict[int, Put] = {}
        self.failed: Any = None

    def watch(self, call: Callable[[], Any]) -> None:
        """Make the call and watch it; what it raises is raised."""
        before = sys.getprofile()
        sys.setprofile(self._see)
        try:
            call()
        finally:
            sys.setprofile(before)
            while self._calls:  # what is raised in `_see` ends the watch at once
                self._leave(self._calls.pop(), None)
        self.failed = None

    def _see(self, frame: FrameType, event: str, arg: Any) -> None:
        innermost = self._calls[-1] if self._calls else None
        if event == "call":
            if frame.f_code in self._refused:
                raise RefusedError
            if innermost is not None and innermost.manner == "leaf":
                return
            if frame.f_code is LAYER_CALL:
                self._enter(frame, innermost)
            elif innermost is not None and innermost.inside is not None:
                inside = innermost.inside
                inside.functions.append(tuple(_given(inside.origins, frame)))
        elif event == "return" and innermost is not None:
            if innermost.frame is frame:
                self._calls.pop()
                self._leave(innermost, arg)
            elif innermost.inside is not None:
                self._end_function(innermost, frame, arg)

    def _enter(self, frame: FrameType, around: _Call | None) -> None:
        given = inspect.getargvalues(frame)
        layer = given.locals[given.args[0]]
        arguments = [given.locals[name] for name in (given.varargs, given.keywords) if name is not None]
        tensors = [one for one in keras.tree.flatten(arguments) if self._is_tensor(one)]
        if not layer.built:
            self.failed = layer
            raise NotBuiltError
        use = 0
        if around is not None and around.inside is not None:
            inside = around.inside
            use = inside.calls.get(id(layer), 0)
            inside.calls[id(layer)] = use + 1
            origins = [inside.origin_of(tensor) for tensor in tensors]
            inside.members.setdefault(id(layer), layer)
            for place, origin in enumerate(origins):
                if origin is not None:
                    source, source_use, output = origin
                    inside.wires.append(Wire(source, layer, source_use, use, output, place))
        manner = self._manner(layer)
        is_known = id(layer) in self.levels or any(call.layer is layer for call in self._calls)
        if manner == "traced" and is_known:
            manner = "leaf"
        opened = _Inside() if manner == "traced" else None
        if opened is not None:
            for place, tensor in enumerate(tensors):
                opened.know(tensor, (None, 0, place))
        self._calls.append(_Call(layer, use, frame, manner, opened))

    def _leave(self, call: _Call, result: Any) -> None:
        if result is None:  # also where it raised
            self.failed = self.failed or call.layer
        else:
            self.failed = None
        tensors = [one for one in keras.tree.flatten(result) if self._is_tensor(one)]
        if call.inside is not None:
            for place, tensor in enumerate(tensors):
                origin = call.inside.origin_of(tensor)
                if origin is not None:
                    source, use, output = origin
                    call.inside.wires.append(Wire(source, None, use, 0, output, place))
                    if isinstance(source, Joint) and not self._calls:
                        source.is_output = len(tensors) == 1
            self.levels[id(call.layer)] = call.inside.level(CUT_SHORT if result is None else None)
        if tensors:
            self.puts.setdefault(id(call.layer), _put(tensors))
        around = self._calls[-1].inside if self._calls else None
        if around is not None:
            for place, tensor in enumerate(tensors):
                around.know(tensor, (call.layer, call.use, place))

    def _end_function(self, call: _Call, frame: FrameType, result: Any) -> None:
        """What a function put out comes from what it was given, unless one within it was told to put it out."""
        inside = call.inside
        if inside is None or not inside.functions:
            return
        given = inside.functions.pop()
        origins = tuple(dict.fromkeys(inside.origins[id(one)] for one in given))
        if not origins or result is None:
            return
        several = result if isinstance(result, list | tuple) else (result,)
        tensors = [one for one in several if self._is_tensor(one)]
        new = [one for one in tensors if id(one) not in inside.origins]
        if new and len(origins) > 1:
            sources = dict.fromkeys(inside.origin_of(one) for one in given)
            inside.join(name_of_function(frame, call.frame), [one for one in sources if one is not None], new)
            return
        for tensor in new:
            inside.know(tensor, origins[0])
            inside.made[id(tensor)] = ANY_FUNCTION
        known = {id(one) for one in given}
        is_first = known.isdisjoint(inside.made)
        for tensor in tensors:
            maker = inside.made.pop(id(tensor), "") if id(tensor) not in known else ""
            name = name_of_maker(frame, maker, is_first) if maker else ""
            if name:
                inside.made[id(tensor)] = name

    def _is_tensor(self, value: Any) -> bool:
        kind = type(value)
        if kind not in self._kinds:
            self._kinds[kind] = bool(keras.ops.is_tensor(value)) and not isinstance(value, keras.Variable)
        return self._kinds[kind]


def _given(origins: Mapping[int, Origin], frame: FrameType) -> Iterator[Any]:
    """The tensors of a known origin that a function was called with."""
    code = frame.f_code
    several = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    count = code.co_argcount + code.co_kwonlyargcount + several
    if count:
        values = frame.f_locals
        for name in code.co_varnames[:count]:
            yield from _tensors_in(origins, values.get(name))


def _tensors_in(origins: Mapping[int, Origin], value: Any) -> Iterator[Any]:
    if id(value) in origins:
        yield value
    elif isinstance(value, list | tuple | dict) and len(value) <= MOST_IN_A_LIST:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _tensors_in(origins, one)


def _put(tensors: list[Any]) -> Put:
    return Put(tuple(plain_shape(one.shape) for one in tensors), str(keras.backend.standardize_dtype(tensors[0].dtype)))
