"""Do the slopes reach the first layers, and in a size that can be used?"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from statistics import median

from nnvis_widget.core.look import KernelLook, Look
from nnvis_widget.diagnosis.rule import TOO_FEW_LOOKS, Case, MakeEvidence, NotChecked, Rule, Sign

DEPTH = ("dense", "conv", "recurrent", "depthwise", "transposed")


def vanishing_gradient(case: Case) -> Iterator[Sign]:
    """Slopes that are lost on the way back."""
    ends = _ends(case, case.measured)
    if ends is None:
        return
    first, last = ends
    limit = case.thresholds["vanishing_gradient"]
    ratio = first.gradient / last.gradient if last.gradient > 0 else float("nan")
    if ratio < limit and case.hurts:
        yield Sign(case.place(first.layer), "fault", ratio, limit, evidence=(_evidence(case, limit),))


def exploding_gradient(case: Case) -> Iterator[Sign]:
    """Slopes that suddenly, or on the way back, become very large."""
    t = case.thresholds
    norms = [look.gradient_norm for look in case.last(22)]
    known = [norm for norm in norms if isfinite(norm)]
    kernels = [kernel for kernel in case.trained() if isfinite(kernel.norm)]
    if len(known) < 6:
        raise NotChecked(TOO_FEW_LOOKS)
    if not kernels:
        return
    usual, now = median(known[:-2]), min(known[-2:])
    worst = max(kernels, key=lambda kernel: kernel.norm)
    if now > t["exploding_gradient"] * usual > 0 and case.now.loss > 0.3 * case.base:
        evidence = case.evidence("gradientSize", lambda look: look.gradient_norm, t["exploding_gradient"] * usual)
        yield Sign(case.place(worst.layer), "fault", now / usual, t["exploding_gradient"], "sudden", {}, (evidence,))
        return
    ends = _ends(case, case.now)
    if ends is None or ends[1].gradient <= 0:
        return
    first, last = ends
    ratio = first.gradient / last.gradient
    if ratio > t["gradient_growth"] and first.update > t["update_high"] and case.hurts:
        yield Sign(case.place(first.layer), "fault", ratio, t["gradient_growth"], "growth")


def _ends(case: Case, look: Look) -> tuple[KernelLook, KernelLook] | None:
    """The first and the last kernel with a slope, of a network of at least three layers."""
    roles = {layer.id: layer.role for layer in case.facts.layers}
    kernels = [
        one
        for one in case.trained(look)
        if one.name == "kernel" and roles.get(one.layer) in DEPTH and isfinite(one.gradient)
    ]
    return (kernels[0], kernels[-1]) if len(kernels) >= 3 else None


def _evidence(case: Case, limit: float) -> MakeEvidence:
    def ratio(look: Look) -> float:
        ends = _ends(case, look)
        return ends[0].gradient / ends[1].gradient if ends and ends[1].gradient > 0 else float("nan")

    return case.evidence("slopeRatio", ratio, limit)


RULES = (
    Rule(
        "vanishing_gradient",
        "gradients",
        vanishing_gradient,
        in_a_row=3,
        thresholds={"vanishing_gradient": 1e-3},
        needs="steps",
    ),
    Rule(
        "exploding_gradient",
        "gradients",
        exploding_gradient,
        in_a_row=2,
        thresholds={"exploding_gradient": 100.0, "gradient_growth": 70.0},
        needs="steps",
        uses=("update_high",),
    ),
)
