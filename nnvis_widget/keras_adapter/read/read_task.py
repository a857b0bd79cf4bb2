"""What the outputs of a model mean: decided here, from loss, output activation and targets together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any, Literal

import keras
import numpy as np

from nnvis_widget.core.graph import Layer, NetworkGraph
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.task import UNKNOWN, Task
from nnvis_widget.reduce.confusion import marked_classes
from nnvis_widget.reduce.input_picture import picture_shape

MOST_ROWS = 10_000
MOST_VALUES = 2_000_000
LEAST_SIDE = 8

Family = Literal["several", "binary", "hinge", "number"]

_FAMILIES: dict[Family, str] = {
    "several": "SparseCategoricalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalHinge "
    "CategoricalGeneralizedCrossEntropy",
    "binary": "BinaryCrossentropy BinaryFocalCrossentropy",
    "hinge": "Hinge SquaredHinge",
    "number": "MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError Huber "
    "LogCosh Poisson CosineSimilarity",
}
_WITHOUT_SHARES = ("CategoricalHinge",)


@dataclass(frozen=True)
class LossKind:
    """What a loss is.

    Attributes:
        family: What it is made for; `None` where it is not one of Keras' own, or there is none.
        from_logits: Whether it takes logits.
        has_shares: Whether it takes outputs for probabilities.
        name: The name of its class; empty likewise.
        is_mean: Whether it is the plain mean over the rows: nothing is smoothed, left out, or summed.
        axis: Of the classes, where it takes several.
    """

    family: Family | None = None
    from_logits: bool = False
    has_shares: bool = True
    name: str = ""
    is_mean: bool = True
    axis: int = -1


@dataclass(frozen=True)
class _Case:
    """One flat output. `pair` is what targets say for no and yes, where they say nothing else."""

    loss: LossKind
    activation: str | None
    units: int
    targets: np.ndarray | None
    pair: tuple[float, float] | None
    declared: str | None


def read_task(graph: NetworkGraph, scenery: Scenery, loss: Any = None) -> Task:
    """Decide what the outputs mean; where loss, activation and targets do not agree on it, it is not known.

    Args:
        graph: The network. Of several outputs nothing is known.
        scenery: Its samples: at most 10,000 of their targets are read, evenly spread.
        loss: As it was compiled: a name, an object, a function; `None` where there is none. Of a loss of a person's own
            nothing is known, so activation and targets decide.
    """
    output = graph.layer(graph.outputs[0]) if len(graph.outputs) == 1 else None
    if output is None or len(output.output_shape) > 1:
        return UNKNOWN
    known, shape = read_loss(loss), output.output_shape[0][1:] if output.output_shape else None
    targets = _spread(scenery.targets)
    if known.family != "several" and _are_inputs(scenery):
        return Task("reconstruction", shape=_picture_shape(scenery, shape))
    pair = None if targets is None else _pair(targets)
    if shape is not None and len(shape) != 1:
        activation = activation_behind(graph, output)
        if _is_class_of_each(known, activation, shape, targets):
            return _class_of_each(known, activation, shape, targets)
        return _of_numbers(shape, targets) if _is_compared(known, shape, targets, pair) else UNKNOWN
    units = shape[0] if shape else _count_units(known, targets)
    if units is None:
        is_said = known.family == "several"
        return _several(known, activation_behind(graph, output)) if is_said else UNKNOWN
    if known.family != "several" and _are_pictures(scenery, targets, units):
        return Task("picture", shape=_picture_shape(scenery, shape))
    return _of_flat(_Case(known, activation_behind(graph, output), units, targets, pair, scenery.declared))


def _of_flat(case: _Case) -> Task:
    loss, activation, units, targets, pair = case.loss, case.activation, case.units, case.targets, case.pair
    if loss.family == "several":
        return _several(loss, activation) if units > 1 else UNKNOWN
    if activation == "softmax" and units > 1 and _may_be_classes(loss, targets, units):
        return Task("one_of_several", is_share=True)
    if loss.family in ("binary", "hinge"):
        return _yes_or_no(case) if targets is None or pair is not None else Task("numbers")
    if targets is None:
        return Task("numbers") if loss.family == "number" else UNKNOWN
    no = None if pair is None else pair[0]
    if activation == "sigmoid" and no is not None and no >= 0:
        return _yes_or_no(case)
    if activation == "tanh" and no == -1 and (targets == 1).any():
        return _yes_or_no(case)
    if loss.family == "number":
        return Task("numbers")
    return _of_unknown_loss(case)


def _may_be_classes(loss: LossKind, targets: np.ndarray | None, units: int) -> bool:
    """Whether a softmax is held against classes, or, by a loss of which nothing is known, against shares of them."""
    if targets is None:
        return loss.family != "number"
    rows = targets.reshape(len(targets), -1)
    are_shares = rows.shape[1] == units and bool(np.isclose(rows.sum(axis=1), 1, atol=1e-3).all())
    return _name_classes(targets, units) or (loss.family is None and are_shares)


def _of_unknown_loss(case: _Case) -> Task:
    """No loss, or one of a person's own, over outputs of any size."""
    targets, is_alike = case.targets, case.targets is not None and case.targets[0].size == case.units
    if case.declared == "regression":
        return Task("numbers")
    if case.declared == "classification" and case.units > 1 and targets is not None:
        return Task("one_of_several") if _name_classes(targets, case.units) else UNKNOWN
    is_whole = targets is not None and bool((targets == np.round(targets))[np.isfinite(targets)].all())
    return Task("numbers") if is_alike and not is_whole else UNKNOWN


