"""Who looks at whom in attention layers: beside numpy, from the layers' own weights."""

from contextlib import closing

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.core.attention import Attention
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.keras_adapter.probes.attention import AttentionProbe
from nnvis_widget.keras_adapter.scores import scores_of
from nnvis_widget.keras_adapter.seen_outputs import Seen
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import told_layers, until

# Keras of its own grouped heads, also in a look that ends after its test
pytestmark = pytest.mark.filterwarnings("ignore:.*does not support masking")

RNG = np.random.default_rng(7)
CLOSE = {"rtol": 1e-5, "atol": 1e-6}


def soft(z):
    parts = np.exp(z - z.max(-1, keepdims=True))
    return parts / parts.sum(-1, keepdims=True)


def weights_of(layer):
    """By the end of their paths: `query/kernel`, `key/bias`."""
    return {"/".join(one.path.split("/")[-2:]): np.asarray(one, np.float64) for one in layer.weights}


def many_heads(layer, query, value, mask=None):
    """Scores of multi-head attention for one sample, heads first; a head of the keys may serve several of queries."""
    own = weights_of(layer)

    def project(name, rows):
        return np.einsum("td,dhk->htk", rows, own[f"{name}/kernel"]) + own[f"{name}/bias"][:, None]

    q, k = project("query", query), project("key", value)
    k = np.repeat(k, len(q) // len(k), axis=0)
    z = np.einsum("htk,hsk->hts", q, k) / np.sqrt(q.shape[-1])
    return soft(z if mask is None else np.where(mask, z, -1e9))


def one_head(_, query, value):
    return soft(query @ value.T)[None]


def added_up(layer, query, value):
    scale = np.asarray(layer.scale, np.float64)
    return soft((scale * np.tanh(query[:, None] + value[None])).sum(-1))[None]


def model_of(layer, queries=5, keys=7, width=6, **call):
    keras.utils.set_random_seed(3)
    x, y = keras.Input((queries, width), name="x"), keras.Input((keys, width), name="y")
    has_pair = isinstance(layer, keras.layers.Attention)
    put_out = layer([x, y], **call) if has_pair else layer(x, y, **call)
    return keras.Model([x, y], keras.layers.Dense(1, name="end")(keras.layers.Flatten(name="flat")(put_out)))


def data_of(queries=5, keys=7, count=4, width=6):
    return [RNG.normal(size=(count, length, width)).astype("float32") for length in (queries, keys)]


def shown(view, layer="look", sample=0):
    """The scores as the page gets them, head by head, and the graph's card of the layer."""
    card = next(one for one in told_layers(view.graph) if one["name"] == layer)
    view.sample = sample
    heads = []
    for head in range(card["attention"]["heads"]):
        view.selection = {"layer": card["id"], "unit": head}
        section = decode_frame(view.get_state()["frame"]).find("scores", card["id"])
        heads.append(section.values)
    # which is measured afterwards: what Keras warns of there belongs to the test that asked
    until(lambda: decode_frame(view.get_state()["frame"]).find("lane_picture", card["id"]) is not None)
    return np.stack(heads), card


CASES = {
    "heads": (lambda: keras.layers.MultiHeadAttention(3, 4, name="look"), many_heads),
    "grouped heads": (lambda: keras.layers.GroupQueryAttention(4, 4, 2, name="look"), many_heads),
    "one head": (lambda: keras.layers.Attention(name="look"), one_head),
    "added up": (lambda: keras.layers.AdditiveAttention(name="look"), added_up),
    "with dropout": (lambda: keras.layers.MultiHeadAttention(2, 4, dropout=0.5, name="look"), many_heads),
}


@pytest.mark.parametrize("case", CASES)
def test_scores_are_those_of_the_formula(case):
    make, formula = CASES[case]
    layer, x = make(), data_of()
    model = model_of(layer)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        scores, card = shown(view)
    assert (card["attention"]["queries"], card["attention"]["keys"]) == (5, 7)
    np.testing.assert_allclose(scores, formula(layer, *(one[0].astype(np.float64) for one in x)), **CLOSE)
    np.testing.assert_allclose(scores.sum(axis=-1), 1, **CLOSE)


def test_another_sample_has_other_scores_and_trained_weights_too():
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of()
    model = model_of(layer)
    model.compile("sgd", "mse")
    trainer = nv.Trainer(model, (x, np.arange(4.0)), epochs=1, batch_size=2)
    with closing(nv.NetworkView(trainer)) as view:
        trainer.start()
        trainer.wait()
        until(lambda: decode_frame(view.get_state()["frame"]).header["step"] == 2)
        for sample in (0, 3):
            view.sample = sample
            until(lambda sample=sample: decode_frame(view.get_state()["frame"]).header["sample"] == sample)
            scores, _ = shown(view, sample=sample)
            expected = many_heads(layer, *(one[sample].astype(np.float64) for one in x))
            np.testing.assert_allclose(scores, expected, **CLOSE)


def test_a_causal_mask_and_padding_are_in_the_scores():
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    embedded = keras.layers.Embedding(9, 6, mask_zero=True, name="words")(tokens)
    layer = keras.layers.MultiHeadAttention(2, 3, name="look")
    put_out = layer(embedded, embedded, use_causal_mask=True)
    model = keras.Model(tokens, keras.layers.Dense(2, name="end")(put_out))
    x = np.array([[3, 1, 4, 1, 0, 0], [2, 7, 1, 8, 2, 8]])
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        scores, _ = shown(view)
    rows = np.asarray(model.get_layer("words").embeddings, np.float64)[x[0]]
    is_seen = np.tril(np.ones((6, 6), bool)) & (x[0] != 0)
    expected = many_heads(layer, rows, rows, is_seen)
    np.testing.assert_allclose(scores[:, :4], expected[:, :4], **CLOSE)  # a padded place looks nowhere in particular
    assert (scores[:, :4][:, ~is_seen[:4]] == 0).all()


@pytest.mark.parametrize("make", [CASES[one][0] for one in ("heads", "grouped heads", "one head", "added up")])
def test_padding_that_keras_finds_by_itself_is_in_the_scores(make):
    assert_padding_is_in_the_scores(make())


def assert_padding_is_in_the_scores(layer):
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    words = keras.layers.Embedding(9, 6, mask_zero=True, name="words", embeddings_initializer="normal")
    embedded = words(tokens)
    has_pair = isinstance(layer, keras.layers.Attention)
    put_out = layer([embedded, embedded]) if has_pair else layer(embedded, embedded)
    model = keras.Model(tokens, keras.layers.Dense(2, name="end")(put_out))
    words.embeddings.assign(RNG.normal(size=(9, 6)))
    x = np.array([[3, 1, 4, 1, 0, 0]])
    real = keras.ops.convert_to_numpy(keras.Model(tokens, put_out)(x))[0, :4]
    rows = words(x)[:, :4]  # without what is padded, nobody has anything to hide
    alone = layer([rows, rows]) if has_pair else layer(rows, rows)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(alone)[0], real, rtol=1e-4, atol=1e-5)
    given = {"return_attention_scores": True}
    whole = keras.ops.convert_to_numpy((layer([rows, rows], **given) if has_pair else layer(rows, rows, **given))[1])[0]
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        scores, _ = shown(view)
    assert (scores[:, :4, 4:] == 0).all()
    np.testing.assert_allclose(scores[:, :4].sum(axis=-1), 1, **CLOSE)
    np.testing.assert_allclose(scores[:, :4, :4], whole.reshape(-1, 4, 4), rtol=1e-4, atol=1e-5)


