"""See a neural network learn: your own Keras model, alive in a Jupyter notebook."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnvis_widget.quiet_start import start_quietly

__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())

start_quietly()

_HOME = {
    "ActivationFunctionPanel": "nnvis_widget.widgets.panels.activation_function",
    "ActivationPanel": "nnvis_widget.widgets.panels.activations",
    "AttentionPanel": "nnvis_widget.widgets.panels.attention",
    "ConfusionMatrix": "nnvis_widget.widgets.panels.confusion",
    "Controls": "nnvis_widget.widgets.controls",
    "Dashboard": "nnvis_widget.dashboard.dashboard",
    "Dataset": "nnvis_widget.core.dataset",
    "DigitPad": "nnvis_widget.widgets.digit_pad",
    "EmbeddingPanel": "nnvis_widget.widgets.panels.embedding",
    "FindingsPanel": "nnvis_widget.widgets.panels.findings",
    "GradientFlow": "nnvis_widget.widgets.panels.gradient_flow",
    "InputShare": "nnvis_widget.widgets.panels.input_share",
    "LiveCallback": "nnvis_widget.sources.callback",
    "NetworkView": "nnvis_widget.widgets.network_view",
    "Run": "nnvis_widget.run.run",
    "StatePanel": "nnvis_widget.widgets.panels.states",
    "Trainer": "nnvis_widget.training.trainer",
    "PointPad": "nnvis_widget.widgets.point_pad",
    "TrainingCurves": "nnvis_widget.widgets.panels.curves",
    "WeightHeatmap": "nnvis_widget.widgets.panels.weights",
    "WeightHistogram": "nnvis_widget.widgets.panels.weight_histogram",
    "WeightsOverTime": "nnvis_widget.widgets.panels.weights_over_time",
    "arithmetic": "nnvis_widget.sources.arithmetic",
    "check": "nnvis_widget.sources.check",
    "dashboard_demo": "nnvis_widget.lessons.dashboard_demo",
    "datasets": "nnvis_widget.training.data.datasets",
    "errors": "nnvis_widget.errors",
    "playground": "nnvis_widget.lessons.playground",
    "read_graph": "nnvis_widget.keras_adapter.read_graph",
    "register_probe": "nnvis_widget.keras_adapter.read.views",
    "register_role": "nnvis_widget.keras_adapter.read.roles",
    "register_rule": "nnvis_widget.diagnosis.registry",
    "register_view": "nnvis_widget.keras_adapter.read.views",
    "set_language": "nnvis_widget.core.words.language",
    "watch": "nnvis_widget.sources.loop",
}
_MODULES = {"datasets", "errors"}

__all__ = [
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

if TYPE_CHECKING:
    import nnvis_widget.training.data.datasets as datasets
    from nnvis_widget import errors as errors
    from nnvis_widget.core.dataset import Dataset as Dataset
    from nnvis_widget.core.words.language import set_language as set_language
    from nnvis_widget.dashboard.dashboard import Dashboard as Dashboard
    from nnvis_widget.diagnosis.registry import register_rule as register_rule
    from nnvis_widget.keras_adapter.read.roles import register_role as register_role
    from nnvis_widget.keras_adapter.read.views import register_probe as register_probe
    from nnvis_widget.keras_adapter.read.views import register_view as register_view
    from nnvis_widget.keras_adapter.read_graph import read_graph as read_graph
    from nnvis_widget.lessons.dashboard_demo import dashboard_demo as dashboard_demo
    from nnvis_widget.lessons.playground import playground as playground
    from nnvis_widget.run.run import Run as Run
    from nnvis_widget.sources.arithmetic import arithmetic as arithmetic
    from nnvis_widget.sources.callback import LiveCallback as LiveCallback
    from nnvis_widget.sources.check import check as check
    from nnvis_widget.sources.loop import watch as watch
    from nnvis_widget.training.trainer import Trainer as Trainer
    from nnvis_widget.widgets.controls import Controls as Controls
    from nnvis_widget.widgets.digit_pad import DigitPad as DigitPad
    from nnvis_widget.widgets.network_view import NetworkView as NetworkView
    from nnvis_widget.widgets.panels.activation_function import ActivationFunctionPanel as ActivationFunctionPanel
    from nnvis_widget.widgets.panels.activations import ActivationPanel as ActivationPanel
    from nnvis_widget.widgets.panels.attention import AttentionPanel as AttentionPanel
    from nnvis_widget.widgets.panels.confusion import ConfusionMatrix as ConfusionMatrix
    from nnvis_widget.widgets.panels.curves import TrainingCurves as TrainingCurves
    from nnvis_widget.widgets.panels.embedding import EmbeddingPanel as EmbeddingPanel
    from nnvis_widget.widgets.panels.findings import FindingsPanel as FindingsPanel
    from nnvis_widget.widgets.panels.gradient_flow import GradientFlow as GradientFlow
    from nnvis_widget.widgets.panels.input_share import InputShare as InputShare
    from nnvis_widget.widgets.panels.states import StatePanel as StatePanel
    from nnvis_widget.widgets.panels.weight_histogram import WeightHistogram as WeightHistogram
    from nnvis_widget.widgets.panels.weights import WeightHeatmap as WeightHeatmap
    from nnvis_widget.widgets.panels.weights_over_time import WeightsOverTime as WeightsOverTime
    from nnvis_widget.widgets.point_pad import PointPad as PointPad


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'nnvis_widget' has no attribute {name!r}; it offers {', '.join(__all__)}")
    module = import_module(_HOME[name])
    value = module if name in _MODULES else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
