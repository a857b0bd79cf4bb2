"""The changes that may be tried, by the name in `Advice.change`; nothing else of a finding is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nnvis_widget.core.finding import Advice, Finding
from nnvis_widget.keras_adapter.changes import data, ending, layers, losses, rates
from nnvis_widget.keras_adapter.changes.change import Change, Situation

CHANGES: Mapping[str, Callable[[Situation], Change]] = {
    "slower": rates.slower,
    "faster": rates.faster,
    "batch_size": rates.batch_size,
    "clipnorm": rates.clipnorm,
    "activation": layers.activation,
    "initializer": layers.initializer,
    "dropout": layers.dropout,
    "penalty": layers.penalty,
    "loss": losses.loss,
    "normalization": data.normalization,
    "class_weight": data.class_weight,
    "early_stop": ending.early_stop,
}


def advice_to_try(finding: Finding) -> Advice | None:
    """The first advice of a finding that can be tried; `None` where there is none."""
    return next((one for one in finding.advice if one.change in CHANGES), None)
