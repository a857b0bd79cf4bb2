"""The structure of a model in a `.keras` file, of which nothing is run or imported."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from itertools import pairwise
from typing import Any

from nnvis_widget.core.graph import Layer, Shape
from nnvis_widget.core.structure import ANY, GroupKind, NetworkStructure
from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.read.assemble import Assembler
from nnvis_widget.keras_adapter.read.config_entry import (
    Entry,
    OddConfigError,
    ends_in,
    name_of,
    shapes_in,
    tensors_in,
)
from nnvis_widget.keras_adapter.read.nodes import InputCard, Level, Wire, chain
from nnvis_widget.keras_adapter.read.parts import NOT_TRACED
from nnvis_widget.keras_adapter.read.roles import activation_of_name, role_of_name

MOST_BYTES = 64 * 2**20
CONFIG = "config.json"
NOT_IN_IT = english_text("noteOfFile")
AGAIN = "Save the model again with model.save('name.keras')."
IN_A_FILE = english_text("noteInFile")


def read_keras_file(path: Any) -> NetworkStructure:
    """Describe the model in a `.keras` file by the configuration in it; weights, and so their counts, are not read.

    Args:
        path: A file that `model.save` has written.

    Raises:
        ModelError: If there is no such file, or it is cut, is none of these, or its configuration takes more than
            64 MB.
    """
    name = os.fspath(path)
    if not str(name).endswith(".keras"):
        raise ModelError(
            f"Expected a Keras model, got {name!r}. Pass a keras.Sequential, a functional keras.Model or a subclass of "
            "it, or the path of a .keras file."
        )
    config = _config_in(name)
    try:
        entry = Entry(config)
        assembled = _FileReader().assemble(_root_level(entry))
    except (RecursionError, OddConfigError) as error:
        raise ModelError(f"Expected the configuration of a Keras model in {name!r}, got {error}. {AGAIN}") from None
    return assembled.structure(entry.name, count=0, trainable=0, is_built=False, note=NOT_IN_IT)


class _FileReader(Assembler):
    def type_of(self, operation: Any) -> str:
        return operation.type if isinstance(operation, Entry) else "InputLayer"

    def card(self, layer_id: str, operation: Any, path: str, level: Level) -> Layer:
        if isinstance(operation, InputCard) or operation.type == "InputLayer":
            shapes = operation.put if isinstance(operation, Entry) else (operation.output_shape,)
            shapes = tuple(shape for shape in shapes if shape)
            units = _last(shapes)
            return Layer(layer_id, operation.name, "InputLayer", shapes, units=units, role="input", path=path)
        kind = role_of_name(operation.type, operation.is_layer) if operation.is_of_keras else "opaque"
        shapes = operation.put or _output_of(operation, kind)
        return Layer(
            id=layer_id,
            name=operation.name,
            type=operation.type,
            output_shape=shapes,
            activation=name_of(operation.config.get("activation")) or activation_of_name(operation.type),
            units=_last(shapes),
            note=IN_A_FILE,
            role="group" if operation.is_model else kind,
            path=path,
            dtype=operation.dtype,
            uses=level.uses.get(id(operation), 1),
        )

    def inside(self, operation: Any) -> Level | None:
        if not isinstance(operation, Entry):
            return None
        parts = operation.parts()
        if not parts:
            return None
        if operation.is_functional:
            return _functional_level(operation, parts)
        if operation.is_sequential:
            return _row([part for part in parts if part.type != "InputLayer"])
        if operation.is_of_keras:
            rows = [[part] for part in parts] if operation.type == "Bidirectional" else [parts]
            return Level(parts, [one for row in rows for one in chain(row, ANY)], dict.fromkeys(map(id, parts)))
        return Level(parts, [], dict.fromkeys(map(id, parts)), NOT_TRACED)

    def kind(self, operation: Any) -> GroupKind:
        if operation.is_model:
            return "model"
        return "wrapper" if operation.is_of_keras and "layer" in operation.config else "layer"


def _config_in(name: str) -> Any:
    try:
        with zipfile.ZipFile(name) as archive, archive.open(CONFIG) as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ModelError(f"Expected a .keras file, but {name!r} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise ModelError(f"Expected a .keras file, but {name!r} is cut, or is none. {AGAIN}") from None
    if len(raw) > MOST_BYTES:
        raise ModelError(
            f"Expected a configuration of at most {MOST_BYTES // 2**20} MB, but that in {name!r} is larger once "
            "unpacked. If you trust the file, load the model yourself and pass it."
        )
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise ModelError(f"Expected a configuration in JSON in {name!r}, which is none. {AGAIN}") from None


def _root_level(entry: Entry) -> Level:
    parts = entry.parts()
    if entry.is_functional:
        return _functional_level(entry, parts)
    if entry.is_sequential:
        inputs = [part for part in parts if part.type == "InputLayer"]
        rest = [part for part in parts if part.type != "InputLayer"]
        shapes = inputs[0].put if inputs else shapes_in(entry.config.get("build_input_shape"))
        return _row([InputCard("input", shapes[0] if shapes else ()), *rest] if rest and shapes else rest)
    card = InputCard("input", ())
    return Level([card, entry], [Wire(None, card), Wire(card, entry, input=ANY), Wire(entry, None)], {})


def _row(members: list[Any]) -> Level:
    """A Sequential: what a layer puts out is what the next was built for."""
    for one, following in pairwise(members):
        if isinstance(one, Entry) and len(following.given) == 1:
            one.put = following.given
    return Level(members, chain(members) if members else [], {})


def _functional_level(entry: Entry, parts: list[Entry]) -> Level:
    by_name = {part.name: part for part in parts}
    members = sorted(parts, key=lambda part: part.type != "InputLayer")
    shapes: dict[int, dict[int, tuple[Shape, ...]]] = {}
    starts = enumerate(ends_in(entry.config["input_layers"]))
    wires = [Wire(None, by_name[name], output=place) for place, (name, _, _) in starts if name in by_name]
    for part in members:
        for use, call in enumerate(part.inbound):
            for place, tensor in enumerate(tensors_in(call)):
                history, shape = tensor.get("keras_history"), tensor.get("shape")
                for name, node, output in ends_in(history):
                    source = by_name.get(name)
                    if source is not None:
                        wires.append(Wire(source, part, _use(source, node), use, output, place))
                        shapes.setdefault(id(source), {})[output] = shapes_in(shape)
    for place, (name, node, output) in enumerate(ends_in(entry.config["output_layers"])):
        if name in by_name:
            wires.append(Wire(by_name[name], None, _use(by_name[name], node), 0, output, place))
    for part in parts:
        known = shapes.get(id(part), {})
        if sorted(known) == list(range(len(known))) and not part.put:
            part.put = tuple(shape for output in sorted(known) for shape in known[output])
    uses: dict[int, int | None] = {id(part): len(part.inbound) for part in parts if len(part.inbound) > 1}
    return Level(members, wires, uses)


def _use(source: Entry, node: int) -> int:
    """Which call it is; Keras counts those of a functional model from 1."""
    return max(0, min(node - int(source.is_functional), len(source.inbound) - 1))


def _output_of(entry: Entry, role: str) -> tuple[Shape, ...]:
    """Of a layer that nothing in the file follows: as its class tells it."""
    if len(entry.given) != 1:
        return ()
    units = entry.config.get("units")
    if role == "dense" and isinstance(units, int):
        return ((*entry.given[0][:-1], units),)
    return entry.given if role in ("norm", "elementwise") else ()


def _last(shapes: tuple[Shape, ...]) -> int | None:
    return shapes[0][-1] if len(shapes) == 1 and len(shapes[0]) > 1 else None
