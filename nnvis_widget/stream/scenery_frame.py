"""The samples behind a view, once per model. The sections are listed in README.md beside this file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.task import Task
from nnvis_widget.reduce.confusion import true_classes
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.stream.frame import Section, encode_frame

POINT_LIMIT = 1_000
THUMBNAIL_COUNT = 10
THUMBNAIL_SIDE = 64
MOST_CLASSES = 1_000_000


def scenery_frame(scenery: Scenery, generation: int) -> bytes:
    """Encode names, the input plane's points and thumbnails; points are thinned evenly over 1,000."""
    header = {
        "kind": "scenery",
        "generation": generation,
        "task": {
            "kind": scenery.task.kind,
            "boundary": scenery.task.boundary,
            "is_share": scenery.task.is_share,
            "from_logits": scenery.task.from_logits,
            "shape": list(scenery.task.shape),
        },
        "feature_names": [str(name) for name in scenery.feature_names[:1_000]],
        "class_names": [str(name) for name in scenery.names[:1_000]],
        "image_shape": None if scenery.image_shape is None else list(scenery.image_shape),
        "sample_rate": None if scenery.sample_rate is None else float(scenery.sample_rate),
        "sample_count": scenery.sample_count,
        "extent": None if scenery.extent is None else list(scenery.extent),
    }
    return encode_frame(header, [*_points(scenery), *_thumbnails(scenery)])


def _points(scenery: Scenery) -> Iterator[Section]:
    if not scenery.is_plane:
        return
    parts = (
        ("train", scenery.inputs[0], scenery.targets),
        ("validation", next(iter(scenery.validation_inputs), None), scenery.validation_targets),
    )
    for name, points, targets in parts:
        if points is None or not len(points):
            continue
        indices = _spread(len(points), POINT_LIMIT)
        yield Section("points", points[indices].astype(np.float32), name=name)
        yield Section("point_index", indices.astype(np.int32), name=name)
        labels = None if targets is None else _labels(targets[indices], scenery.task)
        if labels is not None:
            yield Section("point_target", labels, name=name)


def _thumbnails(scenery: Scenery) -> Iterator[Section]:
    pictures = _pictures(scenery)
    if pictures is None:
        return
    indices = _first_of_each(scenery)
    chosen = pictures[indices].astype(np.float32)
    quantized = quantize(chosen)
    yield Section("thumbnail", quantized.codes, attributes={"lo": quantized.low, "hi": quantized.high})
    yield Section("thumbnail_index", indices.astype(np.int32))
    labels = None if scenery.targets is None else _labels(scenery.targets[indices], scenery.task)
    if labels is not None:
        yield Section("thumbnail_target", labels)


def _pictures(scenery: Scenery) -> np.ndarray | None:
    """The inputs as grey pictures `(n, height, width)`, where they are pictures of a drawable size."""
    if len(scenery.inputs) != 1 or not scenery.sample_count:
        return None
    array = scenery.inputs[0]
    if scenery.image_shape is not None and array.ndim == 2:
        array = array.reshape(len(array), *scenery.image_shape)
    if array.ndim == 4 and array.shape[1] in (1, 3, 4) and array.shape[-1] not in (1, 3, 4):
        array = np.moveaxis(array, 1, -1)
    if array.ndim == 4 and array.shape[-1] in (1, 3, 4):
        array = array[..., :3].mean(axis=-1) if array.shape[-1] > 1 else array[..., 0]
    is_picture = array.ndim == 3 and max(array.shape[1:]) <= THUMBNAIL_SIDE and min(array.shape[1:]) > 1
    return array if is_picture else None


def _first_of_each(scenery: Scenery) -> np.ndarray:
    """Up to ten sample indices: the first of each class where there are classes, else the first ones."""
    labels = _labels(scenery.targets, scenery.task) if scenery.targets is not None else None
    if labels is None or not scenery.task.has_classes:
        return np.arange(min(THUMBNAIL_COUNT, scenery.sample_count))
    return np.unique(labels, return_index=True)[1][:THUMBNAIL_COUNT]


def _labels(targets: np.ndarray, task: Task) -> np.ndarray | None:
    """The class, or the only number, of each sample; `None` where targets are neither."""
    if targets.dtype.kind not in "fiub":
        return None
    rows = targets.reshape(len(targets), -1)
    if task.has_classes:
        units = 1 if task.kind == "one_of_two" else rows.shape[1] if rows.shape[1] > 1 else MOST_CLASSES
        classes = true_classes(rows, units, task)
        return None if classes is None else classes.astype(np.float32)
    return rows[:, 0].astype(np.float32) if rows.shape[1] == 1 and task.kind == "numbers" else None


def _spread(count: int, limit: int) -> np.ndarray:
    return np.arange(count) if count <= limit else np.linspace(0, count - 1, limit).astype(int)
