"""A change that is tried beside a training: two clones take the same steps, one of them changed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from math import isfinite, nan
from time import perf_counter

import numpy as np

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.trial import MOST_S, Measured, Outcome, Trial, TrialResult, outcome_of
from nnvis_widget.diagnosis.facts import Facts
from nnvis_widget.keras_adapter.changes import CHANGES, advice_to_try
from nnvis_widget.keras_adapter.changes.change import Change, NotTriedError, Situation
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, Batch, StreamFeed
from nnvis_widget.keras_adapter.own_code import read_own_code
from nnvis_widget.keras_adapter.putting_back import put_back
from nnvis_widget.keras_adapter.state import InitialState, TrainedState
from nnvis_widget.keras_adapter.torch_modules import generator_put_back
from nnvis_widget.keras_adapter.trial_rows import TrialRows
from nnvis_widget.keras_adapter.twin import Twin, Values, often_traced, why_no_twin

MOST_POINTS = 30
SLICE_S = 0.1
LEARNT = 0.9
"""Weights are worth going on with where their loss is below this part of that of the beginning, and of guessing."""
FROM_THE_BEGINNING = (
    "input_not_normalised",
    "target_scale",
    "class_imbalance",
    "output_activation",
    "loss_mismatch",
    "init_symmetric",
    "init_scale",
    "missing_activation",
)
BY_VALIDATION = ("overfit",)


class SideTrial:
    """Two clones of a model that train side by side on a thread of their own, while its training rests.

    Made on the training's thread, which reads all that is needed; `advance` and `cancel` are called on the other one.

    Args:
        forward: The way through the model.
        feed: Where its training has its rows from.
        initial: What the model began with; `None` where that is not known.
        facts: What is known of model and data.
        updates: By which share a step changes the kernel that it changes most: lately, and the most that was; or NaN.
        finding: Whose advice is tried.
        steps: At most so many.

    Attributes:
        step: Steps done.
        result: What came of it; `None` while it is under way.
    """

    def __init__(
        self,
        forward: Forward,
        feed: ArrayFeed | StreamFeed,
        initial: InitialState | None,
        facts: Facts,
        updates: tuple[float, float],
        finding: Finding,
        steps: int,
    ) -> None:
        self.step = 0
        self.result: TrialResult | None = None
        self._forward, self._feed, self._finding, self._planned = forward, feed, finding, steps
        self._facts, self._updates = facts, updates
        self._start_s = perf_counter()
        self._now = _values(TrainedState(forward.model))
        self._first = self._now if initial is None else _values(initial)
        self._held = ExitStack()
        self._advice = advice_to_try(finding)
        self._change: Change | None = None
        self._twins: list[Twin] = []
        self._begins_anew = False
        self._measured: Measured = "loss"
        self._steps: list[int] = []
        self._as_it_is: list[float] = []
        self._changed: list[float] = []

    @property
    def shown(self) -> Trial:
        """How it stands."""
        return Trial(self._finding.rule, self._finding.place.key, self.step, self._planned, self.result)

    def advance(self) -> None:
        """Make the clones, or take some of the steps; never raises."""
        try:
            if self._twins:
                self._go_on()
            else:
                self._begin()
        except NotTriedError as why:
            self._end("refused", str(why))
        except Exception as error:  # a person's own layer or loss may raise anything
            self._end("refused", f"{type(error).__name__}: {sentence(error)}")

    def cancel(self) -> None:
        """Leave it; nothing happens once it is over."""
        if self.result is None:
            self._end("cancelled")

    def _begin(self) -> None:
        model = self._forward.model
        if self._advice is None:
            raise NotTriedError("what is advised cannot be tried by itself")
        code = read_own_code(model)
        self._held.enter_context(often_traced())
        self._held.enter_context(generator_put_back())
        self._held.enter_context(put_back(code))
        self._data = TrialRows(self._feed, self._forward)
        feed = self._data.feed
        situation = Situation(
            self._forward, self._finding, feed.x, feed.y, feed.batch_size, self._facts, *self._updates
        )
        change = self._change = CHANGES[self._advice.change](situation)
        why = why_no_twin(model, code)
        if why:
            raise NotTriedError(why)
        self._probe = self._probe_for(change)
        first = self._data.batch(0, feed.batch_size)
        twins = [Twin(model, each, first, change.loss) for each in ([None] if change.stops_at_best else [None, change])]
        values = self._beginning(twins[0], change)
        for twin in twins:
            twin.begin_with(values)
        self._twins = twins
        self._measure()

    def _probe_for(self, change: Change) -> Batch:
        is_of_validation = self._finding.rule in BY_VALIDATION
        x, y, sample_weight = self._data.validation() if is_of_validation else self._data.measured()
        self._measured = "validation_loss" if is_of_validation else "loss"
        if change.loss is not None:
            self._measured = "new_loss"
        if change.weights is not None:
            self._measured, sample_weight = "balanced_loss", change.weights(y, sample_weight)
        return x, y, sample_weight

    def _beginning(self, twin: Twin, change: Change) -> Values:
        """What both begin with.

        That of now where something was learnt that is worth keeping, unless the fault is there from the start; with the
        optimiser's slots where both can take them over.
        """
        is_at_start = change.begins_anew or self._finding.rule in FROM_THE_BEGINNING
        self._begins_anew = is_at_start or not (change.stops_at_best or self._has_learnt(twin))
        if self._begins_anew:
            return self._of_model(self._first)
        has_same_slots = change.layers is None and change.optimizer is None
        return self._now if has_same_slots else self._of_model(self._now)

    def _has_learnt(self, twin: Twin) -> bool:
        probe = self._data.measured()
        losses = []
        for values in (self._first, self._now):
            twin.begin_with(self._of_model(values))
            losses.append(twin.measure(probe))
        known = [one for one in (losses[0], self._facts.base_loss) if isfinite(one)]
        return losses[1] < LEARNT * min(known) if known else isfinite(losses[1])

    def _of_model(self, values: Values) -> Values:
        own = {id(variable) for variable in self._forward.model.variables}
        return {key: value for key, value in values.items() if key in own}

    @property
    def _guess(self) -> float:
        """The loss of the best constant answer, where both are judged by it; else NaN."""
        return self._facts.base_loss if self._measured == "loss" else nan

    def _go_on(self) -> None:
        end_s = perf_counter() + SLICE_S
        every = max(1, self._planned // MOST_POINTS)
        while perf_counter() < end_s:
            self._take_step()
            self.step += 1
            is_last = self.step >= self._planned or perf_counter() - self._start_s >= MOST_S
            if not is_last and self.step % every:
                continue
            self._measure()
            ends = self._as_it_is[-1], self._changed[-1]
            if is_last or not any(map(isfinite, ends)):
                self._end(outcome_of(*ends, self._guess))
                return

    def _take_step(self) -> None:
        size = self._data.feed.batch_size
        for twin, change in zip(self._twins, (None, self._change), strict=False):
            rows = size if change is None else change.batch_size or size
            x, y, sample_weight = self._data.batch(self.step * rows, rows)
            if change is not None and change.inputs is not None:
                x = change.inputs(x)
            if change is not None and change.weights is not None:
                sample_weight = change.weights(y, sample_weight)
            twin.train((x, y, sample_weight))

    def _measure(self) -> None:
        x, y, sample_weight = self._probe
        self._as_it_is.append(self._twins[0].measure(self._probe))
        if len(self._twins) == 1:
            self._changed.append(min(self._as_it_is))
        else:
            inputs = self._change.inputs if self._change is not None else None
            self._changed.append(self._twins[1].measure((inputs(x) if inputs else x, y, sample_weight)))
        self._steps.append(self.step)

    def _end(self, outcome: Outcome, why: str = "") -> None:
        self._held.close()
        self._twins, self._now, self._first = [], {}, {}  # which weigh as much as the model
        change = self._change
        code = change.code if change is not None else ""
        self.result = TrialResult(
            rule=self._finding.rule,
            place=self._finding.place,
            outcome=outcome,
            what=None if change is None else (change.key, change.values),
            code=code or (self._advice.code if self._advice is not None else ""),
            keeps=None if change is None else change.keeps,
            measured=self._measured,
            rows=self._data.rows if self._steps else 0,
            steps=tuple(self._steps),
            as_it_is=tuple(self._as_it_is),
            changed=tuple(self._changed),
            planned_steps=self._planned,
            seconds=perf_counter() - self._start_s,
            begins_anew=self._begins_anew,
            refusal=why,
        )


def _values(state: InitialState) -> Mapping[int, np.ndarray]:
    return {id(variable): value for variable, value in state.pairs}
