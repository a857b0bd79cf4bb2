"""Is each step of attention that the inspector tells what numpy makes of the layer's own weights?"""

import json

import keras
import numpy as np
from keras import layers

import nnvis_widget as nv

from .test_learning import message as told_message
from .test_learning import number, opened

TOKENS, WIDTH, HEADS, SIZE = 6, 8, 2, 4


def looking(**call):
    keras.utils.set_random_seed(3)
    x = keras.Input((TOKENS,), dtype="int32")
    seen = layers.Embedding(10, WIDTH, name="embedding")(x)
    found = layers.MultiHeadAttention(HEADS, SIZE, name="look")(seen, seen, **call)
    model = keras.Model(x, layers.Dense(3, "softmax")(layers.GlobalAveragePooling1D()(found)))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.get_layer("embedding").set_weights([np.random.default_rng(0).normal(size=(10, WIDTH))])
    data = np.random.default_rng(1).integers(0, 10, (16, TOKENS))
    return model, (data, data[:, 0] % 3)


def of(model):
    structure = nv.NetworkView(model).source.structure
    return next(one.card.id for one in structure.groups if one.card.attention is not None)


def steps(model, sample_row, head, query, is_causal):
    """Scores with the scale, shares and what is found, by numpy."""
    embedding, look = model.get_layer("embedding"), model.get_layer("look")
    x = embedding.get_weights()[0][sample_row].astype(np.float64)
    weights = {one.path.split("look/")[1]: np.asarray(one, np.float64) for one in look.weights}
    q, k, v = (
        np.einsum("td,dh->th", x, weights[f"{name}/kernel"][:, head]) + weights[f"{name}/bias"][head]
        for name in ("query", "key", "value")
    )
    scores = k @ q[query] / np.sqrt(SIZE)
    seen = np.arange(TOKENS) <= query if is_causal else np.ones(TOKENS, bool)
    powers = np.where(seen, np.exp(scores - scores[seen].max()), 0)
    shares = powers / powers.sum()
    return scores, powers, shares, shares @ v


def close(texts, numbers):
    return np.allclose([number(text.lstrip("+")) for text in texts], numbers, atol=6e-4, rtol=1e-2)


def test_scores_mask_softmax_and_the_weighted_sum_are_those_of_numpy():
    for is_causal in (False, True):
        model, data = looking(**({"use_causal_mask": True} if is_causal else {}))
        view = opened(nv.Trainer(model, data, batch_size=8), of(model), 1, sample=2, place=[3, 0])
        told = told_message(view, lambda one: "keys" in one)
        scores, powers, shares, found = steps(model, data[0][2], 1, 3, is_causal)
        keys = told["keys"]
        assert [one["place"] for one in keys] == list(range(TOKENS))
        assert close([one["score"] for one in keys], scores)
        assert close([one["power"] for one in keys], powers)
        assert close([one["share"] for one in keys], shares)
        assert [one["isHidden"] for one in keys] == [is_causal and key > 3 for key in range(TOKENS)]
        assert (told["query"], told["width"]) == (3, SIZE)
        assert close(told["found"], found)
        assert told["failed"] == []
        assert told["checked"][1] == "a forward pass"
        view.close()


def test_of_a_long_row_the_strongest_are_told_and_the_rest_together():
    keras.utils.set_random_seed(4)
    x = keras.Input((30, WIDTH))
    found = layers.Attention(name="look")([x, x])
    model = keras.Model(x, layers.Dense(2, "softmax")(layers.GlobalAveragePooling1D()(found)))
    model.compile("adam", "sparse_categorical_crossentropy")
    data = np.random.default_rng(2).normal(size=(8, 30, WIDTH)).astype(np.float32) / 2
    layer = next(one.id for one in nv.read_graph(model).layers if one.name == "look")
    view = opened(nv.Trainer(model, (data, np.arange(8) % 2), batch_size=4), layer, 0, place=[7, 7])
    told = told_message(view, lambda one: "keys" in one)
    scores = data[0].astype(np.float64) @ data[0][7]
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    listed = sorted(np.argsort(-shares, kind="stable")[:12].tolist())
    assert [one["place"] for one in told["keys"]] == listed
    assert close([one["share"] for one in told["keys"]], shares[listed])
    assert told["more"][0] == "18"
    assert close([told["more"][1]], [1 - shares[listed].sum()])
    assert (told["scale"], told["found"]) == ("", [])  # it has neither
    view.close()


def test_without_a_place_it_says_what_to_choose():
    model, data = looking()
    view = opened(nv.Trainer(model, data, batch_size=8), of(model), 0)
    assert json.dumps(told_message(view)["notes"]).startswith('["Choose a place')
    view.close()
