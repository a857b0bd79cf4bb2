"""The one number of an output that a sample is judged by."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.task import Task


def shows_one_output(graph: NetworkGraph, task: Task) -> bool:
    """Whether there is one output that a sample is judged by: that of a class, a label, or the only number."""
    shape = graph.layer(graph.outputs[0]).output_shape if len(graph.outputs) == 1 else ()
    return len(shape) == 1 and len(shape[0]) == 2 and (shape[0][1] == 1 or task.has_classes or task.kind == "labels")


def shown_numbers(outputs: np.ndarray, chosen: np.ndarray, task: Task) -> np.ndarray:
    """Of each sample the number of its chosen output, `(samples,)`; of one of several classes beside the mean of all.

    What moves all classes alike moves no decision.

    Args:
        outputs: `(samples, units)`, before a softmax or sigmoid.
        chosen: `(samples,)` units.
        task: What the outputs mean.
    """
    own = np.take_along_axis(outputs.astype(np.float64), chosen[:, None], axis=1)[:, 0]
    return np.asarray(own - outputs.mean(axis=1, dtype=np.float64) if stands_among_others(outputs, task) else own)


def stands_among_others(outputs: np.ndarray, task: Task) -> bool:
    """Whether it is one of several classes that have a unit each."""
    return task.has_classes and outputs.shape[1] > 1
