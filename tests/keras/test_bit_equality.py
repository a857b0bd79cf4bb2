"""Is the model the very same, bit for bit, as one that Keras' own `train_on_batch` trained on the same batches?"""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from nnvis_widget import Trainer
from nnvis_widget.keras_adapter.loops.feed import ArrayFeed
from tests.keras.models import (
    assert_same_state,
    plane,
    plane_net,
    rich_data,
    rich_net,
    state,
    train_on_batches,
    two_input_data,
    two_input_net,
)
from tests.keras.page import Page


@cache
def rich_reference():
    return train_on_batches(rich_net(), rich_data(50))


def train(model, data, edges=None, epochs=3, batch_size=16, **options):
    trainer = Trainer(model, data, batch_size=batch_size, epochs=epochs, **options)
    page = None if edges is None else Page(trainer, edges=edges, rate_hz=14.0)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    if page is not None:
        assert page.frames
        page.close()
    return state(model)


def assert_same_watched_or_not(model, data, reference, epochs=3):
    """One trainer, reset between, so that it is compiled once."""
    trainer = Trainer(model, data, batch_size=16, epochs=epochs)
    for edges in (None, "weight", "gradient"):
        page = None if edges is None else Page(trainer, edges=edges, rate_hz=14.0)
        trainer.start()
        assert trainer.wait(60) == "finished", (edges, trainer.status.problem)
        if page is not None:
            assert page.frames, edges
            page.close()
        assert_same_state(state(model), reference, f"watched for {edges}")
        trainer.reset()


def test_a_plain_net_trained_in_blocks_is_bit_equal_watched_or_not():
    assert_same_watched_or_not(plane_net(), plane(), train_on_batches(plane_net(), plane()))


def test_dropout_batch_statistics_adam_and_an_uneven_last_batch_are_bit_equal():
    assert_same_watched_or_not(rich_net(), rich_data(50), rich_reference())


def test_several_inputs_are_bit_equal_while_watched():
    reference = train_on_batches(two_input_net(), two_input_data())
    assert_same_state(train(two_input_net(), two_input_data(), "gradient"), reference)


class Counted(keras.Model):
    """Built by its data only; counts its calls in a variable, and goes by it."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, "softmax")
        self.calls = self.add_weight(shape=(), initializer="ones", trainable=False)

    def call(self, inputs):
        self.calls.assign_add(1.0)
        return self.dense(inputs / self.calls)


@pytest.mark.parametrize("container", ["arrays", "dataset"])
def test_building_a_model_for_its_data_moves_nothing_in_it(container):
    def net():
        keras.utils.set_random_seed(4)
        model = Counted()
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    x, y = rich_data()
    data = (x, y) if container == "arrays" else tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
    reference = net()
    reference.fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0)
    assert_same_state(train(net(), data, **({"shuffle": False} if container == "arrays" else {})), state(reference))


@pytest.mark.parametrize("compiling", [{"run_eagerly": True}, {}])
def test_a_metric_that_is_no_mean_is_that_of_the_epoch_as_in_fit(compiling):
    def net():
        model = plane_net()
        model.compile("sgd", "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")], **compiling)
        return model

    x, y = plane()
    told = net().fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0).history
    trainer = Trainer(net(), (x, y), batch_size=16, epochs=3, shuffle=False)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert trainer.history == {name: pytest.approx(values) for name, values in told.items()}


def classes_net(loss="sparse_categorical_crossentropy"):
    """What an order or a weight of samples moves: one layer, quick to trace."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3, "softmax")])
    model.compile("sgd", loss, metrics=["accuracy"])
    return model


def test_the_given_order_is_kept_without_shuffling():
    reference = train_on_batches(classes_net(), rich_data(), shuffle=False)
    assert_same_state(train(classes_net(), rich_data(), shuffle=False), reference)


