"""An end where the training is best."""

from __future__ import annotations

from nnvis_widget.keras_adapter.changes.change import Change, Situation


def early_stop(_: Situation) -> Change:
    """Stop where the validation is best, and go back to the weights of then."""
    code = "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)"
    return Change("trialStop", code=code, stops_at_best=True)