class Block(keras.layers.Layer):
    """Code of a person's own around the attention."""

    def __init__(self, dropout=0.0, **options):
        super().__init__(**options)
        self.look = keras.layers.MultiHeadAttention(2, 3, dropout=dropout, name="look")
        self.norm = keras.layers.LayerNormalization(name="norm")

    def call(self, x):
        return x + self.look(self.norm(x), self.norm(x), use_causal_mask=True)


class Twice(Block):
    def call(self, x):
        return self.look(self.look(self.norm(x), x), x)


def test_within_code_of_ones_own_it_is_that_of_the_call():
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((5, 6)), Block(name="block"), keras.layers.Dense(1, name="end")])
    x = data_of()[0]
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        view.opened = ["block"]
        until(lambda: any(one["name"] == "look" for one in told_layers(view.graph)))
        scores, _ = shown(view)
    block = model.get_layer("block")
    rows = keras.ops.convert_to_numpy(block.norm(x[:1])[0]).astype(np.float64)
    expected = many_heads(block.look, rows, rows, np.tril(np.ones((5, 5), bool)))
    np.testing.assert_allclose(scores, expected, **CLOSE)


class Doubting(Block):
    """It drops scores in inference too, so that one can ask it many times how sure it is."""

    def call(self, x):
        return self.look(self.norm(x), x, training=True)


