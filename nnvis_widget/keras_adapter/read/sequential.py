"""The layers of a Sequential model."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nnvis_widget.keras_adapter.read.nodes import InputCard, Level, chain, plain_shape


def sequential_level(model: Any, has_card: bool = False) -> Level:
    """Its layers in a row.

    Args:
        model: The model.
        has_card: Whether a card for the input is in front of them; of a model that is not built there is none.
    """
    row = list(model.layers)
    if has_card and model.built and row:
        given = model.inputs[0] if _has_inputs(model) else None
        row.insert(
            0, InputCard("input") if given is None else InputCard("input", plain_shape(given.shape), str(given.dtype))
        )
    counts = Counter(map(id, row))
    members = list({id(layer): layer for layer in row}.values())
    return Level(members, chain(row) if row else [], {key: count for key, count in counts.items() if count > 1})


def _has_inputs(model: Any) -> bool:
    try:
        return bool(model.inputs)
    except (AttributeError, ValueError):
        return False
