"""Watching a training loop of one's own."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from nnvis_widget.errors import TrainerStateError
from nnvis_widget.sources.callback import LiveCallback
from nnvis_widget.sources.model import WatchedModel


class WatchedLoop:
    """Records the steps of a loop that a person wrote, and shows the model while it runs; made by `nv.watch`.

    Attributes:
        source: What views and panels are made from; they take the loop itself too.
    """

    def __init__(self, source: WatchedModel) -> None:
        self.source = source
        self._callback = LiveCallback(source)
        self._callback.set_model(source.model)
        self._batch: int | None = None

    def __enter__(self) -> WatchedLoop:
        self._callback.set_params({})
        self._callback.on_train_begin()
        self._batch = 0
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._batch = None
        if error is None:
            self._callback.on_train_end()
        else:
            self._callback.interrupt(error)

    def __repr__(self) -> str:
        return f"<Loop over {self.source.model.name!r}: {self.source.status.state}>"

    @property
    def is_stop_wanted(self) -> bool:
        """Whether somebody pressed Stop; a loop that is to obey asks for it after each step and ends."""
        return self.source.is_stop_wanted

    def step(self, **logs: Any) -> None:
        """Tell that a step was taken.

        Costs a comparison and an append; about every 20 ms commands are heard, and at most ten times a second what is
        on the screen is measured, here, within 2.5 % of the time.

        Args:
            logs: Metrics of the step by name, such as `loss=loss`: numbers, or tensors of one.

        Raises:
            TrainerStateError: Outside of the `with` block.
        """
        if self._batch is None:
            raise TrainerStateError("Expected a step within the loop, got one outside. Put it into `with loop:`.")
        self._callback.on_train_batch_end(self._batch, logs)
        self._batch += 1


def watch(model: Any, data: Any = None) -> WatchedLoop:
    """Watch a training loop of your own.

    Args:
        model: The Keras model that it trains, or a view of it.
        data: Samples to look at a plain model with, as for `NetworkView`.

    Returns:
        A context; views and panels are made from it: `nv.NetworkView(loop)`.

    Raises:
        ModelError: If it is no Keras model, nor a view of one.

    Example:
        >>> loop = nv.watch(model, data=(x, y))
        >>> view = nv.NetworkView(loop)
        >>> with loop:
        ...     for _ in range(3):
        ...         loop.step(loss=model.train_on_batch(x, y)[0])
    """
    source = getattr(model, "source", model)
    return WatchedLoop(source if isinstance(source, WatchedModel) else WatchedModel(source, data))
