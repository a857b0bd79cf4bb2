"""Does the data fit the model? Asked before the first step, in the user's own names."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.plain_text import sentence
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.keras_adapter.arrays import is_text, is_uneven, rows_of
from nnvis_widget.keras_adapter.read.nodes import is_function
from nnvis_widget.keras_adapter.samples import in_order, input_tensors, packed, places
from nnvis_widget.keras_adapter.stateless import stateless
from nnvis_widget.keras_adapter.to_numpy import to_numpy
from nnvis_widget.keras_adapter.torch_modules import in_inference, is_torch, modules_of


def check_model(model: Any) -> None:
    """See that a model can be trained.

    Raises:
        ModelError: If it is no Keras model, has no layers, or was not compiled.
    """
    if not isinstance(model, keras.Model):
        raise ModelError(f"Expected a Keras model to train, got {type(model).__name__}. Pass a compiled keras.Model.")
    if isinstance(model, keras.Sequential) and not model.layers:
        raise ModelError(f"Expected a model with layers, got {model.name!r} with none. Add one: model.add(...).")
    if not model.compiled:
        raise ModelError(
            f"Expected a compiled model, got {model.name!r} without optimiser and loss. "
            'Call for instance model.compile("adam", "mse") first.'
        )


def build_model(model: Any, x: Any) -> None:
    """Give an unbuilt model its variables from the shape of the inputs.

    Raises:
        ModelError: If the model cannot be built for these inputs.
    """
    if model.built and not (is_torch() and isinstance(model, keras.Sequential)):
        return
    if model.built and all(layer.built for layer in model.layers):
        return
    if not is_function(model):
        model.built = all(layer.built for layer in model.layers)
        return
    shapes = keras.tree.map_structure(lambda array: (None, *array.shape[1:]), x)
    is_plain = isinstance(x, np.ndarray) and not is_text(x)
    try:
        if model.built:
            _build_the_rest(model, x)
        elif is_plain and isinstance(model, keras.Sequential):
            model.build(shapes)
        else:
            with keras.StatelessScope():
                model(rows_of(x, slice(0, 1)))
    except Exception as error:
        raise ModelError(
            f"Expected inputs that {model.name!r} can be built for, got shapes {shapes}: {sentence(error)} "
            "Build the model yourself first: model.build(input_shape)."
        ) from error


def _build_the_rest(model: Any, x: Any) -> None:
    """Build the layers behind a module of torch that does not tell what it puts out: there Keras stops, and says that
    the Sequential is built. Not in a scope: what is built there `zero_grad` passes over."""
    before = [(variable, to_numpy(variable)) for variable in model.variables]
    with in_inference(model, modules_of(model)):
        model(rows_of(x, slice(0, 1)), training=False)
    for variable, value in before:
        variable.assign(value)


def check_arrays(model: Any, x: Any, y: Any, sample_weight: Any) -> None:
    """See that arrays agree with each other and with the model's inputs, outputs and loss.

    Raises:
        DataError: If lengths or shapes differ, there is no sample, or a label is out of range.
    """
    parts = [
        (f"{name}{f'[{index}]' if index else ''}", array)
        for name, part in (("x", x), ("y", y), ("sample_weight", sample_weight))
        if part is not None
        for index, array in enumerate(keras.tree.flatten(part))
    ]
    lengths = {name: int(array.shape[0]) for name, array in parts}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{length} in {name}" for name, length in lengths.items())
        raise DataError(f"Expected the same number of samples everywhere, got {told}. Pass arrays of one length.")
    if lengths["x"] == 0:
        raise DataError("Expected at least one sample, got none. Pass data with one row or more.")
    check_inputs(model, x)
    if isinstance(y, np.ndarray):
        _check_targets(model, x, y)


def check_inputs(model: Any, x: Any) -> None:
    """See that there is an array for each input of the model, and that it fits.

    Raises:
        DataError: If not.
    """
    arrays = in_order(model, x)
    for index, (array, tensor) in enumerate(zip(arrays, input_tensors(model), strict=False)):
        expected = tuple(tensor.shape[1:])
        if is_uneven(array):
            continue
        if is_text(array) != (tensor.dtype == "string"):
            raise DataError(
                f"Expected input {index} of {model.name!r} as {'texts' if tensor.dtype == 'string' else 'numbers'}, "
                f"got x of {'texts' if is_text(array) else array.dtype}. Convert the data or change the model's Input."
            )
        if not _fits(array.shape[1:], expected):
            raise DataError(
                f"Expected input {index} of {model.name!r} with shape (samples, {_told(expected)}), "
                f"got x of shape {array.shape}. Reshape the data or change the model's Input."
            )


def _fits(given: tuple[int | None, ...], expected: tuple[int | None, ...]) -> bool:
    """As Keras has it: a last axis of one may be there or not; an unknown size is any."""
    if len(given) == len(expected) + 1 and given[-1] == 1:
        given = given[:-1]
    elif len(given) == len(expected) - 1 and expected[-1] == 1:
        expected = expected[:-1]
    return len(given) == len(expected) and all(
        None in (want, got) or want == got for want, got in zip(expected, given, strict=True)
    )


def _check_targets(model: Any, x: Any, y: np.ndarray) -> None:
    loss, shape = _loss_name(model.loss), _output_shape(model)
    if loss is None or shape is None or not shape or shape[-1] is None:
        return
    classes = shape[-1]
    if loss == "sparsecategoricalcrossentropy":
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise DataError(
                f"Expected class numbers for {model.loss!r}, got y with NaN or infinity. "
                "Leave out the samples without a class, or number it."
            )
        if y.dtype.kind not in "iub" and not np.all(np.mod(y, 1) == 0):
            raise DataError(
                f"Expected whole class numbers for {model.loss!r}, got y of dtype={y.dtype} with fractions. "
                "Number the classes 0, 1, 2 and so on, or choose another loss."
            )
        named = y[y != ignored] if (ignored := getattr(model.loss, "ignore_class", None)) is not None else y
        if named.size and (named.min() < 0 or named.max() >= classes):
            raise DataError(
                f"Expected class numbers from 0 to {classes - 1} for an output of {classes} units, "
                f"got y from {named.min()} to {named.max()}. Renumber the labels or give the last layer more units."
            )
        return
    if loss == "categoricalcrossentropy" and (y.ndim < 2 or y.shape[-1] != classes):
        raise DataError(
            f"Expected one-hot targets of shape (samples, {classes}) for {model.loss!r}, got y of shape {y.shape}. "
            "Use keras.utils.to_categorical(y), or the loss 'sparse_categorical_crossentropy' for class numbers."
        )
    if loss == "binarycrossentropy" and y.size and (y.min() < 0 or y.max() > 1):
        raise DataError(
            f"Expected targets from 0 to 1 for {model.loss!r}, got y from {y.min()} to {y.max()}. "
            "Number the two classes 0 and 1."
        )
    if not _fits(y.shape[1:], shape) and not _fits(y.shape[1:], _put_out(model, x) or shape):
        raise DataError(
            f"Expected targets of shape (samples, {_told(shape)}) for the output of {model.name!r}, "
            f"got y of shape {y.shape}. Reshape y or change the last layer."
        )


def _loss_name(loss: Any) -> str | None:
    """Squashed name of a loss whose targets have a known shape; `None` for any other."""
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    squashed = name.replace("_", "").lower()
    known = {
        "sparsecategoricalcrossentropy", "categoricalcrossentropy", "binarycrossentropy",
        "mse", "meansquarederror", "mae", "meanabsoluteerror", "huber", "logcosh",
    }  # fmt: skip
    return squashed if squashed in known else None


def _output_shape(model: Any) -> tuple[Any, ...] | None:
    try:
        outputs = keras.tree.flatten(model.outputs)
    except (AttributeError, ValueError):
        return None
    return tuple(outputs[0].shape[1:]) if len(outputs) == 1 else None


def _put_out(model: Any, x: Any) -> tuple[int, ...] | None:
    """The shape of what really comes out for a sample: of a bag of words Keras tells one with an axis too many."""
    put_out = stateless(lambda given: model(packed(model, list(given), places(x)), training=False), model)
    with suppress(Exception):  # what goes wrong in a pass is told where it is trained
        return tuple(put_out(in_order(model, rows_of(x, slice(0, 1)))).shape[1:])
    return None


def _told(shape: tuple[Any, ...]) -> str:
    return ", ".join("any" if size is None else str(size) for size in shape)
