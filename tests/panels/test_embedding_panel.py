"""The panel of an embedding: beside its own table."""

from contextlib import closing

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from tests.keras.models import SIGNS, reading_data, reading_net
from tests.keras.page import until


def cosines(model, token):
    rows = keras.ops.convert_to_numpy(model.get_layer("signs").embeddings).astype(np.float64)
    every = rows @ rows[token] / np.linalg.norm(rows, axis=1) / np.linalg.norm(rows[token])
    return sorted(((float(every[one]), one) for one in range(len(rows)) if one != token), reverse=True)


def is_near(frame, model, token):
    expected = cosines(model, token)
    return frame.token.tolist() == [one for _, one in expected] and np.allclose(
        frame.cosine, [cosine for cosine, _ in expected], rtol=1e-5, atol=1e-6
    )


def test_it_has_the_words_of_the_sample_and_what_is_near_to_the_selected_one():
    model, (x, y) = reading_net(), reading_data()
    with closing(nv.EmbeddingPanel(model, data=(x, y))) as panel:
        frame = panel.table()
        assert frame.token.tolist() == x[0][0].tolist()
        assert frame.word.tolist() == [SIGNS[one] or f"#{one}" for one in x[0][0]]
        assert is_near(panel.neighbours(), model, x[0][0][0])
        words = panel.source.graph.by_name("words").id
        panel.gaze.selection = {"layer": words, "unit": 2}
        until(lambda: is_near(panel.neighbours(), model, x[0][0][2]))
        panel.gaze.sample = 3
        until(lambda: panel.table().token.tolist() == x[0][3].tolist())
        until(lambda: is_near(panel.neighbours(), model, x[0][3][2]))
        said = panel.describe()
    token = SIGNS[x[0][3][2]] or f"#{x[0][3][2]}"
    assert said.startswith(f"Embedding, signs, token {token}, sample 3, step 0: ")
    best, nearest = cosines(model, x[0][3][2])[0]
    assert f"nearest to token {token}: {SIGNS[nearest] or '#0'}: {best:.3f}" in said


def test_the_plane_moves_while_it_learns_and_goes_back_with_the_playhead():
    model, data = reading_net(), reading_data()
    trainer = nv.Trainer(model, data, epochs=3, batch_size=8)
    with closing(nv.EmbeddingPanel(trainer)) as panel:
        first, near = panel.table(), panel.neighbours()
        trainer.start()
        trainer.wait()
        until(lambda: is_near(panel.neighbours(), model, data[0][0][0][0]))
        moved = panel.table()
        assert not np.allclose(moved.x, first.x, rtol=1e-6, atol=0)
        rows = keras.ops.convert_to_numpy(model.get_layer("signs").embeddings)[np.unique(data[0][0][0])]
        distances = np.linalg.norm(np.diff(moved[["x", "y"]].to_numpy()[:2], axis=0))
        assert distances <= np.ptp(rows, axis=0).max() * rows.shape[1]
        panel.gaze.step = 0
        until(lambda: panel.neighbours().equals(near))


def test_tokens_without_names_numbers_beyond_the_table_and_long_sentences_are_told():
    tokens = keras.Input((300,), dtype="int32", name="tokens")
    rows = keras.layers.Embedding(9, 4, name="rows")(tokens)
    model = keras.Model(tokens, keras.layers.Dense(1, name="end")(keras.layers.GlobalAveragePooling1D()(rows)))
    x = np.random.default_rng(0).integers(0, 9, (2, 300))
    with closing(nv.EmbeddingPanel(model, data=(x, None))) as panel:
        frame, said = panel.table(), panel.describe()
    assert frame.token.tolist() == x[0][:256].tolist()
    assert "word" not in frame
    assert "the first 256 of 300 tokens" in said
    assert f"token #{x[0][0]}" in said


def test_a_single_token_has_no_plane_and_a_table_of_a_million_rows_is_asked_in_full():
    tokens = keras.Input((1,), dtype="int32", name="tokens")
    rows = keras.layers.Embedding(1_000_000, 4, name="rows")(tokens)
    model = keras.Model(tokens, keras.layers.Dense(1, name="end")(keras.layers.Flatten()(rows)))
    table = np.random.default_rng(3).normal(size=(1_000_000, 4)).astype("float32")
    table[999_999] = 2 * table[5]
    model.get_layer("rows").embeddings.assign(table)
    with closing(nv.EmbeddingPanel(model, data=(np.array([[5]]), None))) as panel:
        assert panel.neighbours().token[0] == 999_999
        assert "fewer than two tokens: there is no plane" in panel.describe()


def test_a_model_without_one_is_refused_in_words():
    plain = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="end")])
    with pytest.raises(nv.errors.ModelError, match="Expected a model with an embedding"):
        nv.EmbeddingPanel(plain)
    with pytest.raises(nv.errors.ModelError, match=r"'out' \(Dense\) is no embedding. Layers that are: 'signs'"):
        nv.EmbeddingPanel(reading_net(), layer="out")
