"""A layer or model as it stands in the configuration of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nnvis_widget.core.graph import Shape
from nnvis_widget.core.paths import name_by_keras
from nnvis_widget.keras_adapter.read.nodes import plain_shape

MOST_DEPTH = 50
HOLDING = ("layer", "backward_layer", "cell", "cells")
"""Where a layer of Keras keeps the layers that it is around."""


class OddConfigError(Exception):
    """The configuration is not as Keras writes it."""


class Entry:
    """A layer or model as it stands in a configuration.

    Attributes:
        name: Its name.
        type: The name of its class.
        is_of_keras: Whether the class is one of Keras; what others do is not known.
        is_layer: Whether it is a layer or model, not an operation of `keras.ops`.
        is_sequential: Whether it is a Sequential of Keras.
        is_functional: Whether its layers and their links are told.
        is_model: Whether it is a model.
        config: Its configuration.
        inbound: Its calls in a functional model.
        given: The shapes that it was built for, one an input.
        put: The shapes and the element type of what it puts out, as far as they are known.
    """

    def __init__(self, entry: Any, depth: int = 0) -> None:
        if depth > MOST_DEPTH:
            raise OddConfigError(f"models more than {MOST_DEPTH} deep in each other")
        if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
            raise OddConfigError("something that names no class")
        config = entry.get("config")
        self.config: dict[str, Any] = config if isinstance(config, dict) else {}
        self.type: str = entry["class_name"]
        self.name = str(entry.get("name") or self.config.get("name") or name_by_keras(self.type))
        module = str(entry.get("module"))
        self.is_of_keras = module.partition(".")[0] == "keras" and not str(entry.get("registered_name") or "").count(
            ">"
        )
        self.is_layer = not module.startswith("keras.src.ops")
        inbound = entry.get("inbound_nodes")
        self.inbound: list[Any] = inbound if isinstance(inbound, list) else []
        build = entry.get("build_config")
        self.given = shapes_in(build.get("input_shape")) if isinstance(build, dict) else ()
        self.put: tuple[Shape, ...] = shapes_in(self.config.get("batch_shape")) if self.type == "InputLayer" else ()
        self.dtype = _dtype(self.config.get("dtype"))
        self._depth = depth

        self.is_sequential = self.is_of_keras and self.type == "Sequential"
        self.is_functional = "input_layers" in self.config and "output_layers" in self.config
        self.is_model = self.is_sequential or self.is_functional or "compile_config" in entry

    def parts(self) -> list[Entry]:
        """The layers in it, as far as its configuration has them."""
        if self.is_sequential or self.is_functional:
            layers = self.config.get("layers")
            return [Entry(one, self._depth + 1) for one in layers] if isinstance(layers, list) else []
        values = [value for key, value in self.config.items() if not self.is_of_keras or key in HOLDING]
        return [Entry(one, self._depth + 1) for one in _entries_in(values)]


def ends_in(value: Any) -> Iterator[tuple[str, int, int]]:
    """Triples of a layer's name, which of its calls, which output of it."""
    match value:
        case [str() as name, int() as node, int() as output]:
            yield name, node, output
        case list() | dict():
            for one in _values(value):
                yield from ends_in(one)


def _values(value: list[Any] | dict[str, Any]) -> Iterable[Any]:
    """In the order in which Keras goes through them."""
    return [value[key] for key in sorted(value)] if isinstance(value, dict) else value


def tensors_in(value: Any) -> Iterator[dict[str, Any]]:
    """The tensors in the arguments of a call: each with its shape and where it comes from."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        if isinstance(config, dict):
            yield config
    elif isinstance(value, list | dict):
        for one in _values(value):
            yield from tensors_in(one)


def _entries_in(value: Any) -> Iterator[dict[str, Any]]:
    """What is a layer within a configuration, the outermost of each."""
    if isinstance(value, dict):
        module = str(value.get("module"))
        config = value.get("config")
        has_layers = isinstance(config, dict) and "layers" in config
        is_layer = module.startswith("keras.layers") or "build_config" in value or has_layers
        if isinstance(value.get("class_name"), str) and is_layer:
            yield value
            return
    if isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _entries_in(one)


def shapes_in(value: Any) -> tuple[Shape, ...]:
    """The shapes in a shape, a list or a dict of them."""
    if isinstance(value, list) and value and all(size is None or type(size) is int for size in value):
        return (plain_shape(value),)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return tuple(shape for one in inner for shape in shapes_in(one))


def _dtype(value: Any) -> str:
    name = name_of(value) or ""
    return name.removeprefix("mixed_")


def name_of(value: Any) -> str | None:
    """A name, or that of what is written out; `None` where there is none."""
    if isinstance(value, str):
        return value
    config = value.get("config") if isinstance(value, dict) else None
    if isinstance(config, str):
        return config
    return name_of(config.get("name")) if isinstance(config, dict) else None
