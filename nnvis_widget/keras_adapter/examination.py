"""The doctor of one model: what it knows, what it measures, what it has found."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan

from nnvis_widget.diagnosis.doctor import Doctor
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.probes.look import LookProbe, Updates
from nnvis_widget.keras_adapter.read_facts import Plan, read_facts
from nnvis_widget.keras_adapter.steering import rates_of


class Examination:
    """Reads the facts when it is made, and takes looks. Used by one thread.

    Args:
        forward: The way through the model.
        plan: What was asked of the training.
        thresholds: Others than those of the rules, by name.
        byte_budget: What the looks may take in memory.

    Attributes:
        doctor: Judges.
        updates: Measures by how much a step changes the kernels.
    """

    def __init__(
        self,
        forward: Forward,
        plan: Plan | None = None,
        thresholds: Mapping[str, float] | None = None,
        byte_budget: float = inf,
    ) -> None:
        self.doctor = Doctor(read_facts(forward, plan or Plan()), thresholds, byte_budget=byte_budget)
        self.updates = Updates(forward)
        self._forward = forward
        self._probe = LookProbe(forward)

    def look(self, step: int = 0, epoch: float = 0.0, updates: tuple[float, ...] = ()) -> None:
        """Measure and judge."""
        rate = rates_of(self._forward.model).get("learning_rate", nan)
        self.doctor.look(self._probe.take(step, epoch, updates, rate))