def test_no_scores_are_told_of_a_place_that_put_out_something_else_in_the_model():
    model = keras.Sequential([keras.Input((5, 6)), Doubting(0.9, name="block"), keras.layers.Dense(1, name="end")])
    with closing(nv.NetworkView(model, data=(data_of()[0], None))) as view:
        view.opened = ["block"]
        until(lambda: any(one["name"] == "look" for one in told_layers(view.graph)))
        scores, _ = shown(view)
    assert np.isnan(scores).all()


def test_of_a_layer_that_is_called_twice_no_scores_are_shown():
    model = keras.Sequential([keras.Input((5, 6)), Twice(name="block"), keras.layers.Dense(1, name="end")])
    with closing(nv.NetworkView(model, data=(data_of()[0], None))) as view:
        view.opened = ["block"]
        until(lambda: any(one["name"] == "look" for one in told_layers(view.graph)))
        card = next(one for one in told_layers(view.graph) if one["name"] == "look")
        view.selection = {"layer": card["id"], "unit": 0}
        frame = decode_frame(view.get_state()["frame"])
    assert frame.find("scores", card["id"]) is None
    assert frame.find("map_picture", card["id"]) is None


@pytest.mark.parametrize(("queries", "keys"), [(100, 130), (64, 65), (1, 70)])
def test_of_long_sequences_each_square_is_the_largest_of_a_block(queries, keys):
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of(queries, keys, count=2)
    model = model_of(layer, queries, keys)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        scores, card = shown(view)
        frame = decode_frame(view.get_state()["frame"])
    whole = many_heads(layer, *(one[0].astype(np.float64) for one in x))
    high, wide = card["attention"]["block"]
    largest = [
        [[head[r : r + high, c : c + wide].max() for c in range(0, keys, wide)] for r in range(0, queries, high)]
        for head in whole
    ]
    np.testing.assert_allclose(scores, largest, **CLOSE)
    assert max(frame.find("map_picture", card["id"]).values.shape[1:]) <= 64


def test_with_a_single_place_to_look_at_there_are_no_scores_to_show():
    model = model_of(keras.layers.MultiHeadAttention(2, 4, name="look"), 5, 1)
    with closing(nv.NetworkView(model, data=(data_of(5, 1), None))) as view:
        card = next(one for one in told_layers(view.graph) if one["name"] == "look")
        assert "attention" not in card
        assert decode_frame(view.get_state()["frame"]).find("map_picture", card["id"]) is None


def test_scores_and_lanes_of_two_samples_are_told_apart():
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of()
    model = model_of(layer)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        card = next(one for one in told_layers(view.graph) if one["name"] == "look")["id"]
        wants = {Want(quantity, card, sample=sample) for quantity in ("attention", "lane") for sample in (0, 3)}
        tensors = AttentionProbe().measure(frozenset(wants), view.source.observer.forward)
    own = weights_of(layer)
    for sample in (0, 3):
        query, value = (one[sample].astype(np.float64) for one in x)
        scores = np.moveaxis(many_heads(layer, query, value), 0, -1)
        np.testing.assert_allclose(tensors[TensorKey("attention", card, sample=sample)], scores, **CLOSE)
        lane = np.einsum("td,dhk->thk", query, own["query/kernel"]) + own["query/bias"]
        np.testing.assert_allclose(tensors[TensorKey("lane", card, "query", sample)], lane, **CLOSE)


def test_scores_that_another_look_has_called_off_are_asked_for_again():
    x = keras.ops.convert_to_tensor(data_of(keys=5)[0])
    layer, calls = keras.layers.GroupQueryAttention(4, 4, 2, name="look"), []
    expected = keras.ops.convert_to_numpy(layer(x, x, return_attention_scores=True)[1])

    def called(*args, **named):
        """As it comes where another thread calls the layer meanwhile, without scores: it notes that in the layer."""
        calls.append(named)
        return layer(*args, **named) if len(calls) == 3 else (layer(*args), None)

    found = scores_of(called, Seen((x, x), {}, {}, layer(x, x)), Attention(5, 5, 4))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(found), np.moveaxis(expected, 1, -1))


def test_of_many_heads_the_sharpest_are_drawn():
    layer, x = keras.layers.MultiHeadAttention(20, 2, name="look"), data_of()
    model = model_of(layer)
    layer.query_dense.kernel.assign(layer.query_dense.kernel * np.linspace(0.1, 9, 20)[:, None])
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        view.selection = {}
        card = next(one for one in told_layers(view.graph) if one["name"] == "look")
        frame = decode_frame(view.get_state()["frame"])
        said = view.describe()
    assert "look (MultiHeadAttention, 20 heads, " in said
    assert "Not all heads are drawn, but the sharpest: look (12 of 20)." in said
    whole = many_heads(layer, *(one[0].astype(np.float64) for one in x))
    sharpest = np.sort(np.argsort(-(whole**2).sum(axis=(1, 2)))[:12])
    assert frame.find("map_index", card["id"]).values.tolist() == sharpest.tolist()


