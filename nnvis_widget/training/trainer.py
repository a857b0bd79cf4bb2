"""A training in its own thread: the public face."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from threading import Condition
from time import monotonic
from typing import Any

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.control.worker import Worker
from nnvis_widget.core.command import (
    Capability,
    Command,
    Look,
    Pause,
    Reset,
    Resume,
    RunEpochs,
    RunSteps,
    Stop,
    UndoReset,
    kind_of,
)
from nnvis_widget.core.dataset import Dataset
from nnvis_widget.core.findings import Findings
from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.plain_text import sentence
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.status import State, Status
from nnvis_widget.core.structure import NetworkStructure
from nnvis_widget.errors import TrainerStateError
from nnvis_widget.keras_adapter.arrays import copied
from nnvis_widget.keras_adapter.check_data import check_model
from nnvis_widget.keras_adapter.loops.feed import StreamFeed
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read.awaited_metrics import awaited_metrics
from nnvis_widget.keras_adapter.read_data import FeedOptions, is_in_memory, read_data, read_scenery
from nnvis_widget.keras_adapter.train_loop import TrainLoop
from nnvis_widget.run.gaze import Gaze
from nnvis_widget.run.run import Run
from nnvis_widget.sources.thresholds import Thresholds
from nnvis_widget.training.arguments import check_count, check_epochs, evaluation_of, split_off_validation
from nnvis_widget.training.engine import Engine
from nnvis_widget.training.steered import Steered
from nnvis_widget.training.step_through import Stepped
from nnvis_widget.training.tried import Tried

WATCH_RATE_HZ = 10.0
WATCH_SHARE = 0.04
SETTLE_S = 60.0
POLL_S = 0.1


class Trainer(Steered, Stepped, Tried):
    """Trains a Keras model in a thread of its own, so that the notebook stays free.

    On TensorFlow it takes compiled blocks of steps that end about every 50 ms; there commands are heard and what is
    watched is measured. With the same seeds and data the weights are bit-equal watched or not, and those of
    `model.train_on_batch` on the same batches up to the rounding of compiled blocks. Other backends train one step at a
    time.

    Args:
        model: A compiled Keras model; an unbuilt one is built from the data.
        data: `(x, y)` or `(x, y, sample_weight)` of all that `fit` takes: arrays, tensors, DataFrames, sparse matrices,
            lists or dicts of them for several inputs; an `nv.datasets` dataset, a `tf.data.Dataset`, a `PyDataset`, a
            `DataLoader`, or an iterable of batches.
        validation_data: Likewise; measured at the end of each epoch. A dataset brings its own.
        validation_split: The share of data in memory to validate with instead: its last samples.
        batch_size: Samples per step, for data in memory; may change while it runs.
        epochs: The number of epochs, the initial ones included; `None` for no end.
        initial_epoch: The epoch to begin with, as to go on where another training ended.
        shuffle: Whether data in memory has a new order each epoch, else the order given.
        seed: For the shuffling; `None` for 0.
        callbacks: Keras callbacks, called as `fit` calls them.
        class_weight: Weight by class index.
        sample_weight: One weight per sample of data in memory; or a nest with such an array for each output.
        samples: What the model is looked at with, as `data` of a view; `None` for the data itself, of a stream its
            first batch once that is trained on.
        steps_per_epoch: Where an epoch ends in an endless stream.
        validation_steps: Likewise for validation.
        validation_freq: Validate every so many epochs, or after those that are named, such as `[1, 5, 10]`.
        verbose: What Keras writes about each epoch: 0 nothing, 1 or `"auto"` a bar, 2 a line.
        byte_budget: Memory for the run, in bytes.

    Raises:
        ModelError: If the model has no layers or was not compiled.
        DataError: If the data does not fit the model.

    Example:
        >>> trainer = nv.Trainer(model, (x, y), batch_size=32, epochs=20)
        >>> trainer.start()
        >>> trainer.learning_rate = 3e-4
        >>> trainer.wait()
    """

    def __init__(
        self,
        model: Any,
        data: Any,
        *,
        validation_data: Any = None,
        validation_split: float = 0.0,
        batch_size: int = 32,
        epochs: int | None = None,
        initial_epoch: int = 0,
        shuffle: bool = True,
        seed: int | None = None,
        callbacks: Sequence[Any] = (),
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        samples: Any = None,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_freq: int | Collection[int] = 1,
        verbose: int | str = 0,
        byte_budget: int = 256 * 2**20,
    ) -> None:
        check_count("batch_size", batch_size)
        if epochs is not None:
            check_count("epochs", epochs)
        check_epochs(initial_epoch, epochs, validation_freq)
        check_model(model)
        if validation_data is None and isinstance(data, Dataset) and len(data.validation_inputs):
            validation_data = data.validation
        if validation_split and validation_data is None:
            data, sample_weight, validation_data = split_off_validation(data, sample_weight, validation_split)
        options = FeedOptions(batch_size, shuffle, seed or 0, class_weight, sample_weight, steps_per_epoch)
        self._feed = read_data(model, data, options)
        self.model = model
        self.data = samples if samples is not None or not is_in_memory(data) else data
        self._validation_data = validation_data
        self._weighing = options if self.data is data else replace(options, sample_weight=None)
        self.run = Run(byte_budget=byte_budget)
        self.gaze = Gaze()
        self._observer = Observer(model, self._read_scenery(), self.run, Cadence(WATCH_RATE_HZ, WATCH_SHARE))
        self.supposing.sample = lambda: self.gaze.sample
        if self.data is None and isinstance(self._feed, StreamFeed):
            self._feed.on_first_batch = self._look_at_first_batch
        self._changed = Condition()
        evaluation = evaluation_of(model, validation_data, batch_size, validation_steps)
        self.run.awaited = awaited_metrics(model, evaluation is not None)
        self._loop = TrainLoop(
            model, self._feed, evaluation, callbacks, epochs, initial_epoch, validation_freq, verbose
        )
        self._engine = Engine(self._loop, self._observer, lambda: self._worker.wake())
        self._core = self._engine.core
        self._worker = Worker(f"nnvis-trainer-{model.name}", self._engine.work, self._engine.has_work)
        self._core.subscribe(self._announce)

    def __repr__(self) -> str:
        return f"<Trainer of {self.model.name!r}: {self.state}, step {self.step:,}, epoch {self.epoch}>"

    @property
    def scenery(self) -> Scenery:
        """The samples that the model is looked at with."""
        return self._observer.scenery

    @property
    def graph(self) -> NetworkGraph:
        """The model's structure."""
        return self._observer.graph

    @property
    def structure(self) -> NetworkStructure:
        """The model at every depth."""
        return self._observer.structure

    @property
    def status(self) -> Status:
        """Where the training stands."""
        return self._core.status

    @property
    def capabilities(self) -> Collection[Capability]:
        """What it can do: it takes the steps itself, and what it shows can be chosen."""
        return self._core.capabilities

    @property
    def state(self) -> State:
        """`idle`, `running`, `paused`, `finished` or `failed`."""
        return self.status.state

    @property
    def moment(self) -> Moment:
        """The newest step, epoch and batch."""
        return self.status.moment

    @property
    def step(self) -> int:
        """Optimiser steps done."""
        return self.moment.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.moment.epoch

    @property
    def history(self) -> dict[str, list[float]]:
        """Metrics of each epoch, as in Keras' `History.history`."""
        return dict(self._loop.history.history)

    @property
    def findings(self) -> Findings:
        """What is wrong with this training, the worst cause first; what is fine, and what is not checked and why."""
        return self._observer.checkup.findings

    @property
    def thresholds(self) -> Thresholds:
        """What its doctor holds numbers against, by name: `trainer.thresholds["dead_relu"] = 0.7`.

        All that was looked at is judged anew, the past too, and it returns once that is done.
        """
        return Thresholds(self._observer.checkup, self._settle)

    @property
    def error(self) -> BaseException | None:
        """What ended the training in `failed`."""
        return self._engine.error

    def start(self) -> None:
        """Train until the epochs are done, in the background.

        Raises:
            TrainerStateError: If it runs already.
        """
        self._settle(Resume(), "start")

    def resume(self) -> None:
        """Train on after a pause.

        Raises:
            TrainerStateError: If it runs already.
        """
        self._settle(Resume(), "resume")

    def run_steps(self, count: int) -> None:
        """Train for exactly `count` steps, in the background, then pause.

        Raises:
            TrainerStateError: If it runs already.
        """
        check_count("count", count)
        self._settle(RunSteps(int(count)), "run_steps")

    def run_epochs(self, count: int) -> None:
        """Train to the end of `count` epochs from here, in the background, then pause.

        Raises:
            TrainerStateError: If it runs already.
        """
        check_count("count", count)
        self._settle(RunEpochs(int(count)), "run_epochs")

    def pause(self) -> None:
        """Stop between two steps; returns once no step runs (about 50 ms). Nothing happens if none runs."""
        self._settle(Pause())

    def stop(self) -> None:
        """End the training; model, optimiser and history stay usable. Returns once no step runs."""
        self._settle(Stop())

    def reset(self) -> None:
        """Go back to the very same initial weights, optimiser state and random states, with an empty run.

        What was trained is kept for `undo_reset` until the next reset: it takes the memory of a second run.
        """
        self._settle(Reset())

    def undo_reset(self) -> None:
        """Go back to what the last `reset` gave up: weights, optimiser, random states, history and run.

        Training then goes on as if there had been no reset; an epoch of a stream that had begun begins anew.

        Raises:
            CommandError: If nothing was reset since.
        """
        self._settle(UndoReset())

    def look(self) -> None:
        """Look at the model anew, whatever changed in it; returns once that is done."""
        self._settle(Look(is_anew=True))

    def keep_up(self) -> None:
        """Look again if at rest something was asked for, or the model has changed; returns once that is done."""
        if self._core.is_behind():
            self._settle(Look())

    def wait(self, timeout: float | None = None) -> State:
        """Wait until the training rests.

        A KeyboardInterrupt pauses the training and is raised again; `resume()` goes on.

        Args:
            timeout: Seconds; `None` for no limit.

        Returns:
            The state then; `running` if the time was up.
        """
        end_s = None if timeout is None else monotonic() + timeout
        self._engine.pacing.hurry()
        try:
            with self._changed:
                while self._is_at_work() and (end_s is None or monotonic() < end_s):
                    self._changed.wait(POLL_S)
        except KeyboardInterrupt:
            self.pause()
            raise
        return self.state

    def post(self, command: Command) -> None:
        """Put a command on the queue; the training thread obeys between two blocks. Any thread may call this.

        Raises:
            CommandError: If it asks for a value out of range; then nothing is put on the queue.
        """
        self._core.post(command)

    def subscribe(self, listener: Callable[[Status], object]) -> Callable[[], None]:
        """Hear of every change of state, on the training thread; the result, called, ends that."""
        return self._core.subscribe(listener)

    def _read_scenery(self) -> Scenery:
        return read_scenery(self.model, self.data, self._validation_data, self._weighing)

    def _look_at_first_batch(self, x: Any, y: Any, sample_weight: Any) -> None:
        """Take the first batch of a stream for samples; on the training thread."""
        try:
            self.data = copied((x, y, sample_weight))
            self._observer.look_with(self._read_scenery())
        except Exception as error:
            self.data = None
            warnings.warn(
                f"nnvis_widget has no samples to look at {self.model.name!r} with: {sentence(error)} "
                "Pass some: nv.Trainer(model, stream, samples=(x, y)).",
                RuntimeWarning,
                stacklevel=2,
            )

    def _expect_rest(self, what: str, pending: Sequence[Command]) -> None:
        """See that no training runs once the commands that wait are obeyed."""
        states = [self.state, *(kind_of(command).leads_to for command in pending)]
        if [state for state in states if state is not None][-1] == "running":
            raise TrainerStateError(
                f"Expected a trainer at rest for {what}(), got one that runs at step {self.step:,}. "
                "Call pause() or wait() first."
            )

    def _settle(self, command: Command, at_rest_for: str | None = None) -> None:
        """Post a command and wait until it is obeyed, unless the training thread itself asks.

        Raises:
            CommandError: As `post`.
            TrainerStateError: If it is `at_rest_for` a method of this name, and a training runs or is about to.
        """
        if at_rest_for is None:
            self._core.post(command)
        else:
            self._core.post(command, lambda pending: self._expect_rest(at_rest_for, pending))
        if self._worker.is_current:
            return
        end_s = monotonic() + SETTLE_S
        with self._changed:
            while self._core.queue.is_pending(command) and monotonic() < end_s:
                self._changed.wait(POLL_S)

    def _is_at_work(self) -> bool:
        """Whether it trains, or obeys a command that may begin that."""
        is_obeying = self._core.queue.is_busy and not self._worker.is_current
        return is_obeying or self._engine.has_work() or self._engine.trying.is_open

    def _announce(self, status: Status) -> None:
        with self._changed:
            self._changed.notify_all()
