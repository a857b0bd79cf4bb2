"""The panel of attention: beside the layer's own scores."""

from contextlib import closing

import bqplot
import keras
import numpy as np
import pytest

import nnvis_widget as nv
from tests.keras.page import until
from tests.panels.helpers import parts

WORDS = ["", "the", "cat", "<b>sat</b>", "on", "mat"]
X = np.array([[1, 2, 3, 4], [4, 1, 5, 0], [5, 5, 5, 5]])


def reader(heads=2, length=4, name="look"):
    keras.utils.set_random_seed(4)
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    words = keras.layers.Embedding(6, 6, name="words")
    words.token_names = WORDS
    embedded = words(tokens)
    seen = keras.layers.MultiHeadAttention(heads, 3, name=name)(embedded, embedded)
    seen = keras.layers.MultiHeadAttention(1, 3, name="again")(seen, seen)
    end = keras.layers.Dense(1, name="end")(keras.layers.Flatten(name="flat")(seen))
    model = keras.Model(tokens, end)
    words.embeddings.assign(np.random.default_rng(1).normal(size=(6, 6)))
    return model


def scores_of(model, x, layer="look"):
    """Heads first, of one sample."""
    rows = model.get_layer("words")(x[None])
    if layer == "again":
        rows = model.get_layer("look")(rows, rows)
    given = model.get_layer(layer)(rows, rows, return_attention_scores=True)
    return keras.ops.convert_to_numpy(given[1])[0]


def test_the_table_has_every_score_with_its_words_and_follows_sample_and_selection():
    model = reader()
    with closing(nv.AttentionPanel(model, data=(X, None))) as panel:
        frame = panel.table()
        expected = scores_of(model, X[0])
        np.testing.assert_allclose(frame.score, expected.reshape(-1), rtol=1e-5, atol=1e-6)
        assert frame.query_token.tolist()[:5] == ["the"] * 4 + ["cat"]
        assert frame.key_token.tolist()[:4] == ["the", "cat", "<b>sat</b>", "on"]
        panel.gaze.sample = 1
        np.testing.assert_allclose(panel.table().score, scores_of(model, X[1]).reshape(-1), rtol=1e-5, atol=1e-6)
        again = next(one for one in panel.source.structure.groups if one.name == "again")
        panel.gaze.selection = {"layer": again.id}
        until(lambda: len(panel.table()) == 16)
        np.testing.assert_allclose(
            panel.table().score, scores_of(model, X[1], "again").reshape(-1), rtol=1e-5, atol=1e-6
        )


def test_it_says_what_the_chosen_head_looks_at():
    model = reader()
    with closing(nv.AttentionPanel(model, layer="look", data=(X, None))) as panel:
        panel.gaze.selection = {"layer": next(one.id for one in panel.source.structure.groups), "unit": 1}
        said = panel.describe()
    head = scores_of(model, X[0])[1]
    assert said.startswith("Attention, look · head 1 of 2, sample 0,")
    most = int(head[2].argmax())
    assert f"place 2 “<b>sat</b>” looks at {most} “{WORDS[X[0][most]]}”: {head[2, most]:.3f}" in said
    bits = -(head * np.log2(head)).sum(1).mean()
    assert f"entropy {bits:.2f} of 2.00 bits" in said
    assert f"{head[:, 0].mean():.3f} on the first" in said


def test_of_a_training_it_is_live_and_looks_back():
    model = reader()
    model.compile("adam", "mse")
    trainer = nv.Trainer(model, (np.tile(X, (4, 1)), np.arange(12.0)), epochs=2, batch_size=4)
    with closing(nv.AttentionPanel(trainer)) as panel:
        first = panel.table().score.to_numpy()
        trainer.start()
        trainer.wait()
        until(lambda: not np.array_equal(panel.table().score, first))
        np.testing.assert_allclose(panel.table().score, scores_of(model, X[0]).reshape(-1), rtol=1e-4, atol=1e-5)
        panel.gaze.step = 0
        until(lambda: np.array_equal(panel.table().score, first))


def test_where_a_sample_was_not_measured_no_picture_of_another_one_stays():
    model = reader()
    model.compile("adam", "mse")
    trainer = nv.Trainer(model, (X, np.arange(3.0)), batch_size=1)
    trainer.run_steps(1)
    trainer.wait(60)
    with closing(nv.AttentionPanel(trainer.run)) as panel:
        assert len(panel.table()) == 32
        assert len({one.image.value for one in parts(panel, bqplot.Image)}) == 4  # heads and head, for two themes
        panel.gaze.sample = 1
        assert panel.table().empty
        assert len({one.image.value for one in parts(panel, bqplot.Image)}) <= 2


def test_of_long_sequences_rows_are_blocks_and_of_many_heads_the_sharpest_have_a_picture():
    model = reader(heads=20, length=130)
    x = np.random.default_rng(2).integers(0, 6, (2, 130))
    with closing(nv.AttentionPanel(model, layer="look", data=(x, None))) as panel:
        frame, said = panel.table(), panel.describe()
    scores = scores_of(model, x[0])
    one = frame.iloc[len(frame) // 3]
    block = scores[int(one["head"]), int(one["query"]) : int(one.query_end), int(one["key"]) : int(one.key_end)]
    assert block.size > 1
    assert one.score == pytest.approx(block.max(), rel=1e-5)
    assert int(frame.query_end.max()) == 130
    assert "the 12 sharpest of 20 heads have a picture" in said
    assert f"each cell is the largest of {block.shape[0]} × {block.shape[1]} scores" in said


def test_where_nothing_looks_anywhere_or_nothing_is_measured_it_is_said():
    plain = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="end")])
    with pytest.raises(nv.errors.ModelError, match="Expected a model with an attention layer"):
        nv.AttentionPanel(plain)
    with pytest.raises(nv.errors.ModelError, match=r"'end' \(Dense\) has no attention scores.*'look', 'again'"):
        nv.AttentionPanel(reader(), layer="end")
    with closing(nv.AttentionPanel(reader())) as panel:
        assert "There is no sample to look at" in panel.describe()
        assert panel.table().empty


def test_a_dashboard_has_it_where_the_network_has_attention():
    with closing(nv.Dashboard(reader(), panels=["attention"])) as dashboard:
        assert [type(panel) for panel in dashboard.panels] == [nv.AttentionPanel]
        assert "Attention" in dict(dashboard.choice.options)
        dashboard.source = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="end")])
        assert not dashboard.panels
        assert "Attention" not in dict(dashboard.choice.options)
