"""A training as it stands, to come back to."""

from __future__ import annotations

from collections.abc import Callable

from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.state import TrainedState
from nnvis_widget.keras_adapter.train_loop import TrainLoop


def keep_trained(loop: TrainLoop, observer: Observer) -> Callable[[], None]:
    """Note the model's state, where the training stands, what is recorded of it; what is returned goes back there."""
    model = loop.model
    trained, bring_back_loop, bring_back_run = TrainedState(model), loop.keep(), observer.keep()

    def bring_back() -> None:
        trained.restore(model)
        bring_back_loop()
        bring_back_run()

    return bring_back
