"""The past is as alive as the present: a kept step answers what it was never asked, with the weights of then."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.lessons.networks import classifier

from ..limits import PATIENCE_S
from .models import plane, plane_net, rich_net, state
from .page import Page, until

STEPS = 12


def trained(model, data=None, **options):
    trainer = nv.Trainer(model, plane() if data is None else data, batch_size=16, **options)
    trainer.run_steps(STEPS // 2)
    trainer.wait(PATIENCE_S)
    kept = trainer.run.latest.step, [np.array(value) for value in model.get_weights()]
    trainer.run_steps(STEPS // 2)
    trainer.wait(PATIENCE_S)
    return trainer, *kept


def then(make, weights):
    """A twin of the model as it was."""
    twin = make()
    twin.set_weights(weights)
    return twin


def outputs(model, x, sample):
    """What each layer puts out for one sample, in inference mode."""
    taken, value = [], x[sample : sample + 1]
    for layer in model.layers:
        value = layer(value, training=False)
        taken.append(np.asarray(value)[0])
    return taken


def ids(trainer):
    return [trainer.graph.by_name(layer.name).id for layer in trainer.model.layers]


def rich():
    return rich_net()


def rich_data():
    x, y = plane()
    return x, y.astype("int32")


@pytest.mark.parametrize(("make", "data"), [(plane_net, plane), (rich, rich_data)], ids=["plain", "with statistics"])
def test_another_sample_of_a_kept_step_goes_through_the_weights_of_then(make, data):
    trainer, step, weights = trained(make(), data())
    before = state(trainer.model)
    page = Page(trainer)
    page.step = step
    page.sample = 7
    until(lambda: 7 in trainer.run.at(step).samples)
    snapshot = trainer.run.at(step)
    for layer, expected in zip(ids(trainer), outputs(then(make, weights), data()[0], 7), strict=True):
        measured = snapshot.tensors[TensorKey("activation", layer, sample=7)]
        np.testing.assert_allclose(measured, expected, rtol=1e-5, atol=1e-6)
    until(lambda: page.frames and page.frames[-1].header["sample"] == 7 and page.frames[-1].header["step"] == step)
    assert page.frames[-1].header["verdict"] is not None
    for ours, theirs in zip(state(trainer.model), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    page.close()


class Noisy(layers.Layer):
    """Draws numbers without a seed in training, for which a look has a thread of its own."""

    def call(self, x, training=None):
        return x + keras.random.uniform(keras.ops.shape(x)) if training else x


def noisy_net():
    keras.utils.set_random_seed(3)
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3, "tanh"), Noisy(), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    return model


@pytest.mark.parametrize("make", [plane_net, noisy_net])
def test_gradients_of_a_kept_step_are_those_of_then(make):
    trainer, step, weights = trained(make())
    page = Page(trainer)
    page.step = step
    assert not any(key.quantity == "gradient" for key in trainer.run.at(step).tensors)
    page.edges = "gradient"
    until(lambda: any(key.quantity == "gradient" for key in trainer.run.at(step).tensors))
    model, (x, y) = then(make, weights), plane()
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=False))
    expected = tape.gradient(loss, [variable.value for variable in model.trainable_variables])
    dense = [trainer.graph.by_name(layer.name).id for layer in trainer.model.layers if layer.weights]
    for layer, kernel, bias in zip(dense, expected[::2], expected[1::2], strict=True):
        for name, value in (("kernel", kernel), ("bias", bias)):
            key = TensorKey("gradient", layer, name)
            np.testing.assert_allclose(trainer.run.at(step).tensors[key], value, rtol=1e-4, atol=1e-7)
    page.close()


def test_what_is_asked_of_the_past_while_it_trains_changes_no_weight_and_is_answered():
    def train(page_of):
        trainer = nv.Trainer(rich_net(), rich_data(), batch_size=16, epochs=200)
        trainer.pace = "100 steps/s"  # it does not end before all is asked
        page = page_of(trainer)
        trainer.start()
        if page is not None:
            until(lambda: len(trainer.run.steps) > 2)
            for sample in range(1, 5):
                page.step = step = int(trainer.run.steps[-2])
                page.sample = sample
                page.edges = "gradient" if sample % 2 else "weight"
                until(lambda step=step, sample=sample: sample in trainer.run.at(step).samples)
            page.close()
        trainer.pace = None
        assert trainer.wait(PATIENCE_S) == "finished"
        return state(trainer.model)

    for ours, theirs in zip(train(Page), train(lambda _: None), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_unit_chosen_in_the_past_has_its_sums_of_then():
    trainer, step, weights = trained(plane_net())
    view = Page(trainer)
    view.step = step
    layer = trainer.graph.by_name(trainer.model.layers[0].name)
    view.selection = {"layer": layer.id, "unit": 2}
    key = TensorKey("z_batch", layer.id, "2")
    until(lambda: key in trainer.run.at(step).tensors)
    x, _ = plane()
    kernel, bias = weights[:2]
    np.testing.assert_allclose(trainer.run.at(step).tensors[key], x @ kernel[:, 2] + bias[2], rtol=1e-4, atol=1e-5)
    view.close()


def test_a_plain_fit_is_looked_back_at_as_well():
    model, (x, y) = plane_net(), plane()
    view = Page(model, data=(x, y))
    model.fit(x, y, batch_size=16, epochs=2, verbose=0, callbacks=[nv.LiveCallback(view)])
    step = int(view.source.run.steps[0])
    view.step = step
    view.sample = 5
    until(lambda: 5 in view.source.run.at(step).samples)
    view.close()


class Doubling(layers.Layer):
    """Code of a person's own, with a weight of its own."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, x):
        return 2.0 * self.scale * x