def test_each_epoch_has_an_order_of_its_own_with_every_sample_in_it():
    feed, orders = ArrayFeed(*plane(50), None, batch_size=50, shuffle=True, seed=0), []
    for epoch in (0, 1, 2):
        feed.start_epoch(epoch)
        orders.append(tuple(feed.take(1)[0].tolist()))
    assert {tuple(sorted(order)) for order in orders} == {tuple(range(50))}
    assert len({tuple(range(50)), *orders}) == 4


def test_another_seed_gives_another_order():
    one, other = (train(classes_net(), rich_data(), seed=seed, epochs=1) for seed in (1, 2))
    assert any((left != right).any() for left, right in zip(one, other, strict=True))


def test_sample_weights_in_the_data_and_as_an_argument_are_bit_equal():
    x, y = rich_data()
    weight = np.linspace(0, 2, len(x)).astype(np.float32)
    reference = train_on_batches(classes_net(), (x, y, weight))
    assert_same_state(train(classes_net(), (x, y, weight)), reference)
    assert_same_state(train(classes_net(), (x, y), sample_weight=weight), reference)


CLASS_WEIGHT = {0: 0.5, 2: 3.0}


@pytest.mark.parametrize("form", ["column", "one_hot"])
def test_class_weights_act_as_in_train_on_batch(form):
    x, y = rich_data()
    y = {"column": y[:, None], "one_hot": np.eye(3, dtype=np.float32)[y]}[form]

    def net():
        return classes_net("categorical_crossentropy") if form == "one_hot" else classes_net()

    reference = train_on_batches(net(), (x, y), class_weight=CLASS_WEIGHT)
    assert_same_state(train(net(), (x, y), class_weight=CLASS_WEIGHT), reference)


def test_a_tensorflow_dataset_is_bit_equal_while_watched():
    reference = train_on_batches(rich_net(), rich_data(), shuffle=False)
    stream = tf.data.Dataset.from_tensor_slices(rich_data()).batch(16)
    assert_same_state(train(rich_net(), stream, "weight"), reference)


@pytest.mark.parametrize("form", ["indices", "one_hot"])
def test_class_weights_of_a_tensorflow_dataset_act_as_in_train_on_batch(form):
    x, y = rich_data()
    y = y if form == "indices" else np.eye(3, dtype=np.float32)[y]

    def net():
        return classes_net("categorical_crossentropy") if form == "one_hot" else classes_net()

    reference = train_on_batches(net(), (x, y), shuffle=False, class_weight=CLASS_WEIGHT)
    stream = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
    assert_same_state(train(net(), stream, class_weight=CLASS_WEIGHT), reference)


def test_a_tensorflow_dataset_with_sample_weights_is_bit_equal():
    x, y = rich_data()
    weight = np.linspace(0, 2, len(x)).astype(np.float32)
    reference = train_on_batches(classes_net(), (x, y, weight), shuffle=False)
    stream = tf.data.Dataset.from_tensor_slices((x, y, weight)).batch(16)
    assert_same_state(train(classes_net(), stream), reference)


class Halving(keras.Model):
    """A train_step of its own: plain gradient descent by hand on half the loss."""

    def train_step(self, data):
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = 0.5 * self.compute_loss(x=x, y=y, y_pred=self(x, training=True), sample_weight=sample_weight)
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss, "half": loss / 2}


def custom_net():
    keras.utils.set_random_seed(1)
    x = layers.Input((2,))
    model = Halving(x, layers.Dense(1, "sigmoid")(layers.Dense(4, "relu")(x)))
    model.compile("adam", "binary_crossentropy")
    return model


def test_a_custom_train_step_is_bit_equal_and_its_logs_are_recorded():
    reference = train_on_batches(custom_net(), plane())
    model = custom_net()
    trainer = Trainer(model, plane(), batch_size=16, epochs=3)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert_same_state(state(model), reference)
    np.testing.assert_allclose(trainer.run.scalars("half")[1], trainer.run.scalars("loss")[1] / 2)


