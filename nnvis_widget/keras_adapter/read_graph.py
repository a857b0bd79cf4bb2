"""Reading the structure of a Keras model."""

from __future__ import annotations

from os import PathLike
from typing import Any

from nnvis_widget.core.grouping import grouped
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.keras_adapter.read.keras_file import read_keras_file
from nnvis_widget.keras_adapter.read.read_structure import check_model, read_structure
from nnvis_widget.keras_adapter.tracing import trace_call


def read_graph(model: Any, sample: Any = None) -> NetworkStructure:
    """Describe a model's layers at every depth, their links and parameters as plain data.

    Sequential and functional models are read layer by layer: several inputs and outputs, merges, shared layers and
    operations of `keras.ops` included. What holds layers is a group of them: a nested model, a layer around another, a
    layer or model that is a function of its own. `structure.folded(opened)` is what is drawn of it, each group that is
    not opened as one layer. No weight is read. Cost: 0.06 s for a thousand layers.

    Where there are functions of a person's own, the model is called once in inference mode, and it is seen which layers
    they call, and what flows between these; where functions join the outputs of several layers, they are layers of the
    structure too, such as the + of a way around. What is not called on this sample is said to be so. Weights, states,
    attributes and random generators are as before. A model that another thread trains eagerly is better read when it
    rests: its own attributes are put back. Cost: one pass of one sample, not compiled.

    Args:
        model: Any Keras model; one that is not built yet is described without shapes and parameters. Or the path of a
            `.keras` file: its structure is read from its configuration, of which nothing is run or imported; weights
            and the code of a person's own classes are not known then.
        sample: A batch of at least one sample as the model takes it, of which the first is used; without one, zeros of
            the shape that the model was built for.

    Returns:
        The structure; `parameter_count` equals `model.count_params()`. Where the call fails, or nothing tells with what
        to call the model, the layers are there with what is known of them, and `note` says what is missing and why.

    Raises:
        ModelError: If `model` is no Keras model, or the file cannot be read.
        DataError: If the sample has other inputs than the model.

    Example:
        >>> structure = nv.read_graph(model)
        >>> [layer.path for layer in structure.layers]
        ['input', 'dense', 'dense[1]']
    """
    if isinstance(model, str | PathLike):
        return grouped(read_keras_file(model))
    check_model(model)
    return grouped(read_structure(model, trace_call(model, sample)).structure)
