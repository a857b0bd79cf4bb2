"""Which of several findings is the cause of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nnvis_widget.core.finding import SEVERITIES, Finding

_NO_LEARNING = "plateau constant_output loss_metric_disagree underfit labels_random"
_UNITS = "dead_relu saturation vanishing_gradient"
_WILD = "oscillation lr_too_high exploding_gradient nan"

_EXPLAINS = {
    "nan_input": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low frozen",
    "labels_corrupt": f"{_NO_LEARNING} {_UNITS} {_WILD} overfit",
    "input_not_normalised": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low",
    "target_scale": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low too_few_epochs",
    "val_mismatch": "overfit labels_random",
    "unshuffled": f"{_NO_LEARNING} {_WILD} {_UNITS} overfit class_imbalance",
    "class_imbalance": "loss_metric_disagree plateau",
    "output_activation": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low too_few_epochs overfit class_imbalance",
    "loss_mismatch": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low too_few_epochs class_imbalance",
    "frozen": f"{_NO_LEARNING} lr_too_low {_UNITS} too_few_epochs class_imbalance",
    "init_symmetric": f"{_NO_LEARNING} {_UNITS} lr_too_low class_imbalance",
    "init_scale": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low class_imbalance",
    "missing_activation": "plateau underfit loss_metric_disagree",
    "batch_size": "oscillation",
    "over_regularised": f"{_NO_LEARNING} {_UNITS} lr_too_high lr_too_low oscillation class_imbalance",
    "lr_too_high": f"{_NO_LEARNING} {_UNITS} {_WILD} lr_too_low too_few_epochs class_imbalance",
    "lr_too_low": "plateau underfit too_few_epochs loss_metric_disagree class_imbalance",
    "oscillation": "plateau underfit",
    "dead_relu": f"{_NO_LEARNING} vanishing_gradient lr_too_low class_imbalance",
    "saturation": f"{_NO_LEARNING} vanishing_gradient lr_too_low class_imbalance",
    "vanishing_gradient": "plateau underfit constant_output lr_too_low class_imbalance",
    "exploding_gradient": "nan lr_too_high oscillation plateau",
    "labels_random": "overfit",
    "constant_output": "plateau",
}
EXPLAINS: Mapping[str, frozenset[str]] = {cause: frozenset(told.split()) for cause, told in _EXPLAINS.items()}
"""What each cause explains."""

DOUBTS = frozenset(
    {
        "input_not_normalised",
        "target_scale",
        "loss_mismatch",
        "missing_activation",
        "over_regularised",
        "init_scale",
        "init_symmetric",
        "batch_size",
        "class_imbalance",
    }
)
"""What may do harm and need not: warnings until something shows that it does."""


def blame(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Put causes before what they explain.

    Args:
        findings: In the order of the rules, causes before symptoms.

    Returns:
        The worst cause first, each followed by its consequences; a doubt is a fault where it explains one. What is over
        comes last.
    """
    standing = [one for one in findings if not one.is_over]
    over = [one for one in findings if one.is_over]
    cause_of: dict[int, int] = {}
    for at, cause in enumerate(standing):
        if at in cause_of or cause.severity == "note":
            continue
        explained = EXPLAINS.get(cause.rule, frozenset()) | {cause.rule}
        for place, other in enumerate(standing[at + 1 :], at + 1):
            if place not in cause_of and other.rule in explained and other.severity != "note":
                cause_of[place] = at
    chains = []
    for at, cause in enumerate(standing):
        if at in cause_of:
            continue
        told = [replace(standing[one], because_of=cause.rule) for one, its in cause_of.items() if its == at]
        chains.append((_grown(cause, told), *told))
    chains.sort(key=lambda chain: SEVERITIES.index(chain[0].severity))
    return (*(one for chain in chains for one in chain), *over)


def _grown(cause: Finding, told: Sequence[Finding]) -> Finding:
    """A doubt that harms is a fault."""
    does_harm = any(one.severity == "fault" and one.rule != cause.rule for one in told)
    underfits = cause.rule == "missing_activation" and any(one.rule == "underfit" for one in told)
    is_grown = cause.severity == "warning" and cause.rule in DOUBTS and (does_harm or underfits)
    return replace(cause, severity="fault") if is_grown else cause
