"""Layers of Keras that turn texts and categories into numbers, and what these numbers stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import keras

from nnvis_widget.core.graph import UNIT_LIMIT, Layer
from nnvis_widget.keras_adapter.read.views import View

MOST_WORDS = 100_000
LOOKUPS = (keras.layers.StringLookup, keras.layers.IntegerLookup)
LOOKING_UP = (keras.layers.TextVectorization, *LOOKUPS)


def vocabulary_view(operation: Any, layer: Layer | None) -> View | None:
    """How a layer with a vocabulary is drawn: numbers of tokens as their words, shares of words as named units.

    Cost: its vocabulary is read, 8 µs a word; of more than 100,000 words none is, and the numbers stay numbers.

    Returns:
        `None` of other layers, of one that is not adapted, and of one whose output is no row of a known length.
    """
    sizes = layer.output_shape[0][1:] if layer is not None and len(layer.output_shape) == 1 else ()
    if not isinstance(operation, LOOKING_UP) or len(sizes) != 1 or not 0 < (sizes[0] or 0) <= UNIT_LIMIT:
        return None
    try:
        mode, is_read = operation.get_config()["output_mode"], operation.vocabulary_size() <= MOST_WORDS
        words = tuple(map(str, operation.get_vocabulary())) if is_read else ()
    except Exception:  # a table that was never filled
        return None
    return View("text" if mode == "int" else "units", names=words)


def tells_another_shape(layer: Any) -> bool:
    """Whether Keras may tell another shape of what comes out than really does: of a bag of words one axis too many."""
    return isinstance(layer, keras.layers.TextVectorization) and layer.get_config().get("output_mode") != "int"


def tables_of(layers: Iterable[Any]) -> Iterator[Any]:
    """What such layers look up in; another after each `adapt`."""
    for layer in layers:
        for held in (layer, *vars(layer).values()) if isinstance(layer, LOOKING_UP) else ():
            if isinstance(held, LOOKUPS):
                yield getattr(held, "lookup_table", None)
