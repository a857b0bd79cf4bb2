"""Data that comes in batches: its samples are seen, and reading them changes nothing that a training sees."""

import random
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from tests.keras.models import assert_same_state, plane, plane_net, state
from tests.keras.page import Page, until

X, Y = plane(24)


def tensors():
    return tf.data.Dataset.from_tensor_slices((X, Y))


class Batches(keras.utils.PyDataset):
    """Remembers what it is asked for; draws from random states of all kinds."""

    def __init__(self):
        super().__init__()
        self.rng, self.asked = np.random.default_rng(2), []

    def __len__(self):
        return 3

    def __getitem__(self, index):
        noise = self.rng.normal() + np.random.normal() + random.random()
        self.asked.append((index, noise))
        rows = slice(8 * index, 8 * index + 8)
        return X[rows], Y[rows]


class Again:
    """Can be iterated as often as one likes."""

    def __iter__(self):
        return ((X[i : i + 8], Y[i : i + 8]) for i in (0, 8, 16))


STREAMS = {
    "dataset": lambda: tensors().batch(8),
    "shuffled": lambda: tensors().shuffle(24).batch(8),
    "shuffled twice and repeated": lambda: tensors().shuffle(24).cache().repeat(2).shuffle(9).batch(8).prefetch(1),
    "PyDataset": Batches,
    "list of batches": lambda: list(Again()),
    "own iterable": Again,
}


def read(stream, epochs=2):
    """All that a training would see of it."""
    keras.utils.set_random_seed(9)
    if isinstance(stream, Batches):
        for _ in range(epochs):
            list(stream)
        return [np.array(stream.asked[-3 * epochs :])]
    return [np.asarray(part) for _ in range(epochs) for batch in stream for part in batch]


@pytest.mark.parametrize("kind", STREAMS)
def test_a_view_shows_the_first_batch_of_a_stream_and_leaves_it_as_it_was(kind):
    model = plane_net()
    keras.utils.set_random_seed(9)
    untouched = read(STREAMS[kind]())
    keras.utils.set_random_seed(9)
    stream = STREAMS[kind]()
    before = np.random.get_state()[1].tolist(), random.getstate()
    view = nv.NetworkView(model, data=stream)
    assert (np.random.get_state()[1].tolist(), random.getstate()) == before
    np.testing.assert_array_equal(view.source.scenery.inputs[0], X[:8])
    np.testing.assert_array_equal(view.source.scenery.targets, Y[:8])
    shown = [t for key, t in view.source.run.latest.tensors.items() if key[:2] == ("activation", "L3")]
    np.testing.assert_allclose(shown[0], model.predict(X[:1], verbose=0)[0], rtol=1e-5)
    view.close()
    assert_same_state(read(stream), untouched)


NOT_READABLE = {
    "generator": lambda: (batch for batch in Again()),
    "iterator": lambda: iter(list(Again())),
    "dataset of Python code": lambda: tf.data.Dataset.from_generator(
        Again().__iter__, output_signature=(tf.TensorSpec((None, 2)), tf.TensorSpec((None,)))
    ),
    "dataset that draws": lambda: tensors().map(lambda x, y: (x + tf.random.normal((2,)), y)).batch(8),
    "empty dataset": lambda: tensors().take(0).batch(8),
    "empty iterable": lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(99, drop_remainder=True),
}


@pytest.mark.parametrize("kind", NOT_READABLE)
def test_a_stream_that_reading_would_change_is_refused_by_a_view_in_words(kind):
    with pytest.raises(DataError, match=r"^Expected .*, got .* Pass .*data="):
        nv.NetworkView(plane_net(), data=NOT_READABLE[kind]())


def test_a_generator_that_was_refused_still_has_all_its_batches():
    stream = NOT_READABLE["generator"]()
    with pytest.raises(DataError):
        nv.ActivationPanel(plane_net(), data=stream)
    assert len(list(stream)) == 3


@pytest.mark.parametrize("kind", [*STREAMS, "generator", "dataset of Python code", "dataset that draws"])
def test_a_trainer_has_the_first_batch_for_samples_once_it_was_trained_on(kind):
    make = (STREAMS | NOT_READABLE)[kind]
    keras.utils.set_random_seed(9)
    trainer = nv.Trainer(plane_net(run_eagerly=True), make())
    page = Page(trainer)
    assert trainer.scenery.sample_count == 0
    trainer.run_steps(1)
    assert trainer.wait(60) == "paused", trainer.status.problem
    assert trainer.scenery.sample_count == 8
    x, y = trainer.scenery.inputs[0], trainer.scenery.targets
    if kind not in ("dataset that draws",):
        places = [int(np.flatnonzero((row == X).all(axis=1))[0]) for row in x]
        np.testing.assert_array_equal(y, Y[places])
    until(lambda: page.frames and page.frames[-1].header["state"] == "paused")
    (shown,) = [t for key, t in trainer.run.latest.tensors.items() if key[:2] == ("activation", "L3")]
    np.testing.assert_allclose(shown, trainer.model.predict(x[:1], verbose=0)[0], rtol=1e-5)
    page.close()


