"""Probes: each measures some quantities of a model, only where they are wanted."""

from __future__ import annotations

from nnvis_widget.keras_adapter.probes.activations import ActivationProbe
from nnvis_widget.keras_adapter.probes.attention import AttentionProbe
from nnvis_widget.keras_adapter.probes.contributions import ContributionProbe
from nnvis_widget.keras_adapter.probes.dead import DeadProbe
from nnvis_widget.keras_adapter.probes.embeddings import EmbeddingProbe
from nnvis_widget.keras_adapter.probes.field import FieldProbe
from nnvis_widget.keras_adapter.probes.gradients import GradientProbe
from nnvis_widget.keras_adapter.probes.kept import KeptProbe
from nnvis_widget.keras_adapter.probes.learning import LearningProbe
from nnvis_widget.keras_adapter.probes.links import LinkProbe
from nnvis_widget.keras_adapter.probes.maps import MapProbe
from nnvis_widget.keras_adapter.probes.moments import MomentProbe
from nnvis_widget.keras_adapter.probes.predictions import PredictionProbe
from nnvis_widget.keras_adapter.probes.probe import Probe
from nnvis_widget.keras_adapter.probes.probe_loss import LossProbe
from nnvis_widget.keras_adapter.probes.shares import ShareProbe
from nnvis_widget.keras_adapter.probes.states import StateProbe
from nnvis_widget.keras_adapter.probes.units import UnitProbe
from nnvis_widget.keras_adapter.probes.volumes import VolumeProbe
from nnvis_widget.keras_adapter.probes.weights import WeightProbe

PROBES: tuple[type[Probe], ...] = (
    WeightProbe,
    MomentProbe,
    ActivationProbe,
    MapProbe,
    ContributionProbe,
    AttentionProbe,
    EmbeddingProbe,
    StateProbe,
    KeptProbe,
    VolumeProbe,
    FieldProbe,
    GradientProbe,
    UnitProbe,
    PredictionProbe,
    LinkProbe,
    DeadProbe,
    LossProbe,
    ShareProbe,
    LearningProbe,
)
