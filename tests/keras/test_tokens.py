"""Inputs that are looked up in an embedding: words, not sizes."""

from contextlib import closing

import keras
import numpy as np

import nnvis_widget as nv
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers

WORDS = ["", "[UNK]", "the", "<b>film</b>", "سینما", "was " * 40]


def text_model(names=WORDS, length=4):
    tokens = keras.Input((length,), dtype="int32", name="review")
    embedding = keras.layers.Embedding(len(WORDS) + 3, 4, mask_zero=True, name="words")
    if names is not None:
        embedding.token_names = names
    put_out = keras.layers.Dense(1, name="end")(keras.layers.GlobalAveragePooling1D(name="mean")(embedding(tokens)))
    return keras.Model(tokens, put_out)


def told(model, x):
    """What the page gets: the card of the first input, and what its tokens are called."""
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        card = told_layers(view.graph)[0]
        frame = decode_frame(view.get_state()["frame"])
        return card, frame.header.get("tokens"), frame.find("activation", card["id"]).values


def test_tokens_have_the_names_that_the_embedding_tells_and_their_numbers():
    x = np.array([[2, 3, 5, 0], [8, 4, 1, 2]])
    card, names, values = told(text_model(), x)
    assert card["is_tokens"]
    assert names == {card["id"]: ["the", "<b>film</b>", ("was " * 40)[:48], ""]}
    assert values.tolist() == [2, 3, 5, 0]


def test_a_number_beyond_the_names_has_none_and_so_have_all_where_none_are_told():
    _, names, _ = told(text_model(), np.array([[8, 4, 1, 2]]))
    assert list(names.values()) == [["", "سینما", "[UNK]", "the"]]
    card, names, _ = told(text_model(names=None), np.array([[8, 4, 1, 2]]))
    assert card["is_tokens"]
    assert names is None


def test_names_that_are_none_are_not_told():
    for names in ("the film", 7, {}, [], object()):
        card, told_names, _ = told(text_model(names=names), np.array([[2, 3, 1, 0]]))
        assert card["is_tokens"]
        assert told_names is None


class Start(keras.layers.Layer):
    """Looks up tokens within code of a person's own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.words = keras.layers.Embedding(9, 4, name="words")
        self.words.token_names = np.array([f"word {number}" for number in range(9)])

    def call(self, x):
        return self.words(x)


def test_also_where_they_are_looked_up_in_code_of_ones_own():
    model = keras.Sequential([keras.Input((4,), dtype="int32"), Start(name="start"), keras.layers.Flatten()])
    card, names, _ = told(model, np.array([[2, 8, 1, 0]]))
    assert card["is_tokens"]
    assert list(names.values()) == [["word 2", "word 8", "word 1", "word 0"]]


def test_an_input_of_sizes_beside_one_of_tokens_stays_one_of_sizes():
    sizes, tokens = keras.Input((2,), name="sizes"), keras.Input((3,), name="kinds")
    looked_up = keras.layers.Flatten()(keras.layers.Embedding(5, 2, name="table")(tokens))
    model = keras.Model([sizes, tokens], keras.layers.Dense(1)(keras.layers.Concatenate()([sizes, looked_up])))
    with closing(nv.NetworkView(model, data=([np.ones((2, 2)), np.ones((2, 3))], None))) as view:
        marks = {card["name"]: card.get("is_tokens", False) for card in told_layers(view.graph)}
    assert [marks["sizes"], marks["kinds"]] == [False, True]
