"""The samples behind a view, once per model. The sections are listed in README.md beside this file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.reduce.quantize import quantize
from nnvis_widget.stream.frame import Section, encode_frame

POINT_LIMIT = 1_000
THUMBNAIL_COUNT = 10
THUMBNAIL_SIDE = 64


def scenery_frame(scenery: Scenery, generation: int) -> bytes:
    """Encode names, the input plane's points and thumbnails; points are thinned evenly over 1,000."""
    header = {
        "kind": "scenery",
        "generation": generation,
        "task": scenery.task,
        "feature_names": [str(name) for name in scenery.feature_names[:1_000]],
        "class_names": [str(name) for name in scenery.class_names[:1_000]],
        "image_shape": None if scenery.image_shape is None else list(scenery.image_shape),
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
        if targets is not None:
            yield Section("point_target", _labels(targets[indices]), name=name)


def _thumbnails(scenery: Scenery) -> Iterator[Section]:
    pictures = _pictures(scenery)
    if pictures is None:
        return
    indices = _one_per_class(scenery)
    chosen = pictures[indices].astype(np.float32)
    quantized = quantize(chosen)
    yield Section("thumbnail", quantized.codes, attributes={"lo": quantized.low, "hi": quantized.high})
    yield Section("thumbnail_index", indices.astype(np.int32))
    if scenery.targets is not None:
        yield Section("thumbnail_target", _labels(scenery.targets[indices]))


def _pictures(scenery: Scenery) -> np.ndarray | None:
    """The inputs as grey pictures `(n, height, width)`, where they are pictures of a drawable size."""
    if len(scenery.inputs) != 1 or not scenery.sample_count:
        return None
    array = scenery.inputs[0]
    if scenery.image_shape is not None and array.ndim == 2:
        array = array.reshape(len(array), *scenery.image_shape)
    if array.ndim == 4 and array.shape[-1] in (1, 3, 4):
        array = array[..., :3].mean(axis=-1) if array.shape[-1] > 1 else array[..., 0]
    is_picture = array.ndim == 3 and max(array.shape[1:]) <= THUMBNAIL_SIDE and min(array.shape[1:]) > 1
    return array if is_picture else None


def _one_per_class(scenery: Scenery) -> np.ndarray:
    """Up to ten sample indices: the first of each class where there are classes, else the first ones."""
    if scenery.targets is None or scenery.task != "classification":
        return np.arange(min(THUMBNAIL_COUNT, scenery.sample_count))
    return np.unique(_labels(scenery.targets), return_index=True)[1][:THUMBNAIL_COUNT]


def _labels(targets: np.ndarray) -> np.ndarray:
    if targets.ndim > 1:
        targets = targets.argmax(axis=-1) if targets.shape[-1] > 1 else targets[..., 0]
    return targets.astype(np.float32)


def _spread(count: int, limit: int) -> np.ndarray:
    return np.arange(count) if count <= limit else np.linspace(0, count - 1, limit).astype(int)
