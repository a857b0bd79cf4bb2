"""A sample by its index, or by the array that a person has at hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.read_graph import read_graph
from nnvis_widget.sources.source import Source


def sample_data(value: Any, sample: Any) -> Any:
    """The data for a plain model to look at one sample: a batch of it; `None` where `value` has data of its own.

    Raises:
        DataError: If the sample does not fit the model's input.
    """
    if hasattr(value, "source") or isinstance(value, Source) or not hasattr(value, "layers"):
        return None
    array = as_sample(sample)
    graph = read_graph(value).folded()
    if len(graph.inputs) > 1:
        raise DataError("Expected a model with one input, got several. Pass data=[…] with one array per input.")
    shapes = graph.layer(graph.inputs[0]).output_shape if graph.inputs else ()
    if shapes:
        wanted = tuple(shapes[0][1:])
        if array.shape[:1] == (1,) and fits(array.shape[1:], wanted):
            array = array[0]
        if not fits(array.shape, wanted):
            raise DataError(
                f"Expected a sample of shape {_written(wanted)}, got shape {_written(array.shape)}. "
                "Pass one sample without its batch axis, such as x[0]."
            )
    return array[None]


def find_sample(source: Source, sample: Any) -> int:
    """The index of a sample.

    Raises:
        DataError: If there is no such sample.
    """
    count = source.scenery.sample_count
    if isinstance(sample, bool) or not isinstance(sample, int | np.integer):
        array = as_sample(sample)
        inputs = source.scenery.inputs
        if len(inputs) == 1:
            flat = array.reshape(-1)
            known = np.asarray(inputs[0])
            if flat.size == known[0].size:
                places = np.flatnonzero((known.reshape(len(known), -1) == flat).all(axis=1))
                if len(places):
                    return int(places[0])
        raise DataError(
            f"Expected one of the {count:,} samples of this source, got an array of shape {_written(array.shape)} that "
            "is none of them. Pass an index, or look at the model itself: nv.ActivationPanel(model, sample=…)."
        )
    if not 0 <= sample < max(count, 1):
        raise DataError(f"Expected a sample from 0 to {max(count, 1) - 1}, got sample={sample}.")
    return int(sample)


def as_sample(sample: Any) -> np.ndarray:
    """The sample as an array of numbers."""
    try:
        array = np.asarray(sample)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        raise DataError(f"Expected a sample as an index or an array of numbers, got {type(sample).__name__}.")
    return array


def fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    """Whether an array has a shape that may have unknown sizes."""
    return len(shape) == len(wanted) and all(want in (None, size) for size, want in zip(shape, wanted, strict=True))


def _written(shape: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in shape)}{',' if len(shape) == 1 else ''})"