def test_a_model_that_only_the_first_batch_builds_has_its_samples_too():
    model = keras.Sequential([layers.Dense(3, "tanh"), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    trainer = nv.Trainer(model, tensors().batch(8))
    panel = nv.ActivationPanel(trainer)
    assert "Nothing is drawn: no layer has a size that is known" in panel.describe()
    trainer.run_steps(1)
    assert trainer.wait(60) == "paused", trainer.status.problem
    assert trainer.graph.is_built
    assert trainer.scenery.sample_count == 8
    panel.close()


def test_a_panel_of_a_stream_lets_choose_a_sample_once_there_are_some():
    trainer = nv.Trainer(plane_net(), tensors().batch(8))
    panel = nv.ActivationPanel(trainer)
    assert "Sample" not in fields(panel)
    trainer.run_steps(1)
    assert trainer.wait(60) == "paused", trainer.status.problem
    panel.sample = 3
    until(lambda: trainer.run.latest.samples == (3,))
    assert len(panel.table()) == 2 + 4 + 4 + 1
    assert "Sample" in fields(panel)
    panel.close()


def fields(widget):
    found = [getattr(widget, "description", "")]
    for child in getattr(widget, "children", ()):
        found += fields(child)
    return found


def test_samples_of_ones_own_are_looked_at_from_the_beginning():
    x, y = plane(5, seed=7)
    for data in (tensors().batch(8), (X, Y), (batch for batch in Again())):
        trainer = nv.Trainer(plane_net(run_eagerly=True), data, samples=(x, y))
        np.testing.assert_array_equal(trainer.scenery.inputs[0], x)
        trainer.run_steps(2)
        assert trainer.wait(60) == "paused", trainer.status.problem
        np.testing.assert_array_equal(trainer.scenery.inputs[0], x)
    matrix = nv.ConfusionMatrix(trainer)
    until(lambda: matrix.table().to_numpy().sum() == 5)
    matrix.close()


def test_a_classifier_on_a_stream_without_samples_says_how_to_pass_some():
    with pytest.raises(DataError, match="samples="):
        nv.ConfusionMatrix(nv.Trainer(plane_net(), tensors().batch(8)))


def test_looking_at_the_first_batch_of_a_stream_leaves_the_training_as_it_was():
    states = []
    for is_watched in (True, False):
        keras.utils.set_random_seed(9)
        trainer = nv.Trainer(plane_net(run_eagerly=True), tensors().shuffle(24).batch(8), epochs=2)
        page = Page(trainer) if is_watched else None
        trainer.start()
        assert trainer.wait(60) == "finished", trainer.status.problem
        states.append(state(trainer.model))
        if page is not None:
            page.close()
    assert_same_state(*states)


def test_a_batch_that_cannot_be_looked_at_is_trained_on_all_the_same():
    class Text(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = layers.Dense(1)

        def call(self, x):
            return self.out(x["n"])

    batches = [({"n": X[:8], "note": X[:3]}, Y[:8])]
    model = Text()
    model.compile("sgd", "mse")
    trainer = nv.Trainer(model, batches, epochs=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer.start()
        assert trainer.wait(60) == "finished", trainer.status.problem


class Reversing(keras.utils.PyDataset):
    """Reverses itself at the end of each epoch, and counts its epochs."""

    def __init__(self):
        super().__init__()
        self.rows, self.heard, self.seen = np.arange(24), [], []

    def __len__(self):
        return 3

    def __getitem__(self, index):
        rows = self.rows[8 * index : 8 * index + 8]
        self.seen.append(rows.tolist())
        return X[rows], Y[rows]

    def on_epoch_begin(self):
        self.heard.append("begin")

    def on_epoch_end(self):
        self.heard.append("end")
        self.rows = self.rows[::-1]


def test_a_py_dataset_hears_of_epochs_and_gives_its_batches_as_in_fit():
    ours, theirs = Reversing(), Reversing()
    twin = plane_net()
    twin.fit(theirs, epochs=3, shuffle=False, verbose=0)
    trainer = nv.Trainer(plane_net(), ours, epochs=3)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert ours.heard == theirs.heard
    for one, other in zip(state(trainer.model), state(twin), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_a_data_loader_is_trained_on_and_shown():
    torch = pytest.importorskip("torch")
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=8, shuffle=True
    )
    torch.manual_seed(1)
    view = nv.NetworkView(plane_net(), data=loader)
    assert view.source.scenery.sample_count == 8
    after = torch.rand(1)
    torch.manual_seed(1)
    assert torch.rand(1) == after
    view.close()
    trainer = nv.Trainer(plane_net(run_eagerly=True), loader, epochs=2)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert trainer.step == 6


@pytest.mark.parametrize("source", ["view", "trainer"])
def test_another_model_in_the_same_view_is_looked_at_with_the_same_samples(source):
    first, second = plane_net(), plane_net(seed=8, hidden=("relu",))
    view = nv.NetworkView(first, data=(X, Y)) if source == "view" else nv.NetworkView(nv.Trainer(first, (X, Y)))
    view.model = second
    (shown,) = [t for key, t in view.source.run.latest.tensors.items() if key[:2] == ("activation", "L2")]
    np.testing.assert_allclose(shown, second.predict(X[:1], verbose=0)[0], rtol=1e-5)
    view.model = None
    view.close()


def test_samples_that_do_not_fit_another_model_are_left_behind():
    other = keras.Sequential([layers.Input((5,)), layers.Dense(1)])
    view = nv.NetworkView(plane_net(), data=(X, Y))
    view.model = other
    assert view.source.scenery.sample_count == 0
    assert view.source.status.problem is None
    view.close()