def halving_net(**compiling):
    keras.utils.set_random_seed(1)
    x = layers.Input((2,))
    model = Halving(x, layers.Dense(1, "sigmoid")(layers.Dense(4, "relu")(x)))
    model.compile(keras.optimizers.Adam(0.01, use_ema=True), "binary_crossentropy", **compiling)
    return model


def two_outputs(**compiling):
    keras.utils.set_random_seed(1)
    x = layers.Input((2,))
    model = keras.Model(x, {"v": layers.Dense(1)(x), "b": layers.Dense(2)(x)})
    model.compile("sgd", {"v": "mse", "b": "mae"}, metrics={"v": ["mae"], "b": ["mse"]}, **compiling)
    return model


COMPILED, EAGER, SEVERAL = {}, {"run_eagerly": True}, {"steps_per_execution": 2}


@pytest.mark.parametrize(
    ("net", "container", "compiling"),
    [
        pytest.param(halving_net, "arrays", COMPILED, id="own step, arrays, compiled"),
        pytest.param(halving_net, "dataset", EAGER, id="own step, dataset, eager"),
        pytest.param(halving_net, "generator", SEVERAL, id="own step, generator, several"),
        pytest.param(two_outputs, "arrays", SEVERAL, id="two outputs, arrays, several"),
        pytest.param(two_outputs, "dataset", COMPILED, id="two outputs, dataset, compiled"),
        pytest.param(two_outputs, "generator", EAGER, id="two outputs, generator, eager"),
    ],
)
def test_every_step_is_one_of_fit_from_the_first(net, container, compiling):
    # Averages that are put in at the end of a training; losses of several outputs, which Keras weighs as it compiles.
    x, y = plane(40)
    y = y.reshape(-1, 1).astype("float32")
    if net is two_outputs:
        y = {"v": y, "b": np.concatenate([x[:, :1], y], axis=1)}

    def batches():
        while True:
            for start in range(0, 40, 16):
                yield keras.tree.map_structure(lambda array, at=start: array[at : at + 16], (x, y))

    def data():
        if container == "arrays":
            return (x, y), {"batch_size": 16, "shuffle": False}
        if container == "generator":
            return batches(), {"steps_per_epoch": 4, "shuffle": False}
        return tf.data.Dataset.from_tensor_slices((x, y)).batch(16), {"shuffle": False}

    reference, (given, options) = net(**compiling), data()
    told = reference.fit(*(given if container == "arrays" else (given,)), epochs=2, verbose=0, **options).history
    model, (given, options) = net(**compiling), data()
    trainer = Trainer(model, given, epochs=2, **options)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    for ours, theirs in zip(state(model), state(reference), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    assert set(trainer.history) == set(told)
    for name, values in told.items():
        np.testing.assert_allclose(trainer.history[name], values, rtol=1e-5, err_msg=name)


def test_a_model_that_runs_eagerly_is_bit_equal():
    reference = train_on_batches(rich_net(run_eagerly=True), rich_data(), epochs=1)
    assert_same_state(train(rich_net(run_eagerly=True), rich_data(), "weight", epochs=1), reference)


def test_a_model_compiled_for_several_steps_per_execution_is_bit_equal():
    assert_same_state(train(rich_net(steps_per_execution=4), rich_data()), rich_reference())


class Sampling(layers.Layer):
    """Draws in every call, as the sampling of a variational autoencoder does."""

    def __init__(self):
        super().__init__()
        self.seed_generator = keras.random.SeedGenerator(5)

    def call(self, x):
        return x + keras.random.normal(keras.ops.shape(x), seed=self.seed_generator)


def sampling_net():
    keras.utils.set_random_seed(1)
    x = layers.Input((2,))
    model = keras.Model(x, layers.Dense(1, "sigmoid")(Sampling()(layers.Dense(4, "relu")(x))))
    model.compile("adam", "binary_crossentropy")
    return model


def test_a_layer_that_draws_in_every_call_draws_the_same_while_watched():
    reference = train_on_batches(sampling_net(), plane(), epochs=2)
    assert_same_watched_or_not(sampling_net(), plane(), reference, epochs=2)
