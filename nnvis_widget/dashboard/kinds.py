"""The panels that a dashboard can make by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.widgets.panels.activation_function import ActivationFunctionPanel
from nnvis_widget.widgets.panels.activations import ActivationPanel
from nnvis_widget.widgets.panels.attention import AttentionPanel
from nnvis_widget.widgets.panels.confusion import ConfusionMatrix
from nnvis_widget.widgets.panels.curves import TrainingCurves
from nnvis_widget.widgets.panels.embedding import EmbeddingPanel
from nnvis_widget.widgets.panels.findings import FindingsPanel
from nnvis_widget.widgets.panels.gradient_flow import GradientFlow
from nnvis_widget.widgets.panels.input_share import InputShare
from nnvis_widget.widgets.panels.panel import Panel
from nnvis_widget.widgets.panels.states import StatePanel
from nnvis_widget.widgets.panels.weight_histogram import WeightHistogram
from nnvis_widget.widgets.panels.weights import WeightHeatmap
from nnvis_widget.widgets.panels.weights_over_time import WeightsOverTime

HEIGHT_PX = 164
BELOW_A_CHOICE_PX = 136


@dataclass(frozen=True)
class Kind:
    """A panel that can be asked for.

    Attributes:
        key: Of its name in the catalogue.
        panel: Its class.
        options: How a dashboard makes it.
    """

    key: str
    panel: type[Panel]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As a person reads it."""
        return say(self.key)


KINDS: dict[str, Kind] = {
    "weights": Kind("weightsPanel", WeightHeatmap, {"layer": "selected"}),
    "activation_function": Kind("activationFunctionKind", ActivationFunctionPanel, {"layer": "selected"}),
    "weight_histogram": Kind("distributionKind", WeightHistogram, {"layer": "selected"}),
    "weights_over_time": Kind("overTimePanel", WeightsOverTime, {"layer": "selected"}),
    "training": Kind("trainingKind", TrainingCurves, {"height": BELOW_A_CHOICE_PX}),
    "activations": Kind("activationsPanel", ActivationPanel),
    "gradient_flow": Kind("gradientPanel", GradientFlow),
    "attention": Kind("attentionPanel", AttentionPanel, {"layer": "selected"}),
    "embedding": Kind("embeddingPanel", EmbeddingPanel, {"layer": "selected"}),
    "states": Kind("statePanel", StatePanel, {"layer": "selected"}),
    "input_share": Kind("inputSharePanel", InputShare),
    "findings": Kind("findingsPanel", FindingsPanel),
    "confusion": Kind("confusionPanel", ConfusionMatrix),
}
STANDARD = ("weights", "activation_function", "weights_over_time", "training")


def kinds_for(structure: NetworkStructure | None) -> tuple[str, ...]:
    """The names of those that may have something to show of a network; of an unknown one all."""
    return tuple(name for name, kind in KINDS.items() if structure is None or kind.panel.suits(structure))


def make_panel(kind: str, source: Any, options: Mapping[str, Any]) -> Panel:
    """A panel of a kind, as high as its neighbours unless the options say otherwise.

    Raises:
        ModelError: If there is no such kind, or the network has nothing to show in it.
    """
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ModelError(f"Expected a panel or one of {', '.join(map(repr, KINDS))}, got {kind!r}.{hint}")
    chosen = KINDS[kind]
    return chosen.panel(source, **{"height": HEIGHT_PX, **chosen.options, **options})
