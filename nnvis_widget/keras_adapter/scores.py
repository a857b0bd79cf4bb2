"""The scores of attention, asked of the layer itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from nnvis_widget.core.attention import Attention
from nnvis_widget.keras_adapter.seen_outputs import Seen

CLOSE = 0.02
"""As far as bfloat16 rounds; what a mask changes is more."""
MOST_TRIES = 5


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
        layer hands out none, or others than are known. NaN where the model has put out something else.
    """
    given = {**seen.named, **_masks(seen), "return_attention_scores": True, "training": False}
    try:
        put_out, scores = _asked(layer, seen.args, given)
    except ValueError:  # a flash kernel has none to give, and the layer insists on it
        return None
    if scores is None:
        return None
    if len(scores.shape) == 3:
        scores = keras.ops.expand_dims(scores, 1)
    if tuple(scores.shape[1:]) != (attention.heads, attention.queries, attention.keys):
        return None
    scores = keras.ops.where(_is_same(put_out, seen.put_out)[:, None, :, None], scores, float("nan"))
    return _largest(keras.ops.transpose(scores, (0, 2, 3, 1)), attention)


def _asked(layer: Any, args: Sequence[Any], given: Mapping[str, Any]) -> tuple[Any, Any]:
    """What a layer puts out, and its scores; `None` where it hands out none.

    Grouped heads note in the layer itself whether scores are asked for: another view of the model, which calls it on
    its own thread, may note that they are not before this call comes to them.
    """
    put_out, scores = None, None
    for _ in range(MOST_TRIES):
        found = layer(*args, **given)
        put_out, scores = found if isinstance(found, tuple | list) and len(found) == 2 else (None, None)
        if scores is not None:
            break
    return put_out, scores


def _masks(seen: Seen) -> Mapping[str, Any]:
    """What hides places of the layer in the model's call.

    `MultiHeadAttention` takes the mask of its queries off the tensor, and heeds it nowhere else: here it goes in
    as part of the mask of pairs.
    """
    masks = dict(seen.masks)
    looking = masks.get("query_mask")
    if looking is not None:
        pairs = keras.ops.cast(looking, "bool")[:, :, None]
        own = seen.named.get("attention_mask")
        masks["attention_mask"] = pairs if own is None else keras.ops.logical_and(pairs, keras.ops.cast(own, "bool"))
    return masks


def _is_same(one: Any, other: Any) -> Any:
    """Of each place that looks, whether what it put out with its scores is what it put out in the model.

    Of a place that is padding itself, and looks nowhere, a fused kernel makes something else.
    """
    one, other = keras.ops.cast(one, "float32"), keras.ops.cast(other, "float32")
    size = keras.ops.max(keras.ops.abs(other), axis=-1, keepdims=True)
    return keras.ops.all(keras.ops.abs(one - other) <= CLOSE * (1 + size), axis=-1)


def _largest(scores: Any, attention: Attention) -> Any:
    """The largest of each block; the last blocks may be smaller."""
    rows, columns, heads = attention.pictures
    high, wide = attention.block
    if (high, wide) == (1, 1):
        return scores
    missing = ((0, 0), (0, rows * high - attention.queries), (0, columns * wide - attention.keys), (0, 0))
    filled = keras.ops.pad(scores, missing, constant_values=float("-inf"))
    return keras.ops.max(keras.ops.reshape(filled, (-1, rows, high, columns, wide, heads)), (2, 4))
