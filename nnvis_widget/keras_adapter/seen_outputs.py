"""What layers at any depth put out, seen while a model is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, NamedTuple

import keras

from nnvis_widget.keras_adapter.read.watch_calls import LAYER_CALL


class Seen(NamedTuple):
    """One call of a layer.

    Attributes:
        args: What it was called with.
        named: What it was called with by name.
        masks: The masks of padding, by the names of arguments, that Keras found at what it was called with. A layer
            may take them off there in its call.
        put_out: The first tensor that it put out.
    """

    args: tuple[Any, ...]
    named: Mapping[str, Any]
    masks: Mapping[str, Any]
    put_out: Any

    @property
    def given(self) -> Any:
        """The first tensor that it was given; `None` where there is none."""
        return _first((self.args, self.named))


def see_outputs(call: Callable[[], Any], ids: Mapping[int, str]) -> tuple[Any, dict[str, Seen]]:
    """Make a call, and see what some layers put out in it.

    Nothing of the model or of Keras is wrapped or replaced; see `watch_calls`. A layer that is called twice, or within
    a loop or a branch that is compiled, is left out.

    Args:
        call: What is called; its result is handed on.
        ids: The layers' ids by the `id` of each.
    """
    watch = _Watch(ids)
    before = sys.getprofile()
    sys.setprofile(watch.see)
    try:
        result = call()
    finally:
        sys.setprofile(before)
    return result, {name: seen for name, seen in watch.seen.items() if seen is not None}


class _Watch:
    def __init__(self, ids: Mapping[int, str]) -> None:
        self._ids = ids
        self._open: list[tuple[FrameType, str, tuple[Any, ...], dict[str, Any]]] = []
        self._is_of_here = _belongs_here()
        self.seen: dict[str, Seen | None] = {}

    def see(self, frame: FrameType, event: str, arg: Any) -> None:
        if frame.f_code is not LAYER_CALL:
            return
        if event == "call":
            given = frame.f_locals
            name = self._ids.get(id(given.get("self")))
            if name is not None:
                self._open.append((frame, name, tuple(given["args"]), dict(given["kwargs"])))
        elif event == "return" and self._open and self._open[-1][0] is frame:
            _, name, args, named = self._open.pop()
            filled = frame.f_locals["kwargs"]
            masks = {key: filled[key] for key in filled if key.endswith("mask") and named.get(key) is None}
            put_out = _first(arg)
            is_new = name not in self.seen and put_out is not None and self._is_of_here(put_out)
            self.seen[name] = Seen(args, named, masks, put_out) if is_new else None


def _first(values: Any) -> Any:
    return next((one for one in keras.tree.flatten(values) if keras.ops.is_tensor(one)), None)


def _belongs_here() -> Callable[[Any], bool]:
    """Whether a tensor can be handed out of the function that is called: one of a compiled loop in it cannot."""
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
        return lambda tensor: not tf.is_symbolic_tensor(tensor) or tensor.graph is graph
    if keras.config.backend() == "jax":
        import jax

        return lambda tensor: not isinstance(tensor, jax.core.Tracer)
    return lambda _: True
