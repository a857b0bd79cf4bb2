"""The structure of a network as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, Literal

from nnvis_widget.core.anatomy import ANATOMY, GATES, Axis, Role, kernel_axes
from nnvis_widget.core.attention import Attention
from nnvis_widget.core.face import Face
from nnvis_widget.core.limits import MAP_LIMIT
from nnvis_widget.core.mosaic import Mosaic
from nnvis_widget.core.window import Window

FUNCTION = "J"
"""What the ids of functions in somebody's own code begin with: without a trace the layers have the same ids."""
Shape = tuple[int | None, ...]
Channels = Literal["last", "first", ""]

UNIT_LIMIT = 4_096
"""Layers that put out more elements for one sample are not drawn unit by unit."""
SMALL_BYTES = 2**20
"""Networks of at most so many bytes are recorded whole at each snapshot."""


@dataclass(frozen=True)
class Parameter:
    """One variable of a layer, without its values.

    Attributes:
        name: The variable's name within its layer, such as `kernel`.
        shape: Its shape.
        dtype: Its element type, such as `float32`.
        is_trainable: Whether training changes it.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    is_trainable: bool

    @property
    def count(self) -> int:
        """The number of elements."""
        return prod(self.shape)

    @property
    def kind(self) -> str:
        """What it is wherever in the layer: `kernel` also of `query/kernel`."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        id: Opaque and stable within one graph (`L0`, `L1`, …); safe as a key or an element id.
        name: The user's name for it: data, never a path or a key.
        type: The class name, such as `Dense`: to be shown, never to be asked; see `role`.
        output_shape: One shape per output, the batch as `None`; empty where the layer is not built yet.
        parameters: The variables in the layer's own order.
        activation: The name of the activation that the layer applies or is, or `None` where there is none.
        units: Drawable units: the size of the last axis; `None` where it is unknown.
        note: Why nothing inside is drawn, for a card; `None` for an ordinary layer.
        role: What it is, whatever its class is called: what is drawn and computed of a layer follows from it.
        unit_names: What the layer calls its units, a text each; empty where it names none.
        path: Where it is in the model, such as `encoder/dense[1]`: unique, and the same in each reading of a model that
            the same code has made, however often that has run.
        dtype: The element type of what it puts out; empty where that is unknown.
        uses: How often it is called each time that what holds it is called; `None` where that is unknown.
        window: What it moves over a picture; `None` where that is not known.
        mask_value: It takes no notice of places where all numbers are this one; `None` where it masks none.
        is_tokens: Whether the numbers that come in are those of tokens, which are looked up in an embedding.
        attention: Which places look at which in it; `None` where none do, or their number is not known.
        channels: Which axis of what it puts out counts the maps, or of an input the channels. Empty where nothing
            tells: of a picture the last, of a sequence none.
        face: What is drawn of it, where somebody has told; else `None`.
        numbers: Names of the numbers that somebody has told to be measured of it over the probe batch.
    """

    id: str
    name: str
    type: str
    output_shape: tuple[Shape, ...]
    parameters: tuple[Parameter, ...] = ()
    activation: str | None = None
    units: int | None = None
    note: str | None = None
    role: Role = "opaque"
    unit_names: tuple[str, ...] = ()
    path: str = ""
    dtype: str = ""
    uses: int | None = 1
    window: Window | None = None
    attention: Attention | None = None
    channels: Channels = ""
    is_tokens: bool = False
    mask_value: float | None = None
    face: Face | None = None
    numbers: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether texts come in, not numbers."""
        return self.role == "input" and self.dtype == "string"

    @property
    def is_function(self) -> bool:
        """Whether it is a function in somebody's own code, of which a trace alone knows: its output is not measured."""
        return self.id.startswith(FUNCTION)

    @property
    def tells_tokens(self) -> bool:
        """Whether numbers of tokens come out: of an input of them, or of what turns texts into them."""
        return self.is_tokens or (self.face is not None and self.face.kind == "text" and self.face.is_output)

    @property
    def parameter_count(self) -> int:
        """The number of elements of all parameters."""
        return sum(parameter.count for parameter in self.parameters)

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates whose units lie side by side in the kernels; empty where it is not recurrent or has one only."""
        for parameter in self.parameters if self.role == "recurrent" else ():
            if parameter.kind == "recurrent_kernel":
                return GATES.get(parameter.shape[-1] // max(1, parameter.shape[0]), ())
        return ()

    def axes_of(self, parameter: Parameter) -> tuple[Axis, ...]:
        """What the axes of one of its parameters are; empty where that is not known."""
        return kernel_axes(self.role, parameter.name, len(parameter.shape))

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and integers; `None` for unknown sizes."""
        parameters = [dict(vars(parameter)) for parameter in self.parameters]
        written = vars(self) | {"parameters": parameters, "parameter_count": self.parameter_count}
        window, attention, face = written.pop("window"), written.pop("attention"), written.pop("face")
        del written["channels"]
        if self.channels == "first" or (self.channels == "last" and len(self.output_shape[0]) in (3, 5)):
            written["channels"] = self.channels
        if self.mosaic is not None:
            written["grid"] = [*self.mosaic.shape, self.mosaic.down, self.mosaic.across]
        if self.mask_value is None:
            del written["mask_value"]
        if not self.is_tokens:
            del written["is_tokens"]
        if window is not None and self.map_shape is not None:
            written["window"] = window.to_json()
        if attention is not None:
            written["attention"] = vars(attention) | {"block": attention.block}
        if not self.numbers:
            del written["numbers"]
        if face is not None:
            written |= {"face": face.to_json(), "unit_names": face.names}
        return written

    @property
    def element_count(self) -> int:
        """Elements of its (first) output for one sample; 0 where that is unknown."""
        return prod(size or 0 for size in self.output_shape[0][1:]) if self.output_shape else 0

    @property
    def map_shape(self) -> tuple[int, int, int] | None:
        """Rows, columns and number of the maps that it puts out, of sequences one row; `None` where none are."""
        is_known = self.note is None and self.face is None and self.role not in ("input", "attention")
        return self.grid_shape if is_known and 0 < self.element_count <= MAP_LIMIT else None

    def with_face(self, face: Face) -> Layer:
        """It, drawn so: strips of what it puts out as any layer over a sequence."""
        names = face.names or self.unit_names
        if not face.is_output:
            return replace(self, face=face)
        if face.kind == "strip":
            return replace(self, channels="last", unit_names=names)
        return replace(self, face=replace(face, names=names), unit_names=names)

    @property
    def has_named_maps(self) -> bool:
        """Whether its units are called maps: not those of a layer over a sequence, which have a strip each as well."""
        is_sequence = bool(self.channels) and len(self.output_shape[0]) == 3
        return self.map_shape is not None and (not is_sequence or ANATOMY[self.role].has_maps)

    @property
    def grid_shape(self) -> tuple[int, int, int] | None:
        """Rows, columns and channels of what it puts out; `None` of what is no picture, no sequence and no slices."""
        if self.mosaic is not None:
            return self.mosaic.shape
        sizes = self.output_shape[0][1:] if len(self.output_shape) == 1 else ()
        known = tuple(size for size in sizes if size is not None)
        if len(known) < len(sizes) or not (len(sizes) == 3 or (len(sizes) == 2 and self.channels)):
            return None
        *space, count = (*known[1:], known[0]) if self.channels == "first" else known
        return (space[0] if len(space) == 2 else 1, space[-1], count)

    @property
    def mosaic(self) -> Mosaic | None:
        """How the slices that it puts out are laid out as one picture a map; `None` where it puts out none."""
        sizes = self.output_shape[0][1:] if len(self.output_shape) == 1 else ()
        if len(sizes) != 4 or not self.channels:
            return None
        known = tuple(size for size in sizes if size)
        if len(known) != 4:
            return None
        *space, maps = (*known[1:], known[0]) if self.channels == "first" else known
        return Mosaic(space[0], space[1], space[2], maps, self.channels == "first")

    @property
    def picture_shape(self) -> tuple[int, int, int] | None:
        """Rows, columns and number of the pictures that are drawn of it: of maps, the scores of heads, its face."""
        if self.face is not None:
            return self.face.pictures
        return self.map_shape if self.attention is None or self.note is not None else self.attention.pictures