def own_net():
    keras.utils.set_random_seed(2)
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3, "tanh"), Doubling(), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    return model


def test_a_network_with_features_is_looked_back_at_as_well():
    def make():
        return classifier("features", [4], "tanh", features=("x₂", "x₁²", "sin x₁"))

    trainer, step, weights = trained(make())
    page = Page(trainer)
    page.step = step
    page.sample = 3
    until(lambda: 3 in trainer.run.at(step).samples)
    for layer, expected in zip(ids(trainer), outputs(then(make, weights), plane()[0], 3), strict=True):
        measured = trainer.run.at(step).tensors[TensorKey("activation", layer, sample=3)]
        np.testing.assert_allclose(measured, expected, rtol=1e-5, atol=1e-6)
    page.close()


def test_layers_of_ones_own_compute_with_their_weights_of_then():
    trainer, step, weights = trained(own_net())
    page = Page(trainer)
    page.step = step
    page.sample = 3
    until(lambda: 3 in trainer.run.at(step).samples)
    measured = trainer.run.at(step).tensors[TensorKey("activation", ids(trainer)[-1], sample=3)]
    np.testing.assert_allclose(measured, outputs(then(own_net, weights), plane()[0], 3)[-1], rtol=1e-5)
    page.close()


def test_weights_that_were_not_finite_are_not_computed_with():
    trainer, _, _ = trained(plane_net())
    trainer.model.layers[0].kernel.assign(np.full((2, 4), np.nan, np.float32))
    trainer.look()
    step = trainer.run.latest.step
    trainer.model.layers[0].kernel.assign(np.ones((2, 4), np.float32))
    trainer.run_steps(2)
    trainer.wait(PATIENCE_S)
    page = Page(trainer)
    page.step = step
    page.sample = 9
    until(lambda: page.ask("hello")["ok"])
    trainer.look()
    assert 9 not in trainer.run.at(step).samples
    page.close()


class Scaled(layers.Layer):
    """Computes with a number that is no weight, as one that a callback anneals."""

    def __init__(self):
        super().__init__()
        self.factor = 1.0

    def call(self, x):
        return self.factor * x


class Shifted(keras.Model):
    """Has a weight of its own beside its layers."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, "sigmoid")
        self.shift = self.add_weight(shape=(), initializer="zeros", name="shift")

    def call(self, x):
        return self.dense(x + self.shift)


def compiled(model):
    model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
    model(plane()[0])
    return model


def shifted_net():
    keras.utils.set_random_seed(2)
    return compiled(Shifted())


def test_a_weight_of_the_model_itself_is_that_of_then():
    trainer, step, weights = trained(shifted_net())
    assert weights[-1] != trainer.model.get_weights()[-1]
    page = Page(trainer)
    page.step = step
    page.sample = 7
    until(lambda: 7 in trainer.run.at(step).samples)
    twin, (x, _) = then(shifted_net, weights), plane()
    measured = trainer.run.at(step).tensors[TensorKey("activation", trainer.graph.outputs[0], sample=7)]
    np.testing.assert_allclose(measured, np.asarray(twin(x[7:8]))[0], rtol=1e-5)
    page.close()


def test_where_the_weights_of_then_do_not_tell_all_nothing_is_made_up():
    trainer, step, _ = trained(compiled(keras.Sequential([layers.Input((2,)), Scaled(), layers.Dense(1, "sigmoid")])))
    page = Page(trainer)
    page.step = step
    page.sample = 7
    trainer.look()
    assert 7 not in trainer.run.at(step).samples
    assert 7 in trainer.run.latest.samples
    page.close()


def test_after_a_reset_a_step_is_asked_anew_that_could_not_answer_before():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=16)

    def run():
        for steps in (4, 2):
            trainer.run_steps(steps)
            trainer.wait(PATIENCE_S)

    trainer.model.layers[0].kernel.assign(np.full((2, 4), np.nan, np.float32))
    run()
    page = Page(trainer)
    page.step, page.sample = 4, 9
    trainer.look()
    assert 9 not in trainer.run.at(4).samples
    trainer.reset()
    run()
    page.sample = 8
    page.sample = 9
    until(lambda: 9 in trainer.run.at(4).samples)
    page.close()
