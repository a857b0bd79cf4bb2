"""What the network put out for the sample beside what was to come out, where both are pictures or rows of classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.task import Task
from nnvis_widget.reduce.confusion import classes_by_place
from nnvis_widget.reduce.input_picture import smaller_picture
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.stream.frame import Section
from nnvis_widget.stream.shown import Shown

MOST_SIDE = 128
MOST_PLACES = 256


def result_sections(shown: Shown) -> Iterator[Section]:
    """`result` by the names `put_out` and, where it is known, `target`: pictures on one range, or classes by place."""
    task, graph = shown.scenery.task, shown.outermost
    if not task.shape or len(graph.outputs) != 1:
        return
    output = graph.outputs[0]
    put_out, target = shown.model_output, shown.scenery.target(shown.sample)
    if put_out is None:
        return
    read = _classes if task.kind == "class_of_each" else _pictures
    yield from (Section("result", values, output, name, more) for name, values, more in read(task, put_out, target))


Named = Iterator[tuple[str, np.ndarray, dict[str, float]]]


def _pictures(task: Task, put_out: np.ndarray, target: np.ndarray | None) -> Named:
    both = {"put_out": put_out} if target is None else {"put_out": put_out, "target": target}
    if any(values.size != np.prod(task.shape) for values in both.values()):
        return
    finite = np.concatenate([values[np.isfinite(values)].ravel() for values in both.values()])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    for name, values in both.items():
        small = smaller_picture(values.reshape(task.shape).astype(np.float32), MOST_SIDE, MOST_SIDE)
        yield name, quantize(small, low, high).codes, {"lo": low, "hi": high}


def _classes(task: Task, put_out: np.ndarray, target: np.ndarray | None) -> Named:
    found = classes_by_place(put_out, target, task)
    if found is None:
        return
    guesses, true = found
    said, places = {"put_out": guesses} if true is None else {"put_out": guesses, "target": true}, len(guesses)
    for name, values in said.items():
        grid = values.reshape(task.shape).astype(np.int32)
        if grid.ndim == 1:
            yield name, grid[:MOST_PLACES], {"count": places}
            continue
        step = -(-max(grid.shape) // MOST_SIDE)
        yield name, np.ascontiguousarray(grid[step // 2 :: step, step // 2 :: step]), {"count": places, "step": step}
