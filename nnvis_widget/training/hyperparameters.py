"""What of a training can be set: the values in force, and which may be asked for."""

from __future__ import annotations

from nnvis_widget.control.source_core import SourceCore
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from nnvis_widget.keras_adapter.steering import RATES, check_rate, follows_schedule, rates_of, set_rate
from nnvis_widget.keras_adapter.train_loop import TrainLoop


class Hyperparameters:
    """Rates and batch size of a training.

    Args:
        loop: Takes the steps.
    """

    def __init__(self, loop: TrainLoop) -> None:
        self._loop = loop
        self._is_scheduled = follows_schedule(loop.model)
        self._applied: dict[str, float] = {}

    def begin(self) -> None:
        """On the training thread, before a training: what other threads hear of it meanwhile."""
        self._is_scheduled = follows_schedule(self._loop.model)
        self.keep()

    def keep(self) -> dict[str, float]:
        """The values in force; the training thread alone reads them anew and keeps them for the others."""
        self._applied = self._read()
        return self._applied

    def applied(self, core: SourceCore) -> dict[str, float]:
        """The values in force, for any thread; while a training runs those of its newest block.

        The optimiser of a running JAX training must not be read from another thread: its arrays are donated.
        """
        return core.at_rest(self._read, lambda: self._applied)

    def check(self, command: SetHyperparameter, core: SourceCore) -> None:
        """See that a value can be set. Any thread may call this.

        Raises:
            CommandError: If it cannot.
        """
        model, feed = self._loop.model, self._loop.feed
        if command.name in RATES:
            is_scheduled = core.at_rest(lambda: follows_schedule(model), lambda: self._is_scheduled)
            check_rate(model, command.name, command.value, is_scheduled)
        elif command.name != "batch_size":
            raise CommandError(f"Expected {', '.join(RATES)} or batch_size, got {command.name!r}.")
        elif isinstance(feed, ArrayFeed):
            feed.check_batch_size(command.value)
        else:
            raise CommandError("Expected data in memory to change the batch size of; a stream brings its own batches.")

    def set(self, command: SetHyperparameter) -> bool:
        """On the training thread, from the next step on; whether an epoch now has other steps."""
        if command.name in RATES:
            set_rate(self._loop.model, command.name, command.value)
        elif isinstance(self._loop.feed, ArrayFeed):
            self._loop.feed.batch_size = int(command.value)
            return True
        return False

    def _read(self) -> dict[str, float]:
        values = rates_of(self._loop.model)
        if isinstance(self._loop.feed, ArrayFeed):
            values["batch_size"] = float(self._loop.feed.batch_size)
        return values
