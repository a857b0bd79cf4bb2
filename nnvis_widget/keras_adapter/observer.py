"""Measuring what is watched, and putting it into the run."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import keras
import numpy as np

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.pages import in_own_pages
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment, Snapshot, TensorKey
from nnvis_widget.core.status import FirstBad, Problem
from nnvis_widget.diagnosis.rules.finite import Soundness
from nnvis_widget.keras_adapter.not_finite import NotFinite
from nnvis_widget.keras_adapter.probes.activations import MAP_LIMIT, UNIT_LIMIT, ActivationProbe
from nnvis_widget.keras_adapter.probes.field import FieldProbe
from nnvis_widget.keras_adapter.probes.gradients import GradientProbe
from nnvis_widget.keras_adapter.probes.large_kernels import LargeKernels
from nnvis_widget.keras_adapter.probes.predictions import PredictionProbe
from nnvis_widget.keras_adapter.probes.units import UnitProbe
from nnvis_widget.keras_adapter.probes.weights import measure_weights
from nnvis_widget.keras_adapter.read.read_graph import operations_by_id, read_graph
from nnvis_widget.keras_adapter.steering import follows_schedule
from nnvis_widget.run.run import Run

UNWATCHED_PAUSE_S = 5.0
PROBE_BATCH = 256
MOST_VALUES = 65_536


class Observer:
    """Takes snapshots of one model. Used by one thread: the one that trains it.

    A probe that fails is reported once, as a warning and as `problem`, and left out from then on; the training is not
    disturbed.

    Args:
        model: The Keras model.
        scenery: The samples it is looked at with.
        run: Where snapshots go.
        cadence: How often they are taken.
    """

    def __init__(self, model: Any, scenery: Scenery, run: Run, cadence: Cadence) -> None:
        self.model = model
        self.scenery = scenery
        self.run = run
        self.cadence = cadence
        self.watches = WatchList()
        self.problem: Problem | None = None
        self.generation = 0
        self._soundness = Soundness(run)
        self._failed: set[str] = set()
        self._revision = 0
        self._last_s = float("-inf")
        self.refresh()

    def refresh(self) -> None:
        """Read the graph again, for a model that was built or changed since."""
        self.graph = read_graph(self.model)
        self.run.graph = self.graph
        self._operations = operations_by_id(self.model)
        self._random_states = _random_states(self.model) if self.graph.is_built else []
        self._probes: dict[str, Any] = {}
        self.generation += 1

    def forget(self) -> None:
        """Forget what was wrong, for a new beginning."""
        self._soundness.forget()

    @property
    def first_bad(self) -> FirstBad | None:
        """Where NaN or infinity first came in."""
        return self._soundness.first_bad

    def record(self, last: Moment, steps: np.ndarray, names: Sequence[str], values: np.ndarray) -> None:
        """Record metrics of some steps in the run.

        Args:
            last: The moment of the last row, counted within the running epoch.
            steps: `(k,)` in order.
            names: n metric names.
            values: `(k, n)`.
        """
        self.run.record_scalars(steps, names, values)
        self._soundness.look_at_scalars(last, steps, names, values)

    def note_hyperparameters(self, step: int, values: Mapping[str, float]) -> None:
        """Record where a hyperparameter changed by hand or by a callback; a rate on a schedule changes all the time."""
        if self.run.is_changed(values):
            is_scheduled = follows_schedule(self.model)
            steady = {name: value for name, value in values.items() if not (is_scheduled and name == "learning_rate")}
            self.run.record_hyperparameters(step, steady)

    def is_due(self, now_s: float) -> bool:
        """Whether a snapshot may be taken now: at the cadence when somebody looks, else every five seconds.

        At once where NaN or infinity came in, so that the tensor can be named.
        """
        if self._soundness.is_unnamed:
            return True
        if not self.watches.is_followed and now_s < self._last_s + UNWATCHED_PAUSE_S:
            return False
        return self.cadence.is_due(now_s)

    def observe(
        self,
        moment: Moment,
        scalars: Mapping[str, float] | None = None,
        hyperparameters: Mapping[str, float] | None = None,
    ) -> Snapshot:
        """Measure what is watched and append it to the run.

        Returns:
            The snapshot; never raises for a failing probe.
        """
        start_s = perf_counter()
        if self.graph.is_built != bool(self.model.built):
            self.refresh()
        samples = tuple(self.watches.samples)
        tensors: dict[TensorKey, np.ndarray] = {}
        if self.graph.is_built:
            tensors |= self._attempt("weights", lambda: measure_weights(self._operations))
            with _keeping(self._random_states):
                tensors |= self._attempt("activations", lambda: self._measure_activations(samples))
                if self.watches.maps:
                    tensors |= self._attempt("feature maps", lambda: self._measure_maps(samples))
                if self.watches.fields and self.scenery.is_plane:
                    tensors |= self._attempt("field", self._measure_field)
                if self.watches.gradients:
                    tensors |= self._attempt("gradients", self._measure_gradients)
                if self.watches.selections:
                    tensors |= self._attempt("pre-activations", self._measure_selected)
                if self.watches.layers:
                    tensors |= self._attempt("pre-activations of layers", self._measure_layers)
                if self.watches.predictions:
                    tensors |= self._attempt("predictions", self._measure_predictions)
            tensors |= self._attempt("large kernels", lambda: self._large_kernels().measure(self.watches, tensors))
            told = self._attempt("numbers that are not finite", lambda: self._not_finite().told(tensors))
            if told:  # signals through large kernels come of what is told now
                tensors |= told
                tensors |= self._attempt("large kernels", lambda: self._large_kernels().measure(self.watches, tensors))
        tensors = {key: in_own_pages(tensor) for key, tensor in tensors.items()}
        self._revision += 1
        snapshot = Snapshot(moment, dict(scalars or {}), dict(hyperparameters or {}), tensors, samples, self._revision)
        self.note_hyperparameters(moment.step, snapshot.hyperparameters)
        self._soundness.look_at(snapshot, lambda layer: self.graph.layer(layer).name)
        self.run.append(snapshot)
        self._last_s = perf_counter()
        self.cadence.done(start_s, self._last_s - start_s)
        return snapshot

    def _attempt(self, name: str, measure: Any) -> dict[TensorKey, np.ndarray]:
        if name in self._failed:
            return {}
        try:
            result: dict[TensorKey, np.ndarray] = measure()
        except Exception as error:
            self._failed.add(name)
            self.problem = Problem(f"The {name} cannot be measured: {error}", traceback.format_exc())
            warnings.warn(
                f"nnvis_widget cannot measure the {name} of {self.model.name!r} and goes on without: {error}",
                RuntimeWarning,
                stacklevel=2,
            )
            return {}
        return result

    def _activations(self) -> ActivationProbe:
        if "activations" not in self._probes:
            self._probes["activations"] = ActivationProbe(self.graph, self._operations, self.model)
        probe: ActivationProbe = self._probes["activations"]
        return probe

    def _large_kernels(self) -> LargeKernels:
        if "large kernels" not in self._probes:
            self._probes["large kernels"] = LargeKernels(self.graph, self._operations, self.scenery)
        probe: LargeKernels = self._probes["large kernels"]
        return probe

    def _not_finite(self) -> NotFinite:
        if "not finite" not in self._probes:
            self._probes["not finite"] = NotFinite(self.graph, self._operations, self.model, self.scenery)
        corrector: NotFinite = self._probes["not finite"]
        return corrector

    def _measure_activations(self, samples: tuple[int, ...]) -> dict[TensorKey, np.ndarray]:
        if not self.scenery.sample_count:
            return {}
        measured = self._activations().measure(self.scenery.batch(samples))
        return {
            TensorKey(quantity, layer, sample=sample): values[row]
            for (quantity, layer), values in measured.items()
            for row, sample in enumerate(samples)
        }

    def _measure_maps(self, samples: tuple[int, ...]) -> dict[TensorKey, np.ndarray]:
        """`map`: the outputs of layers with 4,097 to 65,536 of them."""
        if not self.scenery.sample_count:
            return {}
        if "feature maps" not in self._probes:
            self._probes["feature maps"] = ActivationProbe(
                self.graph, self._operations, self.model, UNIT_LIMIT + 1, MAP_LIMIT
            )
        probe: ActivationProbe = self._probes["feature maps"]
        measured = probe.measure(self.scenery.batch(samples)) if probe.layers else {}
        return {
            TensorKey("map", layer, sample=sample): values[row]
            for (quantity, layer), values in measured.items()
            if quantity == "activation" and layer in probe.layers
            for row, sample in enumerate(samples)
        }

    def _measure_selected(self) -> dict[TensorKey, np.ndarray]:
        """`z_batch`: the pre-activations of each selected unit over the first 256 samples."""
        if not self.scenery.sample_count:
            return {}
        if "units" not in self._probes:
            self._probes["units"] = UnitProbe(self.graph, self._operations, self.model, self._activations())
        batch = self._probe_batch()
        tensors: dict[TensorKey, np.ndarray] = {}
        for layer, unit in self.watches.selections:
            values = self._probes["units"].measure(batch, layer, unit)
            if values is not None:
                tensors[TensorKey("z_batch", layer, str(unit))] = values
        return tensors

    def _measure_layers(self) -> dict[TensorKey, np.ndarray]:
        """`z_layer`: the pre-activations of all units of each watched layer over samples of the probe batch."""
        if not self.scenery.sample_count:
            return {}
        measured = self._activations().measure(self._probe_batch())
        tensors: dict[TensorKey, np.ndarray] = {}
        for layer in self.watches.layers:
            values = measured.get(("z", layer))
            if values is not None:
                tensors[TensorKey("z_layer", layer)] = values[: max(1, MOST_VALUES // values.shape[1])]
        return tensors

    def _probe_batch(self) -> tuple[np.ndarray, ...]:
        return self.scenery.batch(range(min(PROBE_BATCH, self.scenery.sample_count)))

    def _measure_predictions(self) -> dict[TensorKey, np.ndarray]:
        if "predictions" not in self._probes:
            self._probes["predictions"] = PredictionProbe(self.graph, self.model, self.scenery)
        result: dict[TensorKey, np.ndarray] = self._probes["predictions"].measure()
        return result

    def _measure_field(self) -> dict[TensorKey, np.ndarray]:
        extent = self.scenery.extent
        if "field" not in self._probes and extent is not None:
            self._probes["field"] = FieldProbe(self.graph, self._activations(), extent)
        result: dict[TensorKey, np.ndarray] = self._probes["field"].measure()
        return result

    def _measure_gradients(self) -> dict[TensorKey, np.ndarray]:
        if self.scenery.targets is None or getattr(self.model, "optimizer", None) is None:
            return {}
        if "gradients" not in self._probes:
            self._probes["gradients"] = GradientProbe(
                self.model, self._operations, self.scenery.inputs, self.scenery.targets
            )
        return self._large_kernels().reduce_gradients(self._probes["gradients"].measure(), self.watches)


def _random_states(model: Any) -> list[Any]:
    others = {id(variable) for variable in (*model.weights, *model.metrics_variables)}
    return [variable for variable in model.variables if id(variable) not in others]


@contextmanager
def _keeping(variables: Iterable[Any]) -> Iterator[None]:
    """Variables have the same values after the block: some layers draw random numbers even in inference mode."""
    kept = [(variable, np.array(keras.ops.convert_to_numpy(variable))) for variable in variables]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)
