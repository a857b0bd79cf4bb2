"""What is known of a training before its first step, in small numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import nan

import numpy as np

from nnvis_widget.core.task import Task
from nnvis_widget.reduce.confusion import true_classes

MOST_ROWS = 10_000
MOST_PLACES = 64
MOST_LOOKED_AT = 256
WEIGHING_ROLES = frozenset({"dense", "conv", "depthwise", "transposed", "recurrent", "attention", "embedding"})


@dataclass(frozen=True)
class InputFacts:
    """One input, feature by feature over at most 10,000 rows spread evenly over the data.

    Attributes:
        largest_std: Of the feature that spreads most.
        largest: The largest |x|.
        largest_offset: The largest |mean| / std of a feature that is away from 0; infinite where it never changes.
        features: The features those are of, at most 64.
        bad_rows: Rows with NaN or infinity, at most 64; of all rows.
        bad_count: How many numbers are so.
        is_plain: Whether these are numbers to be scaled: no tokens, no texts, no rows of several lengths.
        is_normalised: Whether the model's first layer scales them itself.
    """

    largest_std: float = nan
    largest: float = nan
    largest_offset: float = 0.0
    features: tuple[int, ...] = ()
    bad_rows: tuple[int, ...] = ()
    bad_count: int = 0
    is_plain: bool = True
    is_normalised: bool = False


@dataclass(frozen=True)
class TargetFacts:
    """What is to come out.

    Attributes:
        low: The smallest.
        high: The largest.
        mean: Of the numbers.
        std: The largest standard deviation of one of them.
        counts: Rows of each class; empty where there are no classes.
        has_fractions: Whether some are no whole numbers.
        is_constant: Whether every row has the same.
        bad_count: NaN and infinities.
        bad_rows: Where those are, at most 64.
        next_alike: How often the next row has the same class.
        marked_twice: The share of rows that mark no class or several, of targets of 0 and 1 only; else 0.
        are_pairs: Whether there are only 0 and 1.
    """

    low: float = nan
    high: float = nan
    mean: float = nan
    std: float = nan
    counts: tuple[int, ...] = ()
    has_fractions: bool = False
    is_constant: bool = False
    bad_count: int = 0
    bad_rows: tuple[int, ...] = ()
    next_alike: float = nan
    marked_twice: float = 0.0
    are_pairs: bool = False


@dataclass(frozen=True)
class ValidationFacts:
    """How the validation inputs differ from those of the training.

    Attributes:
        rows: How many.
        shift: ‖mean - mean_val‖ / ‖std‖.
        spread: Root of the mean ratio of their variances.
        features_off: The share of features whose mean is off by more than a standard deviation.
    """

    rows: int = 0
    shift: float = 0.0
    spread: float = 1.0
    features_off: float = 0.0


@dataclass(frozen=True)
class LayerFacts:
    """A layer, as far as rules ask.

    Attributes:
        id: As in the graph.
        name: As a person calls it.
        role: As in `core.anatomy`.
        activation: Its name; `None` where there is none.
        is_linear: Whether what it does to numbers is linear but for its activation; `None` where that is not known.
        is_trainable: Whether training changes a kernel of it.
        has_kernel: Whether it has one.
        rate: Of dropout; 0 where it is none.
        sources: Ids of the layers that feed it.
    """

    id: str
    name: str
    role: str = "dense"
    activation: str | None = None
    is_linear: bool | None = True
    is_trainable: bool = True
    has_kernel: bool = True
    rate: float = 0.0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known before the first step.

    Attributes:
        layers: In the model's order.
        outputs: Ids of the layers that put out what the model does.
        output_units: Size of the last axis of the output; 0 where that is not known.
        output_activation: What stands last on the way out: `linear`, `softmax`, …; `None` where that is not known.
        loss: Keras' own loss, squashed to small letters, such as `meansquarederror`; `None` where it is another.
        from_logits: Whether the loss takes logits.
        base_loss: The loss of the best constant answer on the probe rows (L₀); NaN where it is not known.
        validation_base_loss: Likewise of the validation rows.
        rows: Of the training data; 0 where that is not known.
        probe_rows: How many are looked at.
        inputs: One per input.
        targets: `None` where there are none, or several.
        validation: `None` where there is none, or it cannot be compared.
        has_validation: Whether there are validation rows to look at.
        bad_weights: Weights of samples that are NaN, infinite.
        optimizer: Its class, as it is called.
        learning_rate: At the beginning.
        batch_size: `None` where it is not known.
        is_shuffled: `None` where it is not known.
        steps_per_epoch: `None` where it is not known.
        epochs: How many are planned; `None` for no end.
        parameter_count: All of them.
        trainable_count: Those that training changes.
        unknown: What could not be read, by what it is about, each with the reason.
    """

    layers: tuple[LayerFacts, ...] = ()
    outputs: tuple[str, ...] = ()
    output_units: int = 0
    output_activation: str | None = None
    loss: str | None = None
    from_logits: bool = False
    base_loss: float = nan
    validation_base_loss: float = nan
    rows: int = 0
    probe_rows: int = 0
    inputs: tuple[InputFacts, ...] = ()
    targets: TargetFacts | None = None
    validation: ValidationFacts | None = None
    has_validation: bool = False
    bad_weights: int = 0
    optimizer: str = ""
    learning_rate: float = nan
    batch_size: int | None = None
    is_shuffled: bool | None = None
    steps_per_epoch: int | None = None
    epochs: int | None = None
    parameter_count: int = 0
    trainable_count: int = 0
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def validation_rows(self) -> int:
        """How many of the validation are looked at, as far as is known."""
        return min(MOST_LOOKED_AT, self.validation.rows) if self.validation is not None else MOST_LOOKED_AT

    @property
    def planned_steps(self) -> int | None:
        """Of the whole training; `None` where it has no end, or its batches are not counted."""
        if self.epochs is None or self.steps_per_epoch is None:
            return None
        return self.epochs * self.steps_per_epoch

    def layer(self, layer_id: str) -> LayerFacts | None:
        """The layer with this id; `None` where there is none."""
        return next((layer for layer in self.layers if layer.id == layer_id), None)

    def why_unknown(self, about: str) -> str | None:
        """Why something could not be read; `None` where it could."""
        return dict(self.unknown).get(about)


