"""Calling a model once, without a trace in it, to see how the layers in a person's own code are linked."""

from __future__ import annotations

from inspect import isfunction, unwrap
from types import CodeType
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.graph import Shape
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.words.kept_text import english_text
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.putting_back import on_a_thread, put_back
from nnvis_widget.keras_adapter.read.nodes import Trace, is_function, is_told, plain_shape
from nnvis_widget.keras_adapter.read.parts import parts_of, wrapped_level
from nnvis_widget.keras_adapter.read.torch_functions import called_from_python
from nnvis_widget.keras_adapter.read.vocabularies import tells_another_shape
from nnvis_widget.keras_adapter.read.watch_calls import CallWatch, Manner, NotBuiltError, RefusedError
from nnvis_widget.keras_adapter.samples import in_order, input_tensors, packed, places
from nnvis_widget.keras_adapter.torch_modules import in_inference, modules_of

UNKNOWN_SIZE = 32
NO_SAMPLE = english_text("traceNoSample")
SEEDED = ("stateless", "set_", "create", "fold", "split")
NO_FUNCTION = english_text("traceNoCall")
NOT_BUILT = english_text("traceNotBuilt")


def trace_call(model: Any, sample: Any = None) -> Trace | None:
    """Call a model once in inference mode, and see what its layers call and hand on; `None` where that is known.

    Weights, states, attributes and random generators are as before. Cost: one pass of one sample that is not compiled,
    three times as slow as without being watched.

    Args:
        model: A Keras model.
        sample: A batch of at least one sample, as the model takes it; of others the first is used. Without one, zeros
            of the shape that the model was built for.

    Raises:
        DataError: If the sample has other inputs than the model.
    """
    manners: dict[int, Manner] = {}
    if _manner(model, manners) == "leaf":
        return None
    if not model.built:
        return Trace({}, {}, NOT_BUILT)
    if not is_function(model):
        return Trace({}, {}, NO_FUNCTION)
    inputs = _zeros(model) if sample is None else _first_of(model, sample)
    if inputs is None:
        return Trace({}, {}, NO_SAMPLE)
    modules = modules_of(model)
    watch = CallWatch(lambda layer: _manner(layer, manners), drawing())

    def call(given: Any) -> None:
        given = keras.tree.map_structure(_tensor, given)  # what is converted on the way in would come from nowhere
        with keras.StatelessScope(), in_inference(model, modules), called_from_python():
            watch.watch(lambda: model(given, training=False))

    note = None
    try:
        with put_back(read_own_code(model)):
            on_a_thread(call, inputs)
    except NotBuiltError:
        note = english_text("traceToUnbuilt", layer=_named(watch.failed))
    except RefusedError:
        note = english_text("traceToRandom", layer=_named(watch.failed or model))
    except Exception as error:
        raised = f"{type(error).__name__}: {sentence(error)}"
        note = english_text("traceToError", layer=_named(watch.failed or model), error=raised)
    return Trace(watch.levels, watch.puts if _has_sizes(model) else {}, note, _given(model, inputs, sample))


def _manner(layer: Any, known: dict[int, Manner]) -> Manner:
    if id(layer) not in known:
        known[id(layer)] = "leaf"
        parts = parts_of(layer)
        if parts and not is_told(layer) and wrapped_level(layer, parts) is None:
            known[id(layer)] = "traced"
        elif tells_another_shape(layer) or any(_manner(part, known) != "leaf" for part in parts):
            known[id(layer)] = "passed"
    return known[id(layer)]


def drawing() -> frozenset[CodeType]:
    """The functions of TensorFlow that draw from a generator which cannot be put back."""
    if keras.config.backend() != "tensorflow":
        return frozenset()
    import tensorflow as tf

    functions = [one for name, one in vars(tf.random).items() if isfunction(one) and not name.startswith(SEEDED)]
    return frozenset(unwrap(one).__code__ for one in functions)


def _has_sizes(model: Any) -> bool:
    """Whether the sizes of one sample are those of all: what a layer puts out has other sizes for others elsewhere."""
    return not any(None in tensor.shape[1:] for tensor in input_tensors(model))


def _first_of(model: Any, sample: Any) -> Any:
    rows = next((tensor.shape[0] for tensor in input_tensors(model) if tensor.shape[0]), 1)
    if _is_stateful(model, set()):
        rows = None
    arrays = [np.asarray(array)[:rows] for array in in_order(model, sample)]
    if not arrays or not all(array.ndim and len(array) for array in arrays):
        got = ", ".join(f"shape {array.shape}" for array in arrays) or "no array"
        raise DataError(f"Expected a batch of at least one sample, got {got}. Pass x[:1].")
    return packed(model, arrays, places(sample))


def _given(model: Any, inputs: Any, sample: Any) -> Shape:
    """The shape of the one array that a model is called with; empty where that is not known."""
    if not isinstance(inputs, np.ndarray):
        return ()
    built_for = (model.get_build_config() or {}).get("input_shape")
    is_known = sample is not None or (built_for is not None and None not in tuple(built_for)[1:])
    return plain_shape(inputs.shape) if is_known else ()


def _is_stateful(layer: Any, known: set[int]) -> bool:
    """Whether a layer in it takes so many samples at once as it has states for, and no others."""
    if id(layer) in known:
        return False
    known.add(id(layer))
    return bool(getattr(layer, "stateful", False)) or any(_is_stateful(part, known) for part in parts_of(layer))


def _zeros(model: Any) -> Any:
    """Zeros of the shape that a model was built for; `None` where it does not tell one."""
    tensors = input_tensors(model)
    if tensors:
        return packed(model, [_zero(tensor.shape, tensor.dtype) for tensor in tensors])
    shapes = (model.get_build_config() or {}).get("input_shape")
    if shapes is None:
        return None
    return keras.tree.map_shape_structure(lambda shape: _zero(shape, model.input_dtype), shapes)


def _zero(shape: Any, dtype: Any) -> np.ndarray:
    sizes = [size or (UNKNOWN_SIZE if place else 1) for place, size in enumerate(shape)]
    return np.full(sizes, "") if str(dtype) == "string" else np.zeros(sizes, _plain(dtype))


def _plain(dtype: Any) -> Any:
    return "float32" if str(dtype) == "bfloat16" else str(dtype)


def _tensor(array: np.ndarray) -> Any:
    if array.dtype.kind not in "OSU":
        return keras.ops.convert_to_tensor(array)
    if keras.config.backend() != "tensorflow":
        return array
    import tensorflow as tf

    return tf.convert_to_tensor(array)


def _named(layer: Any) -> str:
    return f"{layer.name!r} ({type(layer).__name__})"
