"""Running a function of a model without a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from time import perf_counter
from typing import Any

import keras
import numpy as np

from nnvis_widget.keras_adapter.arrays import is_uneven
from nnvis_widget.keras_adapter.own_code import OwnCode, read_own_code
from nnvis_widget.keras_adapter.past_weights import Pairs, past_weights
from nnvis_widget.keras_adapter.putting_back import on_a_thread, put_back
from nnvis_widget.keras_adapter.read.torch_functions import called_from_python
from nnvis_widget.keras_adapter.torch_modules import in_inference, modules_of, tensors_on_torch

COMPILING_S = 1.0  # what it takes for a decoder of four blocks
OUT_OF_GRAPH = ("PyFunc", "PyFuncStateless", "EagerPyFunc")

Function = Callable[[Any], Any]


def stateless(
    function: Function,
    model: Any,
    beside: Mapping[int, Sequence[Any]] | None = None,
    is_slow: bool = False,
    is_at_rest: Callable[[], bool] = lambda: False,
) -> Function:
    """The function so that it changes nothing of the model, compiled where TensorFlow is the backend.

    Variables of Keras are written into a scope that is thrown away; what a person's own code moves besides is put back.
    A model of Keras' own layers is compiled from the second call on, one with other code, or a slow one, from the
    first: a loop of thousands of steps takes seconds where it is not compiled, and eager
    operations of TensorFlow draw from a generator that cannot be put back. At rest a model whose code leaves no trace
    is compiled once its calls have taken as long as compiling would: nobody waits for that who looks once. A model that
    runs eagerly does so here too, and so do rows of different lengths, and what is computed with the weights of the
    past.

    Args:
        function: Takes one list of arrays.
        model: The model that it runs.
        beside: By the `id` of a layer functions that are called with it, besides its own.
        is_slow: Whether it is not to be run without being compiled first, where that can be helped.
        is_at_rest: Tells whether the model takes no steps meanwhile.
    """
    code, modules = read_own_code(model, beside), modules_of(model)

    def call(arrays: Any, weights: Pairs = ()) -> Any:
        with keras.StatelessScope(list(weights)), in_inference(model, modules), called_from_python():
            return function(arrays)

    if keras.config.backend() != "tensorflow":
        return lambda arrays: _guarded(partial(call, weights=past_weights()), code)(tensors_on_torch(arrays))
    import tensorflow as tf

    graphs: dict[tuple[object, ...], Function] = {}
    is_repeatable, spent_s = code.is_pure and not is_slow, list[float]()

    def is_eager() -> bool:
        if getattr(model, "run_eagerly", False) and "tensorflow" not in code.draws:
            return True
        if not is_repeatable:
            return False
        return sum(spent_s) < COMPILING_S if is_at_rest() else not (spent_s or code.parts)

    def run(arrays: Any) -> Any:
        if any(is_uneven(array) for array in arrays):
            return _guarded(call, code)(list(map(_tensor, arrays)))
        tensors = [tf.convert_to_tensor(array) for array in arrays]
        if past_weights():
            return _guarded(partial(call, weights=past_weights()), code)(tensors)
        if is_eager():
            start_s = perf_counter()
            found = _guarded(call, code)(tensors)
            spent_s.append(perf_counter() - start_s)
            return found
        specs = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]
        kind = tuple((spec.dtype, *spec.shape[1:]) for spec in specs)
        if kind not in graphs:
            # A partial has no code object: TensorFlow counts tracings by that, over all models ever looked at, and
            # warned of "5 out of the last 5 calls" when a person ran the same cells again.
            graph = tf.function(partial(call), input_signature=[specs], autograph=False)
            graphs[kind] = _traced(graph, code, model) if code.parts else graph
        return graphs[kind](tensors)

    return run


def _tensor(array: Any) -> Any:
    import tensorflow as tf

    if not is_uneven(array):
        return tf.convert_to_tensor(array)
    return tf.RaggedTensor.from_row_lengths(np.concatenate(list(array)), [len(row) for row in array])


def _guarded(call: Function, code: OwnCode) -> Function:
    if not code.parts:
        return call

    def run(arrays: Any) -> Any:
        with put_back(code):
            return on_a_thread(call, arrays) if "keras" in code.draws else call(arrays)

    return run


def _traced(graph: Any, code: OwnCode, model: Any) -> Function:
    """The compiled graph, with what it moves itself put back: variables that Keras does not know, and Python's."""

    def trace(_: Any) -> tuple[Any, Any]:
        concrete = graph.get_concrete_function()
        return concrete.graph.as_graph_def(), concrete.variables  # a generator that Keras made here lives by these

    definition, variables = _guarded(trace, code)(None)
    nodes = [*definition.node, *(node for function in definition.library.function for node in function.node_def)]
    kinds = {node.op for node in nodes}
    is_python = bool(kinds.intersection(OUT_OF_GRAPH))
    known = {id(variable.value) for variable in model.variables}
    foreign = [variable for variable in variables if id(variable) not in known]
    is_written = any(kind.startswith("Assign") for kind in kinds)

    def run(tensors: Any) -> Any:
        before = [variable.read_value() for variable in foreign] if is_written else ()
        with put_back(code) if is_python else nullcontext():
            outputs = graph(tensors)
        for variable, value in zip(foreign, before, strict=False):
            variable.assign(value)
        return outputs

    return run