def _several(loss: LossKind, activation: str | None) -> Task:
    # Where the activation is not known, the loss takes the outputs for shares; whoever writes percents sees their sum.
    is_share = activation == "softmax" or (activation is None and loss.has_shares and not loss.from_logits)
    return Task("one_of_several", is_share=is_share, from_logits=loss.from_logits and not is_share)


def _yes_or_no(case: _Case) -> Task:
    """One unit for two classes; or a unit a label, unless each sample has exactly one: then one of several classes."""
    loss, units, targets = case.loss, case.units, case.targets
    no, yes = case.pair or (0.0, 1.0)
    is_sigmoid = case.activation == "sigmoid"
    from_logits = loss.from_logits and not is_sigmoid
    if units > 1 and targets is not None and _is_one_of_each(targets, units):
        return Task("one_of_several", from_logits=False)
    is_centred = from_logits or loss.family == "hinge" or (no == -1 and not is_sigmoid)
    is_share = is_sigmoid or (case.activation is None and loss.family == "binary" and not from_logits)
    return Task(
        "one_of_two" if units == 1 else "labels",
        boundary=0.0 if is_centred else 0.5,
        no=no,
        yes=yes,
        is_share=is_share and no >= 0,
        from_logits=from_logits,
    )


def read_loss(loss: Any) -> LossKind:
    """What a loss is, as it was compiled: a name, an object, a function; of several nothing is known."""
    leaves = keras.tree.flatten(loss)
    if len(leaves) != 1:
        return LossKind()
    one = leaves[0]
    if isinstance(one, str):
        try:
            one = keras.losses.get(one)
        except ValueError:
            return LossKind()
    options: dict[str, Any] = {}
    while isinstance(one, partial):
        options, one = one.keywords | options, one.func
    for family, names in _FAMILIES.items():
        for name in names.split():
            known = getattr(keras.losses, name, None)  # some came with a later Keras
            if known is not None and _is_kept(one, known):
                from_logits = bool(options.get("from_logits", getattr(one, "from_logits", False)))
                config = (one.get_config() if isinstance(one, keras.losses.Loss) else {}) | options
                shares, axis = name not in _WITHOUT_SHARES, config.get("axis", -1)
                return LossKind(family, from_logits, shares, name, _is_mean(config), axis)
    return LossKind()


def _is_mean(config: dict[str, Any]) -> bool:
    is_whole = config.get("reduction", "sum_over_batch_size") in ("sum_over_batch_size", "mean")
    return is_whole and not config.get("label_smoothing") and config.get("ignore_class") is None


def _is_kept(loss: Any, known: type) -> bool:
    """Whether a loss is one of Keras, as a class whose `call` is its own or as its function."""
    if isinstance(loss, keras.losses.Loss):
        return isinstance(loss, known) and type(loss).call is known.call  # type: ignore[attr-defined]
    function = re.sub(r"(?<!^)(?=[A-Z])", "_", known.__name__).lower()
    return loss is getattr(keras.losses, function)


def activation_behind(graph: NetworkGraph, layer: Layer) -> str | None:
    """Of the output, also where a layer that leaves numbers as they are comes behind it; `None` where not known."""
    while layer.activation is None and layer.role in ("reshape", "elementwise") and not layer.parameters:
        sources = graph.sources_of(layer.id)
        if len(sources) != 1:
            return None
        layer = graph.layer(sources[0])
    return layer.activation


def _count_units(loss: LossKind, targets: np.ndarray | None) -> int | None:
    """Of an output without a known shape: as many as there are numbers in a target, unless that is a class."""
    if targets is None or loss.family == "several":
        return None
    return int(targets[0].size)


def _spread(targets: np.ndarray | None) -> np.ndarray | None:
    if targets is None or not len(targets) or np.asarray(targets[:1]).dtype.kind not in "fiub":
        return None
    return np.asarray(_rows_of(targets), np.float64)


