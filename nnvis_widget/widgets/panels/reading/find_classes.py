"""The classes that a network tells apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnvis_widget.core.graph import Layer
from nnvis_widget.core.words.say import english
from nnvis_widget.errors import DataError, ModelError
from nnvis_widget.reduce.confusion import true_classes
from nnvis_widget.reduce.verdict import meaning
from nnvis_widget.sources.source import Source

MOST_CLASSES = 1_000


@dataclass(frozen=True)
class Classes:
    """The output of a classifier.

    Attributes:
        layer: The output layer.
        names: Of the classes, in the order of their indices.
        sample_count: How many samples with a class there are to predict; 0 where it is not known.
    """

    layer: Layer
    names: tuple[str, ...]
    sample_count: int

    @property
    def has_units(self) -> bool:
        """Whether each class has a unit of its own."""
        return self.layer.units == len(self.names)


def find_classes(source: Source) -> Classes:
    """The classes of a source.

    Raises:
        ModelError: If its network is no classifier.
        DataError: If it trains, or is at rest, without targets to compare with.
    """
    layer, task = _output(source), source.scenery.task
    units = layer.units or 1
    names = tuple(source.scenery.names)
    if len(names) != max(units, 2):
        names = tuple(map(str, range(max(units, 2))))
    if source.model is None:
        return Classes(layer, names, 0)
    scenery = source.scenery
    is_validated = bool(scenery.validation_inputs) and scenery.validation_targets is not None
    targets = scenery.validation_targets if is_validated else scenery.targets
    if targets is None:
        raise DataError(
            "Expected samples with their true classes, got none. "
            "Pass some: data=(x, y), or nv.Trainer(model, data, samples=(x, y))."
        )
    if true_classes(np.asarray(targets)[:1_000], units, task) is None:
        raise DataError(
            f"Expected the true class of each sample, an index or one of {units} as 1, got targets of shape "
            f"{np.asarray(targets).shape}. Pass class indices: data=(x, y)."
        )
    return Classes(layer, names, len(targets))


def _output(source: Source) -> Layer:
    graph, task = source.graph, source.scenery.task
    if len(graph.outputs) != 1:
        raise ModelError(f"Expected a classifier with one output, got {len(graph.outputs)} outputs.")
    layer = graph.layer(graph.outputs[0])
    shape = layer.output_shape[0] if len(layer.output_shape) == 1 else ()
    if not shape:
        raise ModelError(
            f"Expected a classifier that tells its number of classes, got {layer.name!r} ({layer.type}): what a call "
            "of one's own puts out is known only as it runs. See nv.TrainingCurves for errors and metrics."
        )
    is_flat = len(shape) == 2 and shape[1] is not None and layer.units == shape[1]
    if not is_flat or not task.has_classes:
        said = ("tells " if task.kind is not None else "") + meaning(task, layer.units, english)
        raise ModelError(
            "Expected a classifier, whose loss and targets say that its output is one of several classes, got "
            f"{layer.name!r} ({layer.type}, {layer.activation or 'linear'}, {_written(shape)}): {said}. "
            "See nv.TrainingCurves for errors and metrics."
        )
    units = layer.units or 0
    if units > MOST_CLASSES:
        raise ModelError(f"Expected at most {MOST_CLASSES:,} classes, got {units:,}.")
    return layer


def _written(shape: tuple[int | None, ...]) -> str:
    return f"output {' × '.join('any' if size is None else str(size) for size in shape[1:])}"