@dataclass(frozen=True)
class Link:
    """A tensor that flows from one layer to another.

    Attributes:
        source: The id of the layer that puts it out.
        target: The id of the layer that takes it.
        source_use: Which call of the source put it out, from 0.
        target_use: Which call of the target takes it, from 0.
        output: Which of the outputs of that call it is, from 0.
        input: Which of the inputs of that call it is, from 0.
    """

    source: str
    target: str
    source_use: int = 0
    target_use: int = 0
    output: int = 0
    input: int = 0


@dataclass(frozen=True)
class NetworkGraph:
    """Layers and the links between them.

    Attributes:
        name: The model's name.
        layers: In the model's own order; inputs first.
        links: In the order of their targets.
        inputs: Ids of the input layers.
        outputs: Ids of the layers whose output the model returns.
        parameter_count: Every variable once, however often its layer is used: Keras' `count_params()`.
        trainable_count: The part of `parameter_count` that training changes.
        is_built: Whether the model has its variables yet, and they are known.
        note: What is not known of it, and why; `None` where all is.
        output_count: Elements that its layers, and those within them, put out for one sample, as far as they are drawn
            as units; `None` for those of its layers.
    """

    name: str
    layers: tuple[Layer, ...]
    links: tuple[Link, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameter_count: int
    trainable_count: int
    is_built: bool = True
    note: str | None = None
    output_count: int | None = None

    def has_layers_of(self, other: NetworkGraph) -> bool:
        """Whether what was measured of another graph's layers is of the same layers of this one, by their ids."""

        def named(graph: NetworkGraph) -> list[tuple[object, ...]]:
            return [
                (layer.id, layer.name, layer.type, layer.unit_names, *((p.name, p.shape) for p in layer.parameters))
                for layer in graph.layers
            ]

        return named(self) == named(other)

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id; `KeyError` where there is none."""
        return self._by_id[layer_id]

    def has(self, layer_id: str) -> bool:
        """Whether there is a layer with this id."""
        return layer_id in self._by_id

    def by_name(self, name: str) -> Layer:
        """The first layer with this name; `KeyError` with the known names where there is none."""
        if name in self._by_name:
            return self._by_name[name]
        known = ", ".join(repr(layer.name) for layer in self.layers[:20])
        raise KeyError(f"Expected the name of a layer, got {name!r}. The layers are: {known}.")

    def sources_of(self, layer_id: str) -> tuple[str, ...]:
        """Ids of the layers that feed this one, in the order of their links."""
        return self._sources.get(layer_id, ())

    def targets_of(self, layer_id: str) -> tuple[str, ...]:
        """Ids of the layers that this one feeds, in the order of their links."""
        return self._targets.get(layer_id, ())

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and integers; `None` for unknown sizes."""
        return {
            "name": self.name,
            "layers": [layer.to_json() for layer in self.layers],
            "links": [{"source": link.source, "target": link.target} for link in self.links],
            "inputs": list(self.inputs),
            "outputs": list(self.outputs),
            "parameter_count": self.parameter_count,
            "trainable_count": self.trainable_count,
            "is_built": self.is_built,
            "note": self.note,
        }

    @cached_property
    def is_small(self) -> bool:
        """Whether weights and one sample's activations take at most 1 MB, as float32: then each snapshot has all."""
        outputs = self.output_count
        if outputs is None:
            outputs = sum(layer.element_count for layer in self.layers if layer.element_count <= MAP_LIMIT)
        return 4 * (self.parameter_count + outputs) <= SMALL_BYTES

    # Made when first asked for; they are no fields, so equality and JSON know nothing of them.
    @cached_property
    def _by_id(self) -> Mapping[str, Layer]:
        return {layer.id: layer for layer in reversed(self.layers)}

    @cached_property
    def _by_name(self) -> Mapping[str, Layer]:
        return {layer.name: layer for layer in reversed(self.layers)}

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((link.target, link.source) for link in self.links)

    @cached_property
    def _targets(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((link.source, link.target) for link in self.links)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
