"""Can it begin to learn as it is built?"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from nnvis_widget.core.finding import Place, Severity
from nnvis_widget.core.look import Look
from nnvis_widget.diagnosis.facts import joined_linearly
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign

DENSE_AND_CONV = ("dense", "conv")
MOST_NAMES = 3


def frozen(case: Case) -> Iterator[Sign]:
    """Weights that training cannot change."""
    facts = case.facts
    if facts.parameter_count and not facts.trainable_count:
        yield Sign(Place("optimizer"), "fault", 0, 1, "all")
        return
    reached = [kernel for kernel in case.looks[0].kernels if not isnan(kernel.gradient)] if case.looks else []
    trained = case.trained(case.looks[0]) if case.looks else []
    for kernel in trained if reached else ():
        if isnan(kernel.gradient) and len(facts.outputs) == 1:
            yield Sign(case.place(kernel.layer), "fault", 0, 0, "unreached")
    still = [layer for layer in facts.layers if layer.has_kernel and not layer.is_trainable]
    if still:
        names = ", ".join([*(one.name for one in still[:MOST_NAMES]), *(["…"] if len(still) > MOST_NAMES else [])])
        told = {"names": names, "count": f"{len(still):,}"}
        yield Sign(Place("optimizer"), "note", len(still), 0, "some", told)


def init_symmetric(case: Case) -> Iterator[Sign]:
    """A hidden kernel whose weights are all the same: its units stay one and the same unit."""
    first = _first(case)
    kernels = [one for one in case.trained(first) if one.name == "kernel"]
    alike = [one for one in kernels[:-1] if one.std == 0]
    if not alike or _is_refuted(case):
        return
    also_last = kernels[-1].std == 0
    for one in alike:
        layer = case.facts.layer(one.layer)
        is_stuck = len(alike) > 1 or also_last or (one.mean == 0 and layer is not None and layer.activation == "relu")
        yield Sign(case.place(one.layer), "fault" if is_stuck else "warning", one.std, 0)


def init_scale(case: Case) -> Iterator[Sign]:
    """Weights that begin far larger or smaller than what a layer takes in allows."""
    first = _first(case)
    high, low = case.thresholds["init_high"], case.thresholds["init_low"]
    for kernel in case.trained(first):
        layer = case.facts.layer(kernel.layer)
        if kernel.name != "kernel" or layer is None or layer.role not in DENSE_AND_CONV or kernel.std == 0:
            continue
        scale = kernel.std * kernel.fan_in**0.5
        if kernel.std * min(kernel.fan_in, kernel.fan_out or kernel.fan_in) ** 0.5 > high or (
            scale < low and kernel.layer not in case.facts.outputs
        ):
            is_high = scale > low
            if not _is_refuted(case):
                yield Sign(
                    case.place(kernel.layer), "warning", scale, high if is_high else low, "high" if is_high else "low"
                )


def missing_activation(case: Case) -> Iterator[Sign]:
    """Layers that are joined by nothing but what is linear are one layer."""
    if _is_refuted(case):
        return
    linear, joined = joined_linearly(case.facts, DENSE_AND_CONV)
    if not linear:
        return
    is_all = len(linear) == joined
    if not is_all:  # bottlenecks of convolutions are linear by design
        linear = [one for one in linear if _role(case, one) == "dense"]
    severity: Severity = "fault" if is_all and len(linear) >= case.thresholds["linear_layers"] else "warning"
    for layer in linear[:8]:
        yield Sign(case.place(layer), severity, len(linear), case.thresholds["linear_layers"])


def _role(case: Case, layer_id: str) -> str:
    layer = case.facts.layer(layer_id)
    return layer.role if layer else ""


def batch_size(case: Case) -> Iterator[Sign]:
    """One row a step."""
    if case.facts.batch_size is None:
        raise NotChecked("the batch size is not known")
    if case.facts.batch_size == 1 and case.facts.rows > 1:
        yield Sign(Place("optimizer"), "warning", 1, 2)


def _first(case: Case) -> Look:
    if not case.looks or case.looks[0].step > 0:
        raise NotChecked("the weights were not seen before the first step")
    return case.looks[0]


def _is_refuted(case: Case) -> bool:
    """Whether the run shows that it learns well nevertheless."""
    try:
        return case.best < case.thresholds["learnt"] * case.base
    except NotChecked:
        return False


RULES = (
    Rule("frozen", "start", frozen),
    Rule("init_symmetric", "start", init_symmetric, uses=("learnt",)),
    Rule("init_scale", "start", init_scale, thresholds={"init_high": 5.0, "init_low": 0.02}, uses=("learnt",)),
    Rule("missing_activation", "start", missing_activation, thresholds={"linear_layers": 2.0}, uses=("learnt",)),
    Rule("batch_size", "start", batch_size, needs="facts"),
)