def test_a_call_that_asks_for_scores_itself_and_scores_that_are_lost_to_nan():
    layer, x = keras.layers.MultiHeadAttention(2, 4, name="look"), data_of()
    one, other = keras.Input((5, 6)), keras.Input((7, 6))
    put_out, own = layer(one, other, return_attention_scores=True)
    model = keras.Model([one, other], [keras.layers.Dense(1)(put_out), own])
    expected = np.asarray(model.predict(x, verbose=0)[1])[0]
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        np.testing.assert_allclose(shown(view)[0], expected, **CLOSE)
    layer.key_dense.kernel.assign(layer.key_dense.kernel * np.nan)
    with closing(nv.NetworkView(model, data=(x, None))) as view:
        assert np.isnan(shown(view)[0]).all()


def test_watching_the_scores_changes_no_training():
    def trained(is_watched):
        keras.utils.set_random_seed(11)
        layer = keras.layers.MultiHeadAttention(2, 4, dropout=0.3, activity_regularizer="l2", name="look")
        model = model_of(layer)
        model.compile("adam", "mse")
        trainer = nv.Trainer(model, (data, np.arange(40.0)), epochs=3, batch_size=8)
        view = nv.NetworkView(trainer) if is_watched else None
        if view is not None:
            card = next(one for one in told_layers(view.graph) if one["name"] == "look")
            view.selection = {"layer": card["id"], "unit": 1}
        trainer.start()
        trainer.wait()
        if view is not None:
            view.close()
        return [np.asarray(one) for one in model.weights]

    data = data_of(count=40)
    for plain, watched in zip(trained(False), trained(True), strict=True):
        np.testing.assert_array_equal(plain, watched)


def translator(**order):
    """Two sentences of tokens: the second one looks at itself, and then at the first."""
    layers = keras.layers
    first, second = (keras.Input((6,), dtype="int32", name=name) for name in ("first", "second"))
    words = {name: layers.Embedding(9, 4, mask_zero=True, name=f"{name}_words") for name in ("first", "second")}
    read, said = words["first"](first), layers.LayerNormalization(name="norm")(words["second"](second))
    inner = layers.MultiHeadAttention(2, 3, name="inner")(said, said, use_causal_mask=True)
    said = layers.Add(name="add")([said, inner])
    cross = layers.MultiHeadAttention(2, 3, name="cross")
    if order:
        given = {"query": said, "value": read, "key": read}
        crossed = cross(**{name: given[name] for name in order})
    else:
        crossed = cross(said, read)
    turned = layers.GRU(4, return_sequences=True, go_backwards=True, name="turned")(crossed)
    late = layers.MultiHeadAttention(2, 3, name="late")(turned, read)
    return keras.Model([first, second], layers.Dense(2, name="end")(late))


@pytest.mark.parametrize("order", [{}, {"query": 0, "value": 0}, {"value": 0, "query": 0, "key": 0}])
def test_places_are_those_of_the_tokens_that_nothing_between_has_moved(order):
    model = translator(**order)
    with closing(nv.NetworkView(model, data=([np.ones((1, 6), "int32")] * 2, None))) as view:
        cards = {one["name"]: one for one in told_layers(view.graph)}
    names = {cards[name]["id"]: name for name in ("first", "second")} | {None: None}

    def places(layer):
        return [names[cards[layer]["attention"][f"{side}_input"]] for side in ("query", "key")]

    assert places("inner") == ["second", "second"]
    assert places("cross") == ["second", "first"]
    assert places("late") == [None, "first"]


def test_a_block_closes_over_what_is_chosen_in_it():
    tokens = keras.Input((5,), dtype="int32")
    words = keras.layers.Embedding(7, 20, name="words")(tokens)
    model = keras.Model(tokens, keras.layers.Dense(2, name="end")(Block(name="block")(words)))
    with closing(nv.NetworkView(model, data=(np.ones((2, 5), "int32"), None))) as view:
        view.opened = ["block"]
        until(lambda: any(one["name"] == "look" for one in told_layers(view.graph)))
        shown(view)
        view.opened = []
        until(lambda: not any(one["name"] == "look" for one in told_layers(view.graph)))
        view.sample = 1
        until(lambda: decode_frame(view.get_state()["frame"]).header["sample"] == 1)
