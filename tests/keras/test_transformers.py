"""Transformers in plain Keras: opened by levels, blocks folded alike, one block open."""

from contextlib import closing

import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers
from tests.zoo.transformers import HEADS, PLACES, TOKENS, decoder, encoder


def sentences(make):
    """Six, the first with three places of padding."""
    tokens = np.random.default_rng(0).integers(1, TOKENS, (6, PLACES)).astype("int32")
    tokens[0, -3:] = 0
    return tokens if make is decoder else [tokens, np.zeros_like(tokens)]


@pytest.mark.parametrize(("make", "blocks"), [(decoder, 12), (encoder, 6)])
def test_a_transformer_is_seen_as_one_stack_of_blocks_alike_of_which_one_is_opened(make, blocks):
    model = make(blocks)
    structure = nv.read_graph(model)
    (stack,) = [group for group in structure.groups if group.kind == "repeat"]
    assert [structure.layer(member).name for member in stack.members] == [f"block_{i}" for i in range(blocks)]
    with closing(nv.NetworkView(model, data=(sentences(make), None))) as view:
        assert f"block (repeat, {blocks} alike)" in view.describe()
        assert not [layer for layer in told_layers(view.graph) if layer["name"].startswith("block_")]
        view.opened = ["block", "block_2"]
        layers = told_layers(view.graph)
        names = [layer["name"] for layer in layers]
        assert [name for name in names if name.startswith("block_")] == [f"block_{i}" for i in range(blocks) if i != 2]
        assert {"norm", "look", "norm_1", "wide", "narrow"} <= set(names)
        look = next(layer for layer in layers if layer["name"] == "look")
        assert look["attention"]["heads"] == HEADS
        strips = [layer["name"] for layer in layers if layer.get("channels") == "last"]
        assert {"norm", "norm_1", "wide", "narrow"} <= set(strips)
        view.selection = {"layer": look["id"], "unit": 1}
        scores = decode_frame(view.get_state()["frame"]).find("scores", look["id"]).values
    np.testing.assert_allclose(scores.sum(axis=-1), 1, rtol=1e-5)
    hidden = np.triu(np.ones((PLACES, PLACES), bool), 1) if make is decoder else np.arange(PLACES) >= PLACES - 3
    assert (np.broadcast_to(hidden, scores.shape) * scores == 0).all()
