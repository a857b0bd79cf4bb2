"""One layer as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import keras

from nnvis_widget.core.anatomy import Role
from nnvis_widget.core.face import Face
from nnvis_widget.core.graph import UNIT_LIMIT, Layer, Parameter, Shape
from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.keras_adapter.read.attending import attention_of
from nnvis_widget.keras_adapter.read.joints import Joint
from nnvis_widget.keras_adapter.read.nodes import InputCard, Put, has_own_call, leaves, plain_shape
from nnvis_widget.keras_adapter.read.orders import own_order
from nnvis_widget.keras_adapter.read.parameter_names import named_variables
from nnvis_widget.keras_adapter.read.parts import OwnWeights
from nnvis_widget.keras_adapter.read.roles import activation_of, broken_promise, role_of
from nnvis_widget.keras_adapter.read.views import probes_of
from nnvis_widget.keras_adapter.read.windows import window_of

NOT_BUILT = english_text("noteNotBuilt")
NO_INNER_VIEW = english_text("noteNoInnerView")
NOT_CALLED = english_text("noteNotCalled")
OF_ITS_OWN = english_text("noteOwnWeights")


def read_layer(
    layer_id: str,
    operation: Any,
    path: str = "",
    uses: int | None = 1,
    puts: Mapping[int, Put] = MappingProxyType({}),
) -> Layer:
    """Describe a layer, an operation or an input card; no weight is read.

    Args:
        layer_id: Its id.
        operation: The layer or operation.
        path: Where it is.
        uses: How often it is called.
        puts: By the `id` of a layer what it put out in a trace, for where Keras knows of no call.
    """
    if isinstance(operation, Joint):
        return _read_joint(layer_id, operation, path)
    if isinstance(operation, InputCard):
        given: tuple[Shape, ...] = (operation.output_shape,) if operation.output_shape else ()
        return Layer(
            id=layer_id,
            name=operation.name,
            type="InputLayer",
            output_shape=given,
            units=_last_axis(given),
            role="input",
            path=path,
            dtype=operation.dtype,
        )
    shapes, dtype = _put_of(operation, puts.get(id(operation)))
    is_layer = isinstance(operation, keras.layers.Layer)
    is_built = not is_layer or operation.built
    role = role_of(operation)
    note = broken_promise(operation) if is_built else NOT_BUILT
    if role == "group" and is_built:
        note = NO_INNER_VIEW
    if uses == 0 and is_built:
        note = NOT_CALLED
    return Layer(
        id=layer_id,
        name=operation.name,
        type=type(operation).__name__,
        output_shape=shapes,
        parameters=tuple(_parameters(operation)) if is_layer and is_built else (),
        activation=activation_of(operation),
        units=_last_axis(shapes),
        note=note,
        role=role,
        unit_names=_unit_names(operation, _last_axis(shapes)) if is_layer else (),
        path=path,
        dtype=dtype or (str(operation.compute_dtype) if is_layer else ""),
        uses=uses,
        window=window_of(operation, role) if (is_layer or role == "merge") and note is None else None,
        attention=attention_of(operation, puts) if role == "attention" and note is None else None,
        channels=own_order(operation, role, shapes) if is_layer else "",
        numbers=tuple(probes_of(operation)) if is_layer else (),
        mask_value=_mask_value(operation),
    )


def _mask_value(operation: Any) -> float | None:
    if isinstance(operation, keras.layers.Masking):
        return float(operation.mask_value)
    return 0.0 if isinstance(operation, keras.layers.Embedding) and operation.mask_zero else None


def _read_joint(layer_id: str, joint: Joint, path: str) -> Layer:
    shapes, dtype = joint.put
    kind = "".join(word.capitalize() for word in joint.name.split("_"))
    role: Role = "merge" if joint.keeps_places else "opaque"
    units = _last_axis(shapes)
    is_row = joint.is_output and len(shapes) == 1 and len(shapes[0]) == 2 and 0 < (units or 0) <= UNIT_LIMIT
    face = Face("units", (1, 1, units or 0), is_output=True) if is_row else None  # measured as the model's own output
    return Layer(layer_id, joint.name, kind, shapes, units=units, role=role, path=path, dtype=dtype, face=face)


def read_own_weights(layer_id: str, weights: OwnWeights, path: str) -> Layer:
    """Describe the weights that a layer has beside the layers in it."""
    parameters = tuple(_parameters(weights))
    return Layer(layer_id, weights.name, "Weights", (), parameters, note=OF_ITS_OWN, path=path, uses=None)


def _unit_names(layer: Any, units: int | None) -> tuple[str, ...]:
    """What a layer with an attribute `unit_names` calls its units; nothing where these are not a text a unit."""
    names = getattr(layer, "unit_names", ())
    is_named = isinstance(names, list | tuple) and len(names) == units and all(isinstance(one, str) for one in names)
    return tuple(map(str, names)) if is_named and len(names) <= UNIT_LIMIT else ()


def _parameters(layer: Any) -> Iterator[Parameter]:
    trainable = {id(variable) for variable in layer.trainable_variables}
    for name, variable in named_variables(layer).items():
        shape = tuple(int(size) for size in variable.shape)
        yield Parameter(name, shape, str(variable.dtype), id(variable) in trainable)


def _put_of(operation: Any, seen: Put | None) -> Put:
    """What is told of its output; where another rank was seen, or nothing is told, what was seen."""
    told = _outputs_of(operation)
    if told is None or (seen is not None and list(map(len, told.shapes)) != list(map(len, seen.shapes))):
        return seen or told or Put((), "")
    return told


def _outputs_of(operation: Any) -> Put | None:
    if isinstance(operation, keras.Model) and has_own_call(operation):
        return None  # what its layers put out need not be what it does
    try:
        tensors = leaves(operation.output)
    except (AttributeError, ValueError):
        return None
    return Put(tuple(plain_shape(tensor.shape) for tensor in tensors), str(tensors[0].dtype) if tensors else "")


def _last_axis(shapes: tuple[Shape, ...]) -> int | None:
    return shapes[0][-1] if len(shapes) == 1 and len(shapes[0]) > 1 else None
