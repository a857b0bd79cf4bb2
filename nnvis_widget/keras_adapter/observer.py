"""Measuring what is watched, and putting it into the run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter, sleep
from typing import Any

import numpy as np

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.to_measure import everywhere, to_measure
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.findings import Findings
from nnvis_widget.core.pages import in_own_pages
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot
from nnvis_widget.core.status import FirstBad, Problem
from nnvis_widget.core.want import Want, Wants, samples_of
from nnvis_widget.diagnosis.rules.finite import Soundness
from nnvis_widget.keras_adapter.attempts import RECORD, Attempts
from nnvis_widget.keras_adapter.checkup import Checkup
from nnvis_widget.keras_adapter.fingerprint import Structure, weigh
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.host_rows import HostRows
from nnvis_widget.keras_adapter.kept_states import kept_states
from nnvis_widget.keras_adapter.looking_back import LookingBack
from nnvis_widget.keras_adapter.not_finite import NotFinite
from nnvis_widget.keras_adapter.probes.probe import Tensors
from nnvis_widget.keras_adapter.read.read_structure import read_structure
from nnvis_widget.keras_adapter.read_model import read_model
from nnvis_widget.keras_adapter.steering import follows_schedule, rates_of
from nnvis_widget.keras_adapter.what_if.supposing import Supposing
from nnvis_widget.run.run import Run

UNWATCHED_PAUSE_S = 5.0
MOST_ATTEMPTS = 3
REST_S = 0.02
"""How long weights that somebody has set must rest: who sets them may stand still between two of them meanwhile."""

Weighed = tuple[tuple[int, ...], tuple[int, ...]]
"""Of the weights, and of what stateful layers have kept: a prediction moves that too."""

log = logging.getLogger("nnvis_widget")


class Observer:
    """Takes snapshots of one model. Used by one thread: the one that trains it.

    Whatever fails of it is reported once, as a warning and as `problem`, and left out from then on, until the model is
    another or something else is asked of it; the training is not disturbed.

    Args:
        model: The Keras model.
        scenery: The samples it is looked at with; what its outputs mean is read here, anew for another loss.
        run: Where snapshots go.
        cadence: How often they are taken.

    Attributes:
        checkup: The doctor beside the training, with a cadence of its own.
        supposing: What is tried on the model without touching it; answered with each snapshot.
    """

    def __init__(self, model: Any, scenery: Scenery, run: Run, cadence: Cadence) -> None:
        self.model = model
        self.scenery = scenery
        self.run = run
        self.cadence = cadence
        self.watches = WatchList()
        self._replies = Cadence(share=cadence.share)
        self.generation = 0
        self._soundness = Soundness(run)
        self._attempts = Attempts(lambda: str(self.model.name), self._is_changing)
        self._attempt = self._attempts.attempt
        self.checkup = Checkup(self._attempt, run)
        self.supposing = Supposing(self.watches)
        self._revision = 0
        self._last_s = float("-inf")
        self._weights: Weighed | None = None
        self._is_looking = False
        self._structure: Structure | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read the graph and what the outputs mean again, for a model that was built or changed since."""
        # First: where somebody changes the model while it is read, the next look reads it again.
        self._read_as = structure = Structure(self.model)
        read, before = read_model(self.model, self.scenery, self._attempt), self.run.graph
        if before is not None and not read.graph.has_layers_of(before):
            self.run.forget_snapshots()
        self._as_read, self.graph, self.structure = read.untraced, read.graph, read.structure
        self.scenery, self._forward, self._probes = read.scenery, read.forward, read.probes
        self.run.graph, self.run.structure, self.run.task = self.graph, self.structure, self.scenery.task
        whole = self._forward.whole_graph
        graphs = [self.graph] if whole is self.graph else [self.graph, whole]
        self._not_finite = [NotFinite(self._forward, graph) for graph in graphs]
        self._past = LookingBack(self.run, self._forward, self._answers)
        self._attempts.try_all_again()
        self.checkup.begin_anew()
        self._structure = structure
        self.generation += 1

    def look_with(self, scenery: Scenery) -> None:
        """Look at the model with other samples from the next look on."""
        self.scenery = scenery
        self.read_anew()

    def read_anew(self) -> None:
        """Read the model again at the next look, whatever changed in it, and try again what failed."""
        self._structure = None
        self._attempts.try_all_again()

    @property
    def forward(self) -> Forward:
        """The way through the model as it was read last."""
        return self._forward

    @property
    def problem(self) -> Problem | None:
        """What failed last and has not worked since."""
        return self._attempts.problem

    def still(self, problem: Problem | None) -> Problem | None:
        """A problem that was told, unless what failed has worked since."""
        return self._attempts.still(problem)

    def begin_anew(self) -> None:
        """Forget what is recorded and what was wrong, for a new beginning."""
        self.run.clear()
        self._soundness = Soundness(self.run)
        self.checkup.begin_anew()

    def keep(self) -> Callable[[], None]:
        """Note what is recorded and what was wrong; what is returned brings that back."""
        record, soundness = self.run.set_aside(), self._soundness
        bring_back_findings = self.checkup.keep()

        def bring_back() -> None:
            self.run.bring_back(record)
            bring_back_findings()
            self._weights = None
            self._soundness = soundness
            soundness.pin()

        return bring_back

    @property
    def first_bad(self) -> FirstBad | None:
        """Where NaN or infinity first came in."""
        return self._soundness.first_bad

    @property
    def told(self) -> tuple[int, FirstBad | None, Findings]:
        """What a status says of the model: which one it is, where it went wrong, what was found."""
        return self.generation, self.first_bad, self.checkup.findings

    def record(self, last: Moment, steps: np.ndarray, names: Sequence[str], values: np.ndarray) -> None:
        """Record metrics of some steps in the run.

        Args:
            last: The moment of the last row, counted within the running epoch.
            steps: `(k,)` in order.
            names: n metric names.
            values: `(k, n)`.
        """

        def act() -> None:
            self.run.record_scalars(steps, names, values)
            self._soundness.look_at_scalars(last, steps, names, values)

        self._attempt("metrics", act, RECORD)

    def begin_epoch(self, step: int, epoch: float, steps: float | None) -> None:
        """As `Run.begin_epoch`; never raises."""
        self._attempt("epochs", lambda: self.run.begin_epoch(step, epoch, steps), RECORD)

    def end_epoch(self, step: int, epoch: int, values: Mapping[str, float], steps: float | None) -> None:
        """As `Run.end_epoch`; never raises."""
        self._attempt("epochs", lambda: self.run.end_epoch(step, epoch, values, steps), RECORD)

    def note_hyperparameters(self, step: int, values: Mapping[str, float]) -> None:
        """Record where a hyperparameter changed by hand or by a callback; a rate on a schedule changes all the time."""
        self._attempt("hyperparameters", lambda: self._note_hyperparameters(step, values), RECORD)

    def _note_hyperparameters(self, step: int, values: Mapping[str, float]) -> None:
        if self.run.is_changed(values):
            is_scheduled = follows_schedule(self.model)
            steady = {name: value for name, value in values.items() if not (is_scheduled and name == "learning_rate")}
            self.run.record_hyperparameters(step, steady)

    def begins_look(self, moment: Moment) -> bool:
        """Whether the doctor looks at the step that comes next; then that look is begun. Never raises."""
        if not self.graph.is_built or not self.checkup.is_due(moment.step, perf_counter(), self.first_bad):
            return False
        try:
            if self._structure != Structure(self.model):
                self.refresh()
        except Exception:  # the next snapshot tells
            log.debug("no look of the doctor", exc_info=True)
            return False
        self.checkup.begin(self._forward, moment)
        return True

    def end_look(self, moment: Moment) -> None:
        """Right after the step that was begun. Never raises."""
        self.checkup.end(moment, self.first_bad)

    def finish_looks(self, moment: Moment) -> None:
        """The training is over. Never raises."""
        self.checkup.finish(moment, self.first_bad)

    def is_urgent(self, now_s: float) -> bool:
        """Whether a snapshot is due whatever the cadence says.

        Where NaN or infinity came in, so that the tensor can be named, and where somebody asked; who asks all the time
        is answered within the cadence's share.
        """
        return self._soundness.is_unnamed or (self.watches.is_asked and self._replies.is_due(now_s))

    def is_due(self, now_s: float) -> bool:
        """Whether a snapshot may be taken now: at the cadence when somebody looks, else every five seconds."""
        if self.is_urgent(now_s):
            return True
        if not self.watches.is_followed and now_s < self._last_s + UNWATCHED_PAUSE_S:
            return False
        return self.cadence.is_due(now_s)

    def observe(
        self,
        moment: Moment,
        scalars: Mapping[str, float] | None = None,
        hyperparameters: Mapping[str, float] | None = None,
        is_at_rest: bool = False,
    ) -> None:
        """Measure what is watched and append it to the run; never raises.

        All of a snapshot is of one model: where somebody else sets the weights meanwhile it is measured again, and
        where they never rest it is left out.

        Args:
            moment: Of the training.
            scalars: Its metrics.
            hyperparameters: The values in force.
            is_at_rest: Whether no training of ours runs, so that new weights were set by somebody.
        """
        act = partial(self._take, moment, scalars or {}, hyperparameters or {}, is_at_rest)
        self._is_looking = True
        try:
            self._attempt("snapshots", act, RECORD)
        finally:
            self._is_looking = False

    def _take(
        self, moment: Moment, scalars: Mapping[str, float], hyperparameters: Mapping[str, float], is_at_rest: bool
    ) -> None:
        start_s = perf_counter()
        if self._structure != Structure(self.model):
            self.refresh()
            hyperparameters = {**hyperparameters, **rates_of(self.model)}  # what was handed in may be of the one before
        is_asked, self.watches.is_asked = self.watches.is_asked, False
        self._forward.is_at_rest, self._forward.is_owed = is_at_rest, False
        self._forward.step_size = int(hyperparameters.get("batch_size", 32))
        measured = self._measure_whole(is_at_rest)
        self.watches.is_owed = self._forward.is_owed
        if measured is not None:
            self._revision += 1
            snapshot = Snapshot(moment, dict(scalars), dict(hyperparameters), *measured, self._revision)
            self.note_hyperparameters(moment.step, snapshot.hyperparameters)
            self._soundness.look_at(snapshot, lambda layer: self.structure.layer(layer).name)
            self.supposing.renew(snapshot, self._forward, self.structure, self._all_wants())
            self.run.append(snapshot)
        self._last_s = perf_counter()
        self.cadence.done(start_s, self._last_s - start_s)
        self._look_back()
        if is_asked:
            self._replies.done(start_s, perf_counter() - start_s)
        log.debug("step %d: measured in %.1f ms", moment.step, 1e3 * (self._last_s - start_s))

    def is_stale(self) -> bool:
        """Whether the model is no longer the one that was measured last. Any thread may ask while nothing trains.

        Never while it is being measured: the look that ends next tells of a change, or the next question does.

        Cost: a sum over each weight, and reading the structure (0.6 ms for ResNet50).
        """
        if self._is_looking:
            return False
        try:
            if read_structure(self.model).structure != self._as_read:
                self._structure = None
            return self._structure != Structure(self.model) or self._weights != self._read_weights()
        except Exception:  # somebody is at it; the next time tells
            log.debug("not to be read now", exc_info=True)
            return False

    def _measure_whole(self, is_at_rest: bool) -> tuple[Tensors, tuple[int, ...]] | None:
        """Tensors and samples; `None` where the weights never rest."""
        known, self._weights = self._weights, None
        wants = self._all_wants()
        for _ in range(MOST_ATTEMPTS):
            with self._forward.look():
                before = self._weigh(self._forward.reader.rows)
                tensors = self._measure(wants)
            if is_at_rest and before != known:
                sleep(REST_S)
                if known is not None and before is not None and known[0] != before[0]:
                    self.checkup.begin_anew()  # what was found was found in other weights
            if before is not None and before == self._weigh():
                self._weights = before
                kept = {id(tensor): in_own_pages(tensor) for tensor in tensors.values()}
                return {key: kept[id(tensor)] for key, tensor in tensors.items()}, samples_of(wants)
        return None

    def _weigh(self, read: Callable[[Any], HostRows] = HostRows) -> Weighed | None:
        try:
            return self._read_weights(read)
        except Exception:  # given away to a step that runs elsewhere, as JAX does it
            log.debug("not to be read now", exc_info=True)
            return None

    def _read_weights(self, read: Callable[[Any], HostRows] = HostRows) -> Weighed:
        kept = [one for layer in self._forward.within.keeping for one in kept_states(self._forward.operations[layer])]
        return weigh(self.model.weights if self.model.built else (), read), weigh(kept, read)

    def _measure(self, wants: Wants) -> Tensors:
        tensors: Tensors = {}
        if self.graph.is_built:
            tensors |= self._answers(wants)
            told = self._attempt(NotFinite.name, lambda: self._told(tensors))
            if told:  # signals through large kernels come of what is told now
                tensors |= told
                self._forward.told = told
                tensors |= self._answers(frozenset(want for want in wants if want.quantity == "signal"))
        return tensors

    def _told(self, tensors: Tensors) -> Tensors:
        told: Tensors = {}
        for each in self._not_finite:
            told |= each.told({**tensors, **told})
        return told

    def _all_wants(self) -> Wants:
        """What a snapshot holds, wanted or not."""
        has_loss = self.run.awaits_epoch and (self.graph.is_small or self.watches.is_watched)
        wants = to_measure(self.watches, self.graph.is_small)
        return wants | {Want("probe_loss")} if has_loss else wants

    def _look_back(self) -> None:
        """Answer what is asked of kept steps."""
        for step, wants in self.watches.looks_back:
            answered = self._past.answer(step, everywhere(wants))
            if answered is not None:
                self._revision += 1
                self.run.append(replace(answered, revision=self._revision))

    def _answers(self, wants: Wants) -> Tensors:
        tensors: Tensors = {}
        for probe in self._probes:
            asked = frozenset(filter(probe.answers, wants))
            if asked:
                tensors |= self._attempt(probe.name, partial(probe.measure, asked, self._forward), asked=asked) or {}
        return tensors

    def _is_changing(self) -> bool:
        """Whether somebody is giving the model other layers, of which the next look will be."""
        try:
            return self._read_as != Structure(self.model)
        except Exception:  # which is a fault of its own, and told
            return False