def _rows_of(array: Any) -> np.ndarray:
    most = min(MOST_ROWS, max(16, MOST_VALUES // max(1, prod(np.shape(array)[1:]))))
    indices = np.arange(len(array)) if len(array) <= most else np.linspace(0, len(array) - 1, most).astype(int)
    return np.asarray(array[indices])


def _pair(targets: np.ndarray) -> tuple[float, float] | None:
    """What targets say for no and for yes: 0 and 1, -1 and 1, or 0.05 and 0.95; `None` where they say more."""
    values = targets[np.isfinite(targets)]
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if not ((values == low) | (values == high)).all():
        return None
    if {low, high} <= {0.0, 1.0}:
        return 0.0, 1.0
    if low == -1 and high in (-1, 1):
        return -1.0, 1.0
    return (low, high) if 0 < low < 0.5 and abs(low + high - 1) < 1e-6 else None


def _name_classes(targets: np.ndarray, units: int) -> bool:
    """Whether targets are the numbers of classes, or mark one of them."""
    rows = targets.reshape(len(targets), -1)
    if rows.shape[1] == units:
        return bool((marked_classes(rows) >= 0).all())
    return rows.shape[1] == 1 and bool((rows == np.round(rows)).all()) and bool((rows >= 0).all())


def _is_one_of_each(targets: np.ndarray, units: int) -> bool:
    rows = targets.reshape(len(targets), -1)
    if rows.shape[1] != units:
        return False
    classes = marked_classes(rows)
    return bool((classes >= 0).all()) and len(np.unique(classes)) > 1


def _are_inputs(scenery: Scenery) -> bool:
    if len(scenery.inputs) != 1 or scenery.targets is None or not len(scenery.targets):
        return False
    x, y = scenery.inputs[0], scenery.targets
    if np.shape(x) != np.shape(y) or any(np.asarray(rows[:1]).dtype.kind not in "fiub" for rows in (x, y)):
        return False
    return bool(np.array_equal(_rows_of(x), _rows_of(y), equal_nan=True))


def _are_pictures(scenery: Scenery, targets: np.ndarray | None, units: int) -> bool:
    """Whether a flat target is a picture, as the input is one."""
    if targets is None or len(scenery.inputs) != 1 or np.shape(scenery.inputs[0])[1:] != targets.shape[1:]:
        return False
    side = round(units**0.5)
    return scenery.image_shape is not None or (side >= LEAST_SIDE and side * side == units)


def _is_compared(
    loss: LossKind, shape: tuple[int | None, ...], targets: np.ndarray | None, pair: tuple[float, float] | None
) -> bool:
    """Whether an output of several axes is held against targets number by number."""
    if loss.family == "number":
        return True
    is_alike = targets is not None and targets.ndim == len(shape) + 1
    return is_alike and (pair is None or len(shape) == 3) and loss.family in ("binary", None)


def _of_numbers(shape: tuple[int | None, ...], targets: np.ndarray | None) -> Task:
    known = shape if targets is None or targets.ndim != 4 else targets.shape[1:]
    return Task("picture", shape=picture_shape(known) or ()) if len(shape) == 3 else Task("numbers")


def _is_class_of_each(
    loss: LossKind, activation: str | None, shape: tuple[int | None, ...], targets: np.ndarray | None
) -> bool:
    """Whether the last axis of an output has a unit for each class of a place: of a token, or of a pixel."""
    is_held = loss.family == "several" or (loss.family is None and activation == "softmax")
    units = shape[-1] if len(shape) in (2, 3) else None
    if not is_held or loss.axis != -1 or targets is None or units is None or units < 2:
        return False
    is_marked = targets.shape[1:][-1:] == (units,) and targets.ndim == len(shape) + 1
    places = targets.shape[1 : len(shape)]
    fits = len(places) == len(shape) - 1 and all(
        own in (None, there) for own, there in zip(shape[:-1], places, strict=True)
    )
    if is_marked:
        are_classes = loss.family == "several" or bool((marked_classes(targets.reshape(-1, units)) >= 0).all())
        return fits and are_classes
    is_single = targets.ndim == len(shape) or targets.shape[len(shape) :] == (1,)
    return fits and is_single and bool((targets == np.round(targets))[np.isfinite(targets)].all())


def _class_of_each(
    loss: LossKind, activation: str | None, shape: tuple[int | None, ...], targets: np.ndarray | None
) -> Task:
    places = () if targets is None else targets.shape[1 : len(shape)]
    one = _several(loss, activation)
    return replace(one, kind="class_of_each", shape=tuple(map(int, places)))


def _picture_shape(scenery: Scenery, shape: tuple[int | None, ...] | None) -> tuple[int, ...]:
    """Rows, columns and channels of what is compared with the targets, where that is a picture."""
    own = () if scenery.targets is None else np.shape(scenery.targets)[1:]
    if len(own) > 1:
        is_other = shape is not None and len(shape) != len(own)
        return () if is_other or (len(own) == 2 and min(own) < LEAST_SIDE) else picture_shape(own) or ()
    rows, columns = scenery.image_shape or (0, 0)
    side = round(own[0] ** 0.5) if own else 0
    if not rows * columns and side >= LEAST_SIDE and side * side == own[0]:
        rows = columns = side
    channels = own[0] // (rows * columns) if own and rows * columns else 0
    return (picture_shape((rows, columns, channels)) or ()) if channels * rows * columns == own[0] else ()
