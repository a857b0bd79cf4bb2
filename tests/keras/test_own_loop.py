"""A training loop that a person wrote: its steps are recorded, the model is shown, and nothing of it is changed."""

import copy

import keras
import numpy as np
import pytest
import tensorflow as tf

import nnvis_widget as nv
from nnvis_widget.core.command import SetHyperparameter, Stop
from nnvis_widget.errors import ModelError, TrainerStateError
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from tests.keras.page import Page, until

X, Y = plane()


def steps_of(model, count=12, size=16):
    """Plain gradient descent by hand; yields the loss of each step."""
    for number in range(count):
        rows = np.arange(number * size, (number + 1) * size) % len(X)
        with tf.GradientTape() as tape:
            outputs = model(X[rows], training=True)
            loss = keras.ops.mean(keras.losses.binary_crossentropy(Y[rows, None], outputs))
        model.optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        yield loss


def test_steps_are_recorded_and_the_model_is_shown():
    model = plane_net()
    losses = []
    with nv.watch(model, data=(X, Y)) as loop:
        page = Page(loop)
        for loss in steps_of(model):
            loop.step(loss=loss, rows=16)
            losses.append(float(loss))
        assert page.source.status.state == "running"
    steps, values = loop.source.run.scalars("loss")
    assert steps.tolist() == list(range(1, 13))
    np.testing.assert_allclose(values, losses, rtol=1e-6)
    assert loop.source.run.scalars("rows")[1].tolist() == [16.0] * 12
    assert (loop.source.status.state, loop.source.status.moment.step) == ("finished", 12)
    until(lambda: page.frames[-1].header["state"] == "finished")
    shown = page.frames[-1].find("weight", "L1", "kernel").values
    np.testing.assert_array_equal(shown, keras.ops.convert_to_numpy(model.layers[0].kernel))
    page.close()


def test_a_watched_loop_gives_the_same_model_bit_for_bit():
    x, y = rich_data()
    states = []
    for is_watched in (False, True):
        model = rich_net()
        loop = nv.watch(model, data=(x, y))
        page = Page(loop, edges="gradient") if is_watched else None
        with loop:
            for number in range(8):
                loss = model.train_on_batch(x, y)[0]
                if page:
                    page.sample = number
                    loop.step(loss=loss)
        states.append(state(model))
        if page:
            page.close()
    assert_same_state(*states)


def test_a_second_round_goes_on_counting_and_a_view_may_come_before():
    model = plane_net()
    view = nv.NetworkView(model, data=(X, Y))
    loop = nv.watch(view)
    assert loop.source is view.source
    for number in (1, 2):
        with loop:
            for loss in steps_of(model, 3):
                loop.step(loss=loss)
        assert loop.source.status.moment.step == 3 * number
    view.close()


@pytest.mark.parametrize("error", [ValueError("my own mistake"), KeyboardInterrupt()])
def test_an_error_within_goes_on_its_way_and_is_shown(error):
    loop = nv.watch(plane_net(), data=(X, Y))

    def run():
        with loop:
            loop.step(loss=1.0)
            raise error

    with pytest.raises(type(error)):
        run()
    status = loop.source.status
    assert (status.state, status.moment.step) == ("failed", 1)
    assert type(error).__name__ in status.problem.title
    with loop:
        loop.step(loss=0.5)
    assert (loop.source.status.state, loop.source.status.moment.step) == ("finished", 2)
    assert loop.source.status.problem is None


def test_stop_and_the_rate_reach_the_loop():
    model = plane_net()
    with nv.watch(model, data=(X, Y)) as loop:
        loop.source.post(SetHyperparameter("learning_rate", 0.125))
        for number, loss in enumerate(steps_of(model, 10_000)):
            loop.step(loss=loss)
            if number == 3:
                loop.source.post(Stop())
            if loop.is_stop_wanted:
                break
    assert loop.source.status.moment.step < 10_000
    assert float(model.optimizer.learning_rate) == 0.125


def test_a_step_outside_is_refused():
    loop = nv.watch(plane_net())
    with pytest.raises(TrainerStateError, match=r"Expected a step within the loop, got one outside\. Put it into"):
        loop.step(loss=1.0)


@pytest.mark.parametrize("source", ["text", nv.Run(), None])
def test_what_is_no_model_is_refused(source):
    with pytest.raises(ModelError, match="Expected a Keras model"):
        nv.watch(source)


def test_a_loop_that_nobody_reports_is_seen_when_it_rests():
    model = plane_net()
    page = Page(model, data=(X, Y))
    for _ in steps_of(model, 20):
        pass
    kernel = keras.ops.convert_to_numpy(model.layers[0].kernel)
    until(lambda: np.array_equal(page.frames[-1].find("weight", "L1", "kernel").values, kernel))
    page.close()


def test_a_copied_callback_is_one_of_the_same_view():
    model = plane_net()
    view = nv.NetworkView(model, data=(X, Y))
    callback = nv.LiveCallback(view)
    for one in (copy.deepcopy(callback), copy.copy(callback), copy.deepcopy([callback])[0]):
        model.fit(X, Y, batch_size=16, epochs=1, verbose=0, callbacks=[one])
    assert (view.source.status.state, view.source.status.moment.step) == ("finished", 12)
    view.close()
