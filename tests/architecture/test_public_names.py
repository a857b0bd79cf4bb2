from __future__ import annotations

import pytest

import nnvis_widget

PUBLIC_NAMES = [
    "ActivationFunctionPanel",
    "ActivationPanel",
    "AttentionPanel",
    "ConfusionMatrix",
    "Controls",
    "Dashboard",
    "Dataset",
    "DigitPad",
    "EmbeddingPanel",
    "FindingsPanel",
    "GradientFlow",
    "InputShare",
    "LiveCallback",
    "NetworkView",
    "PointPad",
    "Run",
    "StatePanel",
    "Trainer",
    "TrainingCurves",
    "WeightHeatmap",
    "WeightHistogram",
    "WeightsOverTime",
    "arithmetic",
    "check",
    "dashboard_demo",
    "datasets",
    "errors",
    "playground",
    "read_graph",
    "register_probe",
    "register_role",
    "register_rule",
    "register_view",
    "set_language",
    "watch",
]


def test_the_public_names_are_these() -> None:
    assert nnvis_widget.__all__ == PUBLIC_NAMES
    assert dir(nnvis_widget) == sorted(PUBLIC_NAMES)


def test_every_public_name_is_there() -> None:
    assert [name for name in PUBLIC_NAMES if getattr(nnvis_widget, name, None) is None] == []


def test_an_unknown_name_is_refused_with_the_names_on_offer() -> None:
    with pytest.raises(AttributeError, match=r"it offers .*NetworkView"):
        _ = nnvis_widget.NetworkVeiw
