"""One measurement of a training, in small numbers: what a doctor looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan, sqrt
from statistics import median


@dataclass(frozen=True)
class KernelLook:
    """A kernel at one step.

    Attributes:
        layer: Id of its layer.
        name: The variable's name within the layer.
        fan_in: How many numbers each of its units takes in.
        mean: Mean of |w|.
        std: Standard deviation of w.
        gradient: Mean of |∂L/∂w| on the probe; NaN where the loss does not reach it, or nothing was differentiated.
        norm: ‖∂L/∂w‖, likewise.
        update: Mean of |Δw| over one step, divided by the mean of |w| before it; NaN where no step was measured.
        is_trained: Whether training changes it; of one that it does not there is no slope.
        fan_out: How many units it has; 0 where that is not known.
    """

    layer: str
    name: str
    fan_in: int
    mean: float
    std: float
    gradient: float = nan
    norm: float = nan
    update: float = nan
    is_trained: bool = True
    fan_out: int = 0


@dataclass(frozen=True)
class LayerLook:
    """What a layer with an activation puts out for the probe.

    Attributes:
        layer: Id of the layer.
        units: How many units, a map counting as one.
        dead: Units that put out 0 for every row, the first 64 of them.
        dead_count: How many there are.
        saturated: Units at an end of their range for more than 90 % of the rows, the first 64.
        saturated_count: How many there are.
    """

    layer: str
    units: int
    dead: tuple[int, ...] = ()
    dead_count: int = 0
    saturated: tuple[int, ...] = ()
    saturated_count: int = 0


@dataclass(frozen=True)
class Look:
    """One measurement on the fixed probe rows.

    Attributes:
        step: Optimiser steps done.
        epoch: Epochs done, with the part of the running one.
        loss: On the probe, without what regularisers add; NaN where there is none.
        penalty: What regularisers add.
        validation_loss: Likewise on at most 256 validation rows; NaN where there are none.
        kernels: In the model's order.
        layers: Those with an activation that can be dead or saturated, in the model's order.
        output_spread: The largest standard deviation of an output over the rows; NaN where not known.
        recall: Of each class its share that is told right; NaN for a class without a row; empty where no classes are.
        accuracy: Share of the probe rows that are told right; NaN where that is no question.
        validation_accuracy: Likewise of the validation rows.
        learning_rate: In force; NaN where it is not known.
        first_bad: Id of the first layer with a weight that is not finite, `loss` where only that is not; else empty.
    """

    step: int
    epoch: float = 0.0
    loss: float = nan
    penalty: float = 0.0
    validation_loss: float = nan
    kernels: tuple[KernelLook, ...] = ()
    layers: tuple[LayerLook, ...] = ()
    output_spread: float = nan
    recall: tuple[float, ...] = ()
    accuracy: float = nan
    validation_accuracy: float = nan
    learning_rate: float = nan
    first_bad: str = ""

    # Asked at every later look; they are no fields.
    @cached_property
    def typical_update(self) -> float:
        """By which share the step changed a kernel, the median of them; NaN where no step was measured."""
        return float(median(self._updates)) if self._updates else nan

    @cached_property
    def largest_update(self) -> float:
        """By which share it changed the kernel that it changed most; NaN likewise."""
        return max(self._updates, default=nan)

    @cached_property
    def gradient_norm(self) -> float:
        """Of all kernels together; those that the loss does not reach count nothing."""
        return sqrt(sum(kernel.norm**2 for kernel in self.kernels if isfinite(kernel.norm)))

    @cached_property
    def _updates(self) -> list[float]:
        return [kernel.update for kernel in self.kernels if isfinite(kernel.update)]
