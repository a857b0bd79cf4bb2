"""A look leaves no trace: weights, states, history, attributes, random numbers, watched as unwatched, bit for bit."""

import random
from threading import Event, Thread

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from tests.keras.no_trace import BUILDERS, X, Y, after_fit, after_trainer, assert_same, functional, made


class OutOfGraph(layers.Layer):
    """Numbers that are drawn at each run of the compiled graph."""

    def call(self, x):
        noise = tf.numpy_function(lambda: np.float32(np.random.rand()), [], tf.float32)
        return x + tf.ensure_shape(noise, ())


class OwnVariable(layers.Layer):
    """A variable that Keras does not know."""

    def __init__(self):
        super().__init__()
        self.calls = tf.Variable(0.0, trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x * tf.tanh(self.calls)


class RandomOfTensorFlow(layers.Layer):
    def call(self, x):
        return x + tf.random.normal(tf.shape(x))


TENSORFLOW = {kind.__name__: functional(kind) for kind in (OutOfGraph, OwnVariable, RandomOfTensorFlow)}
CASES = BUILDERS | TENSORFLOW
BOTH_WAYS = ("a layer that counts its calls", "unseeded numbers", "attributes of Python", "a subclassed model")
BY_TRAINER = (
    "a layer that counts its calls, in a functional model",
    "a stateful GRU",
    "a dropout that ignores training",
    "losses and metrics of a layer",
    "RandomOfTensorFlow",
)
WAYS = [
    pytest.param(name, train, id=f"{name}-{train.__name__}")
    for name in CASES
    for train, others in ((after_fit, BY_TRAINER), (after_trainer, set(CASES) - {*BY_TRAINER, *BOTH_WAYS}))
    if name not in others
]
EAGERLY = ("attributes of Python", "numbers of Python and numpy", "OwnVariable", "RandomOfTensorFlow")


@pytest.mark.parametrize(("name", "train"), WAYS)
def test_a_watched_training_leaves_what_an_unwatched_one_leaves(name, train):
    assert_same(train(CASES[name], is_watched=True), train(CASES[name], is_watched=False))


@pytest.mark.parametrize("name", EAGERLY)
def test_so_does_a_model_that_runs_eagerly(name):
    build = CASES[name]
    assert_same(
        after_fit(build, is_watched=True, run_eagerly=True), after_fit(build, is_watched=False, run_eagerly=True)
    )


def test_numbers_that_another_thread_draws_during_looks_are_those_it_would_have_drawn():
    view = nv.NetworkView(made(BUILDERS["unseeded numbers"], run_eagerly=True), data=(X, Y))
    is_over = Event()

    def look():
        for _ in range(5):
            view.look()
        is_over.set()

    random.seed(3)
    looks = Thread(target=look)
    looks.start()
    drawn = [random.random()]
    while not is_over.wait(0.0005):
        drawn.append(random.random())
    looks.join()
    random.seed(3)
    assert drawn == [random.random() for _ in drawn]
    view.close()
