"""What a training writes into its run: every step's numbers, what each epoch ends with, and the clock."""

from __future__ import annotations

import numpy as np

from nnvis_widget.core.snapshot import Moment
from nnvis_widget.keras_adapter.loops.step_logs import LeftOut, StepLogs
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.train_loop import TrainLoop


class Record:
    """Keeps the run of a training, on the training thread.

    Args:
        loop: Takes the steps.
        observer: Holds the run.
    """

    def __init__(self, loop: TrainLoop, observer: Observer) -> None:
        self._loop = loop
        self._observer = observer
        self._step_names: tuple[str, ...] = ()
        self._left_out = LeftOut()

    def add_steps(self, before: Moment, logs: StepLogs) -> None:
        """The numbers of the steps that followed a moment."""
        last = Moment(before.step + len(logs), before.epoch, before.batch + len(logs))
        self._observer.record(last, np.arange(before.step + 1, last.step + 1), logs.names, logs.values)
        self._step_names = logs.names
        self._left_out.tell(logs.left_out)

    def end_epoch(self) -> None:
        """What is known once an epoch, such as `val_loss`."""
        moment, known = self._loop.moment, self._loop.epoch_scalars
        self._observer.end_epoch(moment.step, moment.epoch, known, self._loop.feed.steps_per_epoch)
        values = {name: value for name, value in known.items() if name not in self._step_names}
        if values:
            self._observer.record(
                moment, np.array([moment.step]), tuple(values), np.array([list(values.values())], np.float64)
            )

    def begin_epoch(self) -> None:
        """An epoch begins with the next step."""
        moment = self._loop.moment
        self._observer.begin_epoch(moment.step, moment.epoch, self._loop.feed.steps_per_epoch)

    def change_pace(self) -> None:
        """The rest of the running epoch has another number of steps."""
        step = self._loop.moment.step
        epoch = self._observer.run.clock.epoch_at(step)
        if epoch is not None:
            self._observer.begin_epoch(step, epoch, self._loop.feed.steps_per_epoch)
