"""What of a training may be set while it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod

from nnvis_widget.core.command import ApplyWhatIf, Command, SetHyperparameter, SetPace, Thaw
from nnvis_widget.core.pace import FASTEST
from nnvis_widget.errors import CommandError
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.what_if.supposing import Supposing
from nnvis_widget.training.engine import Engine

MAX_RATE_HZ = 12.0


class Steered(ABC):
    """The values in force, and how a person sets them: each acts on the next block, and is applied on return.

    Raises:
        CommandError: From a setter whose value is out of range or does not fit the model or its data.
    """

    _engine: Engine
    _feed: ArrayFeed | StreamFeed
    _observer: Observer

    @abstractmethod
    def _settle(self, command: Command, at_rest_for: str | None = None) -> None:
        """Post a command and wait until it is obeyed."""

    @property
    def supposing(self) -> Supposing:
        """What is tried on the model without touching it; see `NetworkView.what_if`."""
        return self._observer.supposing

    @property
    def frozen(self) -> tuple[str, ...]:
        """Ids of the layers that no step changes; they were frozen by `apply_what_if` and stay so until `thaw`."""
        return self.supposing.frozen

    def apply_what_if(self) -> None:
        """Apply what is tried by `view.what_if` to the training: weights and edges are set, layers are frozen.

        Exactly these weights change, between two steps, and the timeline has a mark. A frozen layer keeps all its
        weights, statistics too, bit for bit through the next steps, which are taken singly; what the optimiser
        remembers of them goes on. Changed inputs and held units are no part of a training and stay tried.

        Raises:
            CommandError: If nothing of what is tried can be applied.
        """
        self._settle(ApplyWhatIf())

    def thaw(self, layer: str) -> None:
        """Let steps change a frozen layer again, by its id.

        Raises:
            CommandError: If it is not frozen.
        """
        self._settle(Thaw(layer))

    @property
    def learning_rate(self) -> float | None:
        """The applied learning rate. Setting it acts on the next block and returns once it is applied."""
        return self._engine.applied.get("learning_rate")

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._settle(SetHyperparameter("learning_rate", float(value)))

    @property
    def schedule_scale(self) -> float | None:
        """By how much the schedule of the rate was scaled: 1 as compiled; `None` for a constant rate."""
        return self._engine.applied.get("schedule_scale")

    @schedule_scale.setter
    def schedule_scale(self, value: float) -> None:
        self._settle(SetHyperparameter("schedule_scale", float(value)))

    @property
    def batch_size(self) -> int | None:
        """The applied batch size; `None` for a stream. Setting it acts on the next block."""
        return self._feed.batch_size if isinstance(self._feed, ArrayFeed) else None

    @batch_size.setter
    def batch_size(self, value: int) -> None:
        self._settle(SetHyperparameter("batch_size", value))

    @property
    def pace(self) -> str | None:
        """How fast steps are taken: `"10 steps/s"`, `"30 epochs/s"`, `"1 epoch/redraw"`, or `None` for no limit.

        `"automatic"`, as it begins: a model of under 2,000 weights on under 5,000 samples in memory goes at 30 epochs/s
        once a page has shown it while it trains, unless a program has called `wait()` meanwhile; else there is no
        limit. A pace changes no weight. It is kept within 5 % where the machine can; where it cannot, steps are taken
        as they come, and what was missed is not made up for. Setting it acts on the next block.
        """
        asked = self._engine.pacing.asked
        return None if asked == FASTEST else asked

    @pace.setter
    def pace(self, value: str | None) -> None:
        self._settle(SetPace(FASTEST if value is None else value))

    @property
    def redraw_rate_hz(self) -> float:
        """Snapshots per second at most, 1 to 12."""
        return self._observer.cadence.rate_hz

    @redraw_rate_hz.setter
    def redraw_rate_hz(self, value: float) -> None:
        if not 1 <= value <= MAX_RATE_HZ:
            raise CommandError(f"Expected a redraw rate from 1 to {MAX_RATE_HZ:g}, got redraw_rate_hz={value}.")
        self._observer.cadence.rate_hz = float(value)