def sampled(array: np.ndarray, most: int = MOST_ROWS) -> np.ndarray:
    """At most so many rows, evenly spread, flat `(rows, features)` in float64."""
    rows = array if len(array) <= most else array[np.linspace(0, len(array) - 1, most).astype(int)]
    return np.asarray(rows, np.float64).reshape(len(rows), -1)


def bad_numbers(array: np.ndarray) -> tuple[int, tuple[int, ...]]:
    """How many numbers of an array are not finite, and the first 64 rows that have one."""
    if array.dtype.kind != "f" or not array.size or _adds_up(array):
        return 0, ()
    bad = ~np.isfinite(array).reshape(len(array), -1)
    return int(bad.sum()), tuple(np.flatnonzero(bad.any(axis=1))[:MOST_PLACES].tolist())


def read_input(array: np.ndarray, is_normalised: bool = False) -> InputFacts:
    """The facts of one input of numbers, samples first."""
    bad_count, bad_rows = bad_numbers(array)
    rows = sampled(array)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if not rows.size:
        return InputFacts(bad_count=bad_count, bad_rows=bad_rows, is_normalised=is_normalised)
    std, mean = rows.std(axis=0), np.abs(rows.mean(axis=0))
    is_away = mean > 2
    with np.errstate(divide="ignore"):
        offset = np.where(is_away & (std > 0), mean / np.where(std > 0, std, 1.0), 0.0)
    strange = np.flatnonzero((std > 10) | (offset > 5) | (np.abs(rows).max(axis=0) > 50))
    return InputFacts(
        float(std.max()),
        float(np.abs(rows).max()),
        float(offset.max()),
        tuple(strange[:MOST_PLACES].tolist()),
        bad_rows,
        bad_count,
        is_normalised=is_normalised,
    )


def read_targets(targets: np.ndarray, task: Task, units: int) -> TargetFacts:
    """The facts of targets of numbers.

    Args:
        targets: Samples first.
        task: What the outputs mean.
        units: How many outputs there are.
    """
    bad_count, bad_rows = bad_numbers(targets)
    rows = sampled(targets)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if not rows.size:
        return TargetFacts(bad_count=bad_count, bad_rows=bad_rows)
    are_pairs = bool(np.isin(rows, (0.0, 1.0)).all())
    named = true_classes(rows, units, task) if task.has_classes else None
    known = np.zeros(0, int) if named is None else named[named >= 0]
    return TargetFacts(
        float(rows.min()),
        float(rows.max()),
        float(rows.mean()),
        float(rows.std(axis=0).max()),
        tuple(np.bincount(known, minlength=max(units, 2)).tolist()) if len(known) else (),
        bool((rows != np.round(rows)).any()),
        bool((rows == rows[0]).all()),
        bad_count,
        bad_rows,
        _next_alike(targets) if len(known) else nan,
        float((rows.sum(axis=1) != 1).mean()) if are_pairs and rows.shape[1] > 1 else 0.0,
        are_pairs,
    )


