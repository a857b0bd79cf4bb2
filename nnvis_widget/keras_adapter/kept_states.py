"""The variables in which stateful recurrent layers keep their states from batch to batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from nnvis_widget.keras_adapter.read.parts import parts_of


def kept_states(layer: Any) -> list[Any]:
    """What a layer begins its next batch with, unless it is called with states, in its own order; most keep nothing.

    Keras counts them among no model's variables.
    """
    is_stateful = isinstance(layer, keras.layers.RNN) and layer.stateful and layer.states is not None
    return keras.tree.flatten(layer.states) if is_stateful else []


def kept_within(model: Any) -> list[Any]:
    """What the layers of a model keep, at every depth."""
    return [variable for layer in _layers_within(model, set()) for variable in kept_states(layer)]


def _layers_within(layer: Any, known: set[int]) -> Iterator[Any]:
    if id(layer) in known:
        return
    known.add(id(layer))
    yield layer
    for part in parts_of(layer):
        yield from _layers_within(part, known)
