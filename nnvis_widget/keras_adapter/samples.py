"""Which array goes to which input of a model, as Keras' `predict` decides it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.arrays import is_number


def input_tensors(model: Any) -> list[Any]:
    """The symbolic inputs of a model in their order; none where it has no such thing (subclassed, or not built)."""
    try:
        return list(model.inputs or ())
    except (AttributeError, ValueError):
        return []


def in_order(model: Any, x: Any) -> list[Any]:
    """The arrays of `x` in the order of the model's inputs: by name where both have names, else by place.

    Raises:
        DataError: If there are more or fewer arrays than inputs, or an input is not named.
    """
    tensors = input_tensors(model)
    if not tensors:
        return list(keras.tree.flatten(x))
    wanted = _structure(model)
    if isinstance(x, dict) and not isinstance(wanted, dict):
        names = [tensor.name for tensor in tensors]
        _expect_keys(model, x, names)
        return [x[name] for name in names]
    if isinstance(x, dict) and isinstance(wanted, dict):
        _expect_keys(model, x, list(wanted))
    elif isinstance(wanted, dict) and isinstance(x, list | tuple) and list(wanted) != sorted(wanted):
        raise DataError(
            f"Expected the inputs of {model.name!r} by name, {_listed(wanted)}, got a {type(x).__name__}. "
            "Pass a dict of one array per name."
        )
    arrays = list(keras.tree.flatten(x))
    if len(arrays) < len(tensors) or (len(arrays) > len(tensors) and not isinstance(x, dict)):
        raise DataError(
            f"Expected {len(tensors)} input arrays for {model.name!r}, got {len(arrays)}. "
            "Pass a list with one array per input."
        )
    return arrays[: len(tensors)]


def places(x: Any) -> Any:
    """The structure of `x` with the place of each array in it."""
    return keras.tree.pack_sequence_as(x, list(range(len(keras.tree.flatten(x)))))


def packed(model: Any, arrays: list[Any], structure: Any = None) -> Any:
    """Arrays in the order of the inputs as the model's `call` takes them.

    Args:
        model: The model.
        arrays: As `in_order` gives them.
        structure: As `places` gave it; used where the model itself does not say how it takes its inputs.
    """
    if input_tensors(model):
        return keras.tree.pack_sequence_as(_structure(model), arrays)
    if structure is not None:
        return keras.tree.map_structure(lambda place: arrays[place], structure)
    return arrays[0] if len(arrays) == 1 else list(arrays)


def as_model_has_it(tensor: Any, array: np.ndarray) -> np.ndarray:
    """What an input brings, its numbers as the model casts them; those of a type that numpy has not as float32."""
    if not is_number(array):
        return array
    try:
        cast = array.astype(tensor.dtype, copy=False)
    except TypeError:
        return array
    return cast if is_number(cast) else cast.astype(np.float32)


def _structure(model: Any) -> Any:
    """How a model takes its inputs; a Sequential takes the one there is."""
    return model.inputs[0] if isinstance(model, keras.Sequential) else model.input


def _expect_keys(model: Any, x: dict[str, Any], names: list[str]) -> None:
    missing = [name for name in names if name not in x]
    if missing:
        raise DataError(
            f"Expected inputs named {_listed(names)} for {model.name!r}, got {_listed(x)}. "
            f"Pass an array for {missing[0]!r} too."
        )


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in names) or "none"
