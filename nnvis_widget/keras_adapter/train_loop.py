"""A training as a person expects of `fit`, taken apart into blocks of steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import keras
import numpy as np

from nnvis_widget.core.snapshot import Moment
from nnvis_widget.core.words.kept_text import kept_text
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import DataError
from nnvis_widget.keras_adapter.freezing import kept
from nnvis_widget.keras_adapter.loops.evaluation import Evaluation
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed, StreamFeed
from nnvis_widget.keras_adapter.loops.loop import Loop, choose_loop
from nnvis_widget.keras_adapter.loops.step_logs import StepLogs
from nnvis_widget.keras_adapter.steering import schedule_scale

BATCH_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")


class NextBatch(NamedTuple):
    """A batch that is not trained on yet.

    Attributes:
        x: Its inputs.
        y: Its targets, or `None`.
        sample_weight: How much each sample counts, class weights included; or `None`.
        indices: Of its samples in the data; `None` of a stream.
    """

    x: Any
    y: Any
    sample_weight: Any
    indices: np.ndarray | None = None


class TrainLoop:
    """Epochs, callbacks, validation and history around a `Loop`. Used by one thread.

    Keras callbacks are called as `fit` calls them; where one listens to single batches, blocks are one step long.

    Args:
        model: A compiled and built model.
        feed: The training data.
        evaluation: Measures the validation data, or `None`.
        callbacks: The person's Keras callbacks.
        epochs: Where the training ends, counted from 0, or `None` for no end.
        initial_epoch: The number of the first epoch.
        validation_freq: Validate every so many epochs, or after those that are named (the first is 1).
        verbose: As in `fit`: what Keras writes about each epoch.

    Attributes:
        epoch_scalars: What was known at the end of the last epoch.
        epochs: Where the training ends; as many again once they are done and it is started anew, as with `fit`.
        on_built: Called where only the first batch of a stream built the model, before the first step.
        frozen: Variables that no step changes; steps are taken singly while there are some.
        on_epoch: Called when an epoch has begun and before its first step, after the callbacks.
    """

    def __init__(
        self,
        model: Any,
        feed: ArrayFeed | StreamFeed,
        evaluation: Evaluation | None = None,
        callbacks: Sequence[Any] = (),
        epochs: int | None = None,
        initial_epoch: int = 0,
        validation_freq: int | Collection[int] = 1,
        verbose: int | str = 0,
    ) -> None:
        self.model = model
        self.feed = feed
        self._epochs_asked = epochs
        self._initial_epoch = initial_epoch
        self._validation_freq = validation_freq
        self._verbose = verbose
        self.history = keras.callbacks.History()
        self.frozen: Sequence[Any] = ()
        self.on_built: Callable[[], None] = lambda: None
        self.on_epoch: Callable[[], None] = lambda: None
        self._evaluation = evaluation
        self._callbacks = list(callbacks)
        self._takes_single_steps = any(_listens_to(callback, BATCH_HOOKS) for callback in self._callbacks)
        self._callback_list: Any = None
        self._loop: Loop | None = None
        self._held: tuple[Any, float | None] = (None, None)
        self.rewind()

    def rewind(self) -> None:
        """Go back to step 0 with an empty history; the model's weights are not touched."""
        self.moment = Moment(epoch=self._initial_epoch)
        self.epochs = self._epochs_asked
        self.scalars: dict[str, float] = {}
        self.epoch_scalars: dict[str, float] = {}
        self._told: dict[str, Any] | None = None
        self.history = keras.callbacks.History()
        self._callback_list = None
        self._is_in_epoch = False

    def keep(self) -> Callable[[], None]:
        """Note where the training stands; what is returned goes back there. Of a stream the epoch begins anew."""
        moment, epochs, told, history = self.moment, self.epochs, self._told, self.history
        scalars, epoch_scalars = self.scalars, self.epoch_scalars
        is_in_epoch = self._is_in_epoch and isinstance(self.feed, ArrayFeed)
        bring_back_feed = self.feed.keep() if isinstance(self.feed, ArrayFeed) else lambda: None

        def bring_back() -> None:
            self.moment = moment if is_in_epoch else replace(moment, batch=0)
            self.epochs, self._told, self.history = epochs, told, history
            self.scalars, self.epoch_scalars = scalars, epoch_scalars
            self._callback_list = None
            self._is_in_epoch = is_in_epoch
            bring_back_feed()

        return bring_back

    def keep_singly(self) -> Callable[[], None]:
        """As `keep`, for a single step that was peeked at; of a stream that batch is the next one again."""
        if isinstance(self.feed, ArrayFeed):
            return self.keep()
        was_in_epoch, give_back = self._is_in_epoch, self.feed.keep_next()

        def bring_back() -> None:
            give_back()
            if not was_in_epoch:
                self.model.reset_metrics()  # the epoch has begun

        return bring_back

    @property
    def is_done(self) -> bool:
        """Whether the epochs asked for are done, or a callback asked to stop."""
        if self.epochs is not None and self.moment.epoch >= self.epochs:
            return True
        return bool(self._callback_list is not None and getattr(self.model, "stop_training", False))

    @property
    def ending(self) -> str:
        """Why it is done before its epochs are over; empty where it is not."""
        if not self.is_done or (self.epochs is not None and self.moment.epoch >= self.epochs):
            return ""
        for callback in self._callbacks:
            if isinstance(callback, keras.callbacks.EarlyStopping) and callback.stopped_epoch > 0:
                return kept_text(say, "bestIsOld", monitor=callback.monitor, count=callback.patience)
        return kept_text(say, "callbackAskedToStop")

    def peek(self) -> NextBatch:
        """The batch of the next step, which stays the next one.

        Raises:
            DataError: If there is none, or it is not known before its epoch begins.
        """
        epoch = None if self._is_in_epoch else self.moment.epoch
        if isinstance(self.feed, ArrayFeed):
            indices = self.feed.peek(epoch)
            return NextBatch(*self.feed.batch(indices), indices)
        batch = self.feed.peek(epoch is not None, self._callback_list is None)
        if batch is None:
            raise DataError(
                "Expected a batch to step through, got the end of the stream. Train on, so that the next epoch begins, "
                "or pass a stream that can be repeated."
            )
        return NextBatch(*batch)

    @property
    def may_move_before_step(self) -> bool:
        """Whether a callback of the person's hears of the next step before it is taken, and may set something."""
        begins = ("on_batch_begin", "on_train_batch_begin", *(() if self._is_in_epoch else ("on_epoch_begin",)))
        return any(_listens_to(callback, begins) for callback in self._callbacks)

    def advance(self, limit: int, singly: bool = False) -> StepLogs | None:
        """Take up to `limit` steps, but not beyond the end of the epoch.

        Args:
            limit: At most so many.
            singly: Take one step by Keras' own train function, as `train_on_batch` does.

        Returns:
            The logs of the steps; `None` where the epoch was already at its end.

        Raises:
            DataError: If an epoch has no batch at all.
        """
        loop = self._current_loop()
        if self._callback_list is None:
            self._begin()
        if not self._is_in_epoch:
            self._callback_list.on_epoch_begin(self.moment.epoch)
            self.on_epoch()
            loop.start_epoch(self.moment.epoch)
            self._is_in_epoch = True
        self._callback_list.on_train_batch_begin(self.moment.batch)
        logs = self._run(loop, None if singly else 1 if self._takes_single_steps else limit)
        if logs is None:
            if self.moment.batch == 0:
                raise DataError("Expected at least one batch per epoch, got none. Pass a stream that can be repeated.")
            self._end_epoch(loop)
            return None
        step, epoch, batch = self.moment.step + len(logs), self.moment.epoch, self.moment.batch + len(logs)
        self.moment = Moment(step, epoch, batch)
        self.scalars |= logs.last
        self._callback_list.on_train_batch_end(batch - 1, logs.told)
        if self._is_at_end_of_epoch():
            self._end_epoch(loop)
        return logs

    def _run(self, loop: Loop, limit: int | None) -> StepLogs | None:
        """Steps of the epoch; batches in memory that could not be trained on are the next ones again."""
        bring_back = self.feed.keep() if isinstance(self.feed, ArrayFeed) else None
        try:
            with kept(self.frozen):
                return loop.step() if limit is None else loop.run(1 if self.frozen else limit)
        except BaseException:
            if bring_back is not None:
                bring_back()
            raise

    def finish(self) -> None:
        """End the training as `fit` ends: the optimiser's final values, `on_train_end`."""
        if self._callback_list is None:
            return
        if self.moment.step and isinstance(self.model.optimizer, keras.optimizers.Optimizer):
            with kept(self.frozen):
                self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        self._callback_list.on_train_end(self._told)
        self._callback_list = None

    def _begin(self) -> None:
        self.model.stop_training = False
        if self.epochs is not None and self._epochs_asked is not None and self.moment.epoch >= self.epochs:
            self.epochs = self.moment.epoch + self._epochs_asked - self._initial_epoch
        self._callback_list = keras.callbacks.CallbackList(
            [*self._callbacks, self.history],
            model=self.model,
            add_progbar=self._verbose != 0,
            verbose=self._verbose,
            epochs=self.epochs,
            steps=self.feed.steps_per_epoch,
        )
        if isinstance(self.feed, StreamFeed):
            self.feed.begin()
        epochs = getattr(self.history, "epoch", [])
        self._callback_list.on_train_begin()
        self.history.epoch = epochs

    def _is_at_end_of_epoch(self) -> bool:
        if isinstance(self.feed, ArrayFeed):
            return self.feed.remaining_steps == 0
        return self.feed.is_counted and self.moment.batch == self.feed.steps_per_epoch

    def _end_epoch(self, loop: Loop) -> None:
        parts = [loop.epoch_logs()]
        if isinstance(self.feed, StreamFeed):
            self.feed.end_epoch()
        epoch = self.moment.epoch
        if self._evaluation is not None and self._is_validated(epoch):
            parts.append(self._evaluation.measure())
        self.epoch_scalars = {name: value for logs in parts for name, value in logs.last.items()}
        self.scalars |= self.epoch_scalars
        self.moment = Moment(self.moment.step, epoch + 1, 0)
        self._is_in_epoch = False
        self._told = {name: value for logs in parts for name, value in logs.told.items()}
        self._callback_list.on_epoch_end(epoch, self._told)

    def _is_validated(self, epoch: int) -> bool:
        freq = self._validation_freq
        return (epoch + 1) % freq == 0 if isinstance(freq, int) else epoch + 1 in freq

    def _current_loop(self) -> Loop:
        # A model that was compiled again has another optimiser; the compiled block holds the old one, and its schedule.
        held = (self.model.optimizer, schedule_scale(self.model))
        if self._loop is None or self._held != held:
            self._loop = choose_loop(self.model, self.feed, self.on_built)
            self._held = held
        return self._loop


def _listens_to(callback: Any, hooks: Sequence[str]) -> bool:
    return any(
        getattr(getattr(callback, hook), "__func__", None) is not getattr(keras.callbacks.Callback, hook)
        for hook in hooks
    )
