"""The scores of attention, asked of the layer itself."""

from __future__ import annotations

from typing import Any

import keras

from nnvis_widget.core.attention import Attention
from nnvis_widget.keras_adapter.seen_outputs import Seen


def scores_of(layer: Any, seen: Seen, attention: Attention) -> Any:
    """How much each place looks at each other, as the layer hands it out.

    The layer is called once more, with what it was called with: where the model's own call uses a fused kernel, which
    keeps no scores, that goes on to do so.

    Args:
        layer: An attention layer of Keras.
        seen: Its call.
        attention: What is known of it.

    Returns:
        `(samples, rows, columns, heads)` as `attention.pictures`: the largest score of each block; `None` where the
        layer hands out none, or others than are known.
    """
    given = {**seen.named, "return_attention_scores": True, "training": False}
    try:
        put_out = layer(*seen.args, **given)
    except ValueError:  # a flash kernel has none to give, and the layer insists on it
        return None
    scores = put_out[1] if isinstance(put_out, tuple | list) and len(put_out) == 2 else None
    if scores is None:
        return None
    if len(scores.shape) == 3:
        scores = keras.ops.expand_dims(scores, 1)
    if tuple(scores.shape[1:]) != (attention.heads, attention.queries, attention.keys):
        return None
    return _largest(keras.ops.transpose(scores, (0, 2, 3, 1)), attention)


def _largest(scores: Any, attention: Attention) -> Any:
    """The largest of each block; the last blocks may be smaller."""
    rows, columns, heads = attention.pictures
    high, wide = attention.block
    if (high, wide) == (1, 1):
        return scores
    missing = ((0, 0), (0, rows * high - attention.queries), (0, columns * wide - attention.keys), (0, 0))
    filled = keras.ops.pad(scores, missing, constant_values=float("-inf"))
    return keras.ops.max(keras.ops.reshape(filled, (-1, rows, high, columns, wide, heads)), (2, 4))
