"""Texts and categories that come into a model: they are shown as they are, and as what a vocabulary makes of them."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from tests.keras.page import Page, until

TEXTS = np.array(["a good film", "a bad film", "no good", "very very bad"] * 4, object)
LABELS = np.array([1, 0, 0, 0] * 4, np.float32)

pytestmark = pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="only TensorFlow computes with texts")


def told(page):
    """The texts and words that the page has of its sample, by the name of the layer."""
    names = {layer.id: layer.name for layer in page.source.structure.whole.layers}
    return {names[layer]: words for layer, words in page.frames[-1].header.get("tokens", {}).items()}


@pytest.fixture(scope="module")
def reviews():
    words = layers.TextVectorization(max_tokens=20, output_sequence_length=4, name="words")
    words.adapt(TEXTS)
    model = keras.Sequential(
        [
            layers.Input((1,), dtype="string"),
            words,
            layers.Embedding(20, 3, name="rows"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, "sigmoid"),
        ],
        name="reviews",
    )
    model.compile("adam", "binary_crossentropy")
    return nv.Trainer(model, (TEXTS, LABELS), batch_size=8)


def test_a_text_is_told_as_it_is_and_its_words_are_those_of_the_vocabulary(reviews):
    words = reviews.model.get_layer("words")
    view = Page(source=reviews, sample=1)
    reviews.run_steps(2)
    reviews.wait()
    names = words.get_vocabulary()
    expected = [names[number] for number in keras.ops.convert_to_numpy(words(TEXTS[1:2]))[0]]
    until(lambda: told(view) == {"input": ["a bad film"], "words": expected})
    assert expected[:3] == ["a", "bad", "film"]
    assert "input (InputLayer, 1 text); words (TextVectorization, 4 tokens); rows" in view.describe()


def test_the_rows_of_an_embedding_behind_a_vocabulary_have_words(reviews):
    panel = nv.EmbeddingPanel(reviews)
    reviews.gaze.sample = 1
    assert list(panel.table()["word"])[:3] == ["a", "bad", "film"]


def test_another_vocabulary_is_told_once_it_is_there():
    words = layers.StringLookup(vocabulary=["red", "green"], name="words")
    model = keras.Sequential([layers.Input((1,), dtype="string"), words, layers.Embedding(5, 2), layers.Flatten()])
    colours = np.array([["green"], ["blue"]], object)
    view = Page(source=model, data=colours)
    until(lambda: told(view)["words"] == ["green"])
    words.set_vocabulary(["blue", "green"])
    view.look()
    view.sample = 1
    until(lambda: told(view)["words"] == ["blue"])


def test_categories_are_units_with_their_names():
    kinds = np.array([["fixed"], ["normal"], ["else"]], object)
    table = layers.StringLookup(vocabulary=["fixed", "normal"], output_mode="one_hot", name="kinds")
    model = keras.Sequential([layers.Input((1,), dtype="string"), table, layers.Dense(2)])
    view = nv.NetworkView(model, data=kinds)
    assert "input (InputLayer, 1 text); kinds (StringLookup, 3 units: [UNK] · fixed · normal)" in view.describe()


def test_a_bag_of_words_is_what_really_comes_out_though_keras_tells_another_shape():
    words = layers.TextVectorization(output_mode="multi_hot", name="words")
    words.adapt(TEXTS)
    model = keras.Sequential([layers.Input((1,), dtype="string"), words, layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    trainer = nv.Trainer(model, (TEXTS[:, None], LABELS), batch_size=8)
    view = nv.NetworkView(trainer)
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem
    names = list(map(str, words.get_vocabulary()))
    assert f"words (TextVectorization, {len(names)} units: {' · '.join(names)}); dense" in view.describe()
    share = float(model(keras.ops.convert_to_tensor(TEXTS[:1, None]))[0, 0])
    assert f"{max(share, 1 - share):.1%}" in view.describe()
    assert "Output: one of two classes." in view.describe()
