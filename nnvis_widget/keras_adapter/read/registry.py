"""What is registered for classes of layers, by a person or by the package that brings them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.metadata import entry_points
from inspect import isclass
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import keras

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.errors import ModelError

GROUP = "nnvis_widget.layers"
YOU = ""

Value = TypeVar("Value")

_package: ContextVar[str] = ContextVar("package that registers its layers", default=YOU)


class Registry(Generic[Value]):
    """Values by class. What a person registers takes the place of what was; of two packages the first stays.

    Args:
        what: What is registered, for errors.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._kept: WeakKeyDictionary[type, tuple[str, Value]] = WeakKeyDictionary()

    def put(self, layer_class: type, value: Value) -> None:
        """Keep a value.

        Raises:
            ModelError: If a package registers what somebody else has registered.
        """
        owner = _package.get()
        before = self._kept.get(layer_class)
        if before is not None and owner not in (YOU, before[0]):
            first = f"the package {before[0]!r} has" if before[0] != YOU else "you have"
            raise ModelError(
                f"Expected one {self._what} for {layer_class.__name__}, but {first} registered one and the package "
                f"{owner!r} brings another. The first stays; register the one that you want yourself."
            )
        self._kept[layer_class] = owner, value

    def get(self, layer_class: type) -> Value | None:
        """What was kept of this very class."""
        return self._kept.get(layer_class, (YOU, None))[1]

    def of(self, layer: Any) -> Value | None:
        """What was kept of the nearest class above a layer, if the layer has the `call` of that class."""
        own: Any = type(layer)
        for known in own.__mro__:
            value = self.get(known)
            if value is not None:
                return value if own.call is known.call else None
        return None


def check_layer_class(layer_class: Any) -> None:
    """Refuse what is no class of a layer.

    Raises:
        ModelError: If it is none.
    """
    if not isclass(layer_class) or not issubclass(layer_class, keras.layers.Layer):
        got = layer_class.__name__ if isclass(layer_class) else f"an object of class {type(layer_class).__name__}"
        raise ModelError(f"Expected a subclass of keras.layers.Layer, got {got}. Pass the class itself.")


@cache
def load_packages() -> None:
    """Let each installed package with an entry point `nnvis_widget.layers` register its layers, once a process.

    An entry point names a function without arguments, or a module that registers when it is imported. One that fails
    is told as a warning and left out.
    """
    for entry in entry_points(group=GROUP):
        package = entry.dist.name if entry.dist is not None else entry.value
        with _registering(package):
            try:
                register = entry.load()
                if callable(register):
                    register()
            except Exception as error:
                warnings.warn(
                    f"nnvis_widget goes on without the layers of the package {package!r} ({entry.value}): "
                    f"{sentence(error) or type(error).__name__}",
                    RuntimeWarning,
                    stacklevel=2,
                )


@contextmanager
def _registering(package: str) -> Iterator[None]:
    before = _package.set(package)
    try:
        yield
    finally:
        _package.reset(before)
