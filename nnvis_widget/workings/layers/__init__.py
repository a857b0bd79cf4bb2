"""The arithmetic of layers: which kinds are written out, and the card of one number of what a layer put out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.activations import KNOWN, activate
from nnvis_widget.workings.card import Card, Draft
from nnvis_widget.workings.layers import attention, conv, dense, moves, norm, recurrent
from nnvis_widget.workings.layers.facts import LayerFacts, NotCoveredError, Rule

RULES: Mapping[str, Rule] = {
    "Dense": dense.dense,
    "EinsumDense": dense.einsum_dense,
    "Embedding": dense.embedding,
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), conv.convolution),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), conv.depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), conv.separable),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), conv.transposed),
    **{
        f"{way}Pooling{rank}D": conv.pool
        for way in ("Max", "Average", "GlobalMax", "GlobalAverage")
        for rank in (1, 2, 3)
    },
    "BatchNormalization": norm.batch_normalization,
    "LayerNormalization": norm.layer_normalization,
    "RMSNormalization": norm.layer_normalization,
    "GroupNormalization": norm.group_normalization,
    "UnitNormalization": norm.unit_normalization,
    "Normalization": norm.normalization,
    **dict.fromkeys(("Flatten", "Reshape", "Permute", "RepeatVector"), moves.moved),
    **{f"{way}{rank}D": moves.moved for way in ("ZeroPadding", "Cropping", "UpSampling") for rank in (1, 2, 3)},
    **dict.fromkeys((*moves.MERGED, "Subtract"), moves.merged),
    "Concatenate": moves.concatenated,
    "Dot": moves.dot,
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), moves.dropout),
    **dict.fromkeys(
        ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Identity", "ActivityRegularization"), moves.same
    ),
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), recurrent.recurrent),
    **dict.fromkeys(("MultiHeadAttention", "GroupedQueryAttention"), attention.multi_head),
    **dict.fromkeys(("Attention", "AdditiveAttention"), attention.attention),
    **dict.fromkeys(("GaussianNoise", "GaussianDropout", "AlphaDropout"), moves.noise),
    "PReLU": moves.leaky_per_unit,
    "Rescaling": moves.rescaling,
}
"""By the layer's class in `keras.layers`, or the name of the operation of `keras.ops`."""

APPLIED_WITHIN = ("SimpleRNN", "LSTM", "GRU")
"""Kinds whose rules apply the activation themselves."""


def forward_card(facts: LayerFacts) -> Card:
    """How one number of what a layer put out comes about; its formulas end with `a`.

    Args:
        facts: Of a layer whose kind is in `RULES`.

    Raises:
        NotCoveredError: If no formula is written of a layer set up like this.
    """
    if facts.kind not in RULES:
        kind = facts.kind or phrase("a call of its own")
        raise NotCoveredError(phrase("{kind} is not one that is written out", kind=kind))
    draft = Draft("Forward", f"keras.layers.{facts.kind}")
    with np.errstate(all="ignore"):
        found = RULES[facts.kind](draft, facts)
        if facts.activation in (None, "linear") or facts.kind in APPLIED_WITHIN:
            draft.let("a", found.z, "what the unit puts out", "a")
        elif facts.activation not in KNOWN:
            raise NotCoveredError(
                phrase("its activation, {name}, is not one that is written out", name=facts.activation)
            )
        else:
            z = found.of_all if facts.needs_all else found.z
            if z is None:
                raise NotCoveredError(phrase("its activation, {name}, takes all units together", name=facts.activation))
            activate(draft, facts.activation, z, facts.unit, facts.numbers)
    return draft.card()