def compare_inputs(training: np.ndarray, validation: np.ndarray) -> ValidationFacts:
    """How two sets of the same features differ."""
    one, other = sampled(training), sampled(validation)
    one, other = one[np.isfinite(one).all(axis=1)], other[np.isfinite(other).all(axis=1)]
    if not len(one) or len(other) < 2 or one.shape[1] != other.shape[1]:
        return ValidationFacts(len(validation))
    std, other_std = one.std(axis=0), other.std(axis=0)
    apart = np.abs(one.mean(axis=0) - other.mean(axis=0))
    scale, other_scale = float(np.sqrt((std**2).mean())), float(np.sqrt((other_std**2).mean()))
    if scale == 0:
        return ValidationFacts(len(validation))
    is_told = std > 1e-3 * scale
    return ValidationFacts(
        len(validation),
        float(np.linalg.norm(apart) / np.linalg.norm(std)),
        other_scale / scale,
        float((apart[is_told] > std[is_told]).mean()),
    )


def base_loss(loss: str | None, targets: np.ndarray, classes: int, weights: np.ndarray | None = None) -> float:
    """The loss of the best constant answer (L₀), as Keras averages it; NaN where that is not known.

    Args:
        loss: Keras' own, squashed.
        targets: `(rows, …)`.
        classes: Outputs of the model.
        weights: `(rows,)`, or `None`.
    """
    rows = np.asarray(targets, np.float64).reshape(len(targets), -1)
    if weights is not None and np.size(weights) != len(rows):
        return nan
    w = np.ones(len(rows)) if weights is None else np.asarray(weights, np.float64).reshape(-1)
    if not len(rows) or not np.isfinite(rows).all() or not np.isfinite(w).all() or (w < 0).any() or w.sum() <= 0:
        return nan
    share, mean = w.sum() / len(rows), np.average(rows, axis=0, weights=w)
    if loss == "sparsecategoricalcrossentropy":
        named = rows.reshape(-1)
        if rows.shape[1] > 1 and weights is not None:
            return nan
        if (named != np.round(named)).any() or named.min() < 0:
            return nan
        counts = np.bincount(named.astype(int), w if rows.shape[1] == 1 else np.ones(len(named)))
        return float(_entropy(counts / counts.sum()) * share)
    if loss == "categoricalcrossentropy":
        parts = np.average(np.asarray(targets, np.float64).reshape(len(targets), -1), axis=0, weights=w)
        return float(_entropy(parts / parts.sum()) * share) if np.ndim(targets) == 2 and parts.sum() > 0 else nan
    if loss == "binarycrossentropy":
        p = np.clip(mean, 1e-12, 1 - 1e-12)
        is_share = bool((rows >= 0).all() and (rows <= 1).all())
        return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)).mean() * share) if is_share else nan
    if loss == "meansquarederror":
        return float(np.average((rows - mean) ** 2, axis=0, weights=w).mean() * share)
    if loss == "meanabsoluteerror" and weights is None:
        return float(np.abs(rows - np.median(rows, axis=0)).mean())
    return nan


def joined_linearly(facts: Facts, roles: Collection[str]) -> tuple[list[str], int]:
    """Layers of some roles whose outputs reach the next such layer through nothing but what is linear.

    Returns:
        Their ids, and how many layers reach a next one at all.
    """
    targets: dict[str, list[LayerFacts]] = {}
    for layer in facts.layers:
        for source in layer.sources:
            targets.setdefault(source, []).append(layer)

    def reaches(layer: LayerFacts, is_linear: bool, seen: frozenset[str]) -> list[bool]:
        found = []
        for target in targets.get(layer.id, ()):
            if target.id in seen:
                continue
            if target.role in WEIGHING_ROLES:
                found.append(is_linear and target.role in roles)
                continue
            here = is_linear and target.is_linear is True and is_plain(target.activation)
            found += reaches(target, here, seen | {target.id})
        return found

    linear, joined = [], 0
    for layer in facts.layers:
        if layer.role not in roles:
            continue
        ways = reaches(layer, is_plain(layer.activation) and layer.is_linear is True, frozenset({layer.id}))
        joined += bool(ways)
        if ways and all(ways):
            linear.append(layer.id)
    return linear, joined


def is_plain(activation: str | None) -> bool:
    """Whether an activation leaves numbers as they are."""
    return activation in (None, "linear")


def _entropy(shares: np.ndarray) -> float:
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum())


def _adds_up(array: np.ndarray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(array.sum(dtype=np.float64)))


def _next_alike(targets: np.ndarray) -> float:
    """Pairs are taken from everywhere: of a long sorted file the beginning is one class."""
    if len(targets) < 3:
        return nan
    at = np.unique(np.linspace(0, len(targets) - 2, MOST_ROWS).astype(int))
    return float((targets[at] == targets[at + 1]).reshape(len(at), -1).all(axis=1).mean())
