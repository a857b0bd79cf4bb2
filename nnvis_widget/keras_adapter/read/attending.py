"""How many places an attention layer looks from and at, and with how many heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnvis_widget.core.attention import Attention
from nnvis_widget.core.graph import Shape
from nnvis_widget.keras_adapter.read.nodes import Put, leaves, plain_shape
from nnvis_widget.keras_adapter.read.parts import parts_of


def attention_of(operation: Any, puts: Mapping[int, Put]) -> Attention | None:
    """What is known of an attention layer of Keras; `None` where its lengths are not known, or there is no choice.

    Args:
        operation: The layer.
        puts: By the `id` of a layer what it put out in a call that was watched.
    """
    heads = next((getattr(operation, name) for name in ("num_heads", "num_query_heads") if hasattr(operation, name)), 1)
    lengths = _traced(operation, puts) or _symbolic(operation)
    queries, keys = (size or 0 for size in lengths or (0, 0))
    # Where there is one place to look at, every score is 1.
    return Attention(queries, keys, int(heads)) if queries > 0 and keys > 1 else None


def _traced(operation: Any, puts: Mapping[int, Put]) -> Shape | None:
    """By what the layers made of the queries and keys, each `(batch, places, heads, …)`."""
    projected = {part.name: puts[id(part)].shapes for part in parts_of(operation) if id(part) in puts}
    shapes = [projected.get(name, ()) for name in ("query", "key")]
    if any(len(shape) != 1 or len(shape[0]) != 4 for shape in shapes):
        return None
    return shapes[0][0][1], shapes[1][0][1]


def _symbolic(operation: Any) -> Shape | None:
    """By how the layer was called where a functional model was made."""
    try:
        given = [plain_shape(tensor.shape) for tensor in leaves(operation.input)]
    except (AttributeError, ValueError):
        return None
    if len(given) < 2 or any(len(shape) != 3 for shape in given[:2]):
        return None
    return given[0][1], given[1][1]
