"""A stream that ends early, is empty, changes its kind or holds a wrong label; a model that refuses some samples."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from tests.keras.models import plane, rich_net, state
from tests.keras.page import Page, until

X, Y = plane(24)
LABELS = (np.arange(24) % 3).astype(np.int64)


def batches(labels=LABELS, x=X):
    return [(x[i : i + 8], labels[i : i + 8]) for i in (0, 8, 16)]


def dataset(labels=LABELS):
    return tf.data.Dataset.from_tensor_slices((X, labels)).batch(8)


def ended(trainer):
    trainer.start()
    trainer.wait(60)
    return trainer


@pytest.mark.parametrize("make", [batches, dataset])
def test_a_class_that_is_not_there_in_the_middle_of_a_stream_is_told_and_the_model_stays_usable(make):
    labels = LABELS.copy()
    labels[12] = 7
    trainer = ended(nv.Trainer(rich_net(), make(labels), epochs=1))
    assert trainer.state == "failed"
    assert "label value of 7" in trainer.status.problem.title
    assert "[0, 3)" in trainer.status.problem.title
    assert len(trainer.model.predict(X, verbose=0)) == 24
    trainer.reset()
    assert trainer.state == "idle"


def changing():
    yield X[:8], LABELS[:8]
    yield np.ones((8, 5), np.float32), LABELS[:8]


def test_a_stream_that_changes_its_kind_is_told_in_one_sentence():
    trainer = ended(nv.Trainer(rich_net(), changing(), epochs=1, steps_per_epoch=2))
    assert trainer.state == "failed"
    assert "\x1b" not in trainer.status.problem.title + trainer.status.problem.text
    assert "calling" not in trainer.status.problem.title
    assert trainer.step == 1


EMPTY = {"list": list, "iterator": lambda: iter([]), "dataset": lambda: dataset().take(0)}


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_stream_is_refused_in_words(kind):
    try:
        trainer = ended(nv.Trainer(rich_net(), EMPTY[kind](), epochs=1))
        told = trainer.status.problem.title
        assert trainer.state == "failed"
    except nv.errors.DataError as error:
        told = str(error)
    assert "Expected" in told
    assert ", got" in told


@pytest.mark.parametrize("make", [batches, dataset])
def test_a_stream_shorter_than_its_steps_begins_anew_as_in_fit(make):
    twin = rich_net(run_eagerly=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' own
        twin.fit(dataset(), epochs=3, steps_per_epoch=5, verbose=0)
    with pytest.warns(UserWarning, match="steps_per_epoch") as told:
        trainer = ended(nv.Trainer(rich_net(run_eagerly=True), make(), epochs=3, steps_per_epoch=5))
    assert trainer.state == "finished", trainer.status.problem
    assert (trainer.step, trainer.epoch) == (9, 3)
    assert len([warning for warning in told if "steps_per_epoch" in str(warning.message)]) == 1
    for ours, theirs in zip(state(trainer.model), state(twin), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_a_generator_that_ends_early_tells_what_to_pass_and_keeps_what_was_trained():
    stream = (batch for batch in batches())
    with pytest.warns(UserWarning, match="steps_per_epoch"):
        trainer = ended(nv.Trainer(rich_net(run_eagerly=True), stream, epochs=2, steps_per_epoch=5))
    assert trainer.state == "failed"
    assert "can be repeated" in trainer.status.problem.title
    assert (trainer.step, trainer.epoch) == (3, 1)
    assert len(trainer.history["loss"]) == 1


class Picky(layers.Layer):
    def call(self, x):
        tf.debugging.assert_less(tf.reduce_max(x), 9.0, message="too large")
        return x


def picky():
    model = keras.Sequential([layers.Input((3,)), Picky(), layers.Dense(2, "tanh"), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


SAMPLES = np.full((6, 3), 0.1, np.float32)
SAMPLES[3] = 99.0


def outputs(source):
    return [t for key, t in source.run.latest.tensors.items() if key[:2] == ("activation", "L3")]


@pytest.mark.filterwarnings("ignore:nnvis_widget cannot measure")
def test_a_sample_that_a_model_refuses_is_told_while_it_is_looked_at_and_the_others_are_shown():
    model = picky()
    view = nv.NetworkView(model, data=SAMPLES)
    for sample in (0, 3, 1, 3, 2):
        view.sample = sample
        until(lambda sample=sample: view.source.run.latest.samples == (sample,))
        until(lambda sample=sample: (view.source.status.problem is not None) == (sample == 3))
        if sample == 3:
            assert outputs(view.source) == []
            assert "too large" in view.source.status.problem.title
        else:
            np.testing.assert_allclose(outputs(view.source)[0], model.predict(SAMPLES[:1], verbose=0)[0], rtol=1e-5)
    view.close()


def test_a_sample_that_a_model_refuses_is_warned_of_once_and_stops_no_training():
    y = np.zeros((6, 1), np.float32)
    trained = []
    for is_watched in (True, False):
        keras.utils.set_random_seed(1)
        trainer = nv.Trainer(picky(), (np.delete(SAMPLES, 3, 0), np.delete(y, 3, 0)), epochs=5, samples=SAMPLES)
        page = Page(trainer) if is_watched else None
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            if page is not None:
                page.sample = 3
            ended(trainer)
            assert trainer.state == "finished"
            if page is not None:
                until(lambda run=trainer.run: run.latest.samples == (3,))
                page.sample = 0
                until(lambda run=trainer.run: run.latest.samples == (0,))
                page.sample = 3
                until(lambda run=trainer.run: run.latest.samples == (3,))
        activations = [w for w in told if "the activations" in str(w.message)]
        assert len(activations) == (1 if is_watched else 0)
        trained.append(state(trainer.model))
        if page is not None:
            page.close()
    for ours, theirs in zip(*trained, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_plane_of_a_model_that_refuses_some_points_leaves_the_rest_alone():
    class Half(layers.Layer):
        def call(self, x):
            tf.debugging.assert_less(tf.reduce_max(x), 2.05, message="outside")
            return x

    model = keras.Sequential([layers.Input((2,)), Half(), layers.Dense(1)])
    with pytest.warns(RuntimeWarning, match="field"):
        view = nv.NetworkView(model, data=np.clip(X, -2, 2) * 0 + np.array([[2.0, -2.0]], np.float32) * Y[:, None])
    shown = [t for key, t in view.source.run.latest.tensors.items() if key[:2] == ("activation", "L2")]
    assert len(shown) == 1
    view.close()
