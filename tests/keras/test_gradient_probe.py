"""Are gradients those of the compiled loss, and does measuring them change nothing?"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from nnvis_widget import NetworkView, Trainer
from nnvis_widget.core.command import Watch
from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.core.want import Want
from nnvis_widget.keras_adapter.probes.probe_batch import PROBE_BATCH
from nnvis_widget.keras_adapter.read_graph import read_graph
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from tests.keras.page import Page
from tests.keras.probing import Probing


def measure(model, x, y):
    return Probing(model, Scenery((x,), y)).measure(Want("gradient"))


def loss_of(model, x, y):
    return float(model.compute_loss(x=x, y=y, y_pred=model(x, training=False), training=False))


def finite_difference(model, variable, index, x, y, width=1e-2):
    value = np.array(variable)
    losses = []
    for sign in (1, -1):
        moved = value.copy()
        moved[index] += sign * width
        variable.assign(moved)
        losses.append(loss_of(model, x, y))
    variable.assign(value)
    return (losses[0] - losses[1]) / (2 * width)


@pytest.mark.parametrize("adding", [{}, {"kernel_regularizer": "l2"}, {"activity_regularizer": "l2"}])
def test_gradients_equal_finite_differences_of_the_compiled_loss(adding):
    keras.utils.set_random_seed(4)
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3, "tanh", **adding), layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    x, y = plane(40)
    y = y[:, None]
    graph = read_graph(model).folded()
    gradients = measure(model, x, y)
    for layer in model.layers:
        for variable in layer.weights:
            measured = gradients[TensorKey("gradient", graph.by_name(layer.name).id, variable.name)]
            assert measured.shape == tuple(variable.shape)
            for index in np.ndindex(measured.shape):
                expected = finite_difference(model, variable, index, x, y)
                assert measured[index] == pytest.approx(expected, rel=0.02, abs=2e-4)


def test_gradients_are_those_of_inference_mode():
    keras.utils.set_random_seed(4)
    normal = layers.BatchNormalization()
    parts = [layers.Dense(3, "tanh"), normal, layers.Dropout(0.5, seed=1), layers.GaussianNoise(1.0, seed=2)]
    model = keras.Sequential([layers.Input((2,)), *parts, layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    normal.moving_mean.assign([0.5, -0.5, 1.0])
    normal.moving_variance.assign([4.0, 0.25, 2.0])
    x, y = plane(40)
    y = y[:, None]
    graph, gradients = read_graph(model).folded(), measure(model, x, y)
    for layer in (model.layers[0], normal, model.layers[-1]):
        for variable in layer.trainable_weights:
            measured = gradients[TensorKey("gradient", graph.by_name(layer.name).id, variable.name)]
            index = (0,) * measured.ndim
            expected = finite_difference(model, variable, index, x, y)
            assert measured[index] == pytest.approx(expected, rel=0.02, abs=2e-4)


def test_the_probe_batch_is_the_first_samples():
    x, y = plane(PROBE_BATCH + 50)
    model = plane_net()
    whole, part = measure(model, x, y), measure(model, x[:PROBE_BATCH], y[:PROBE_BATCH])
    assert_same_state(list(whole.values()), list(part.values()))


def stream(x, y, weights=None):
    return tf.data.Dataset.from_tensor_slices((x, y) if weights is None else (x, y, weights)).batch(20)


COUNTS = {0: 0.5, 1: 4.0}
WEIGHED = {
    "within the data of a view": lambda model, x, y, w: NetworkView(model, data=(x, y, w)),
    "within a stream": lambda model, x, y, w: NetworkView(model, data=stream(x, y, w)),
    "within the data of a trainer": lambda model, x, y, w: NetworkView(Trainer(model, (x, y, w))),
    "an argument": lambda model, x, y, w: NetworkView(Trainer(model, (x, y), sample_weight=w)),
    "within a trainer's stream": lambda model, x, y, w: NetworkView(stepped(Trainer(model, stream(x, y, w)))),
    "class weights": lambda model, x, y, w: NetworkView(Trainer(model, (x, y), class_weight=COUNTS)),
    "class weights of a stream": lambda model, x, y, w: NetworkView(
        stepped(Trainer(model, stream(x, y), class_weight=COUNTS))
    ),
}


def stepped(trainer):
    trainer.run_steps(1)
    assert trainer.wait(60) == "paused"
    return trainer


@pytest.mark.parametrize("kind", WEIGHED)
def test_a_sample_counts_as_much_as_in_the_loss(kind):
    model = plane_net()
    x, y = plane(20)
    y = y.reshape(-1, 1)
    weights = np.where(y[:, 0] == 1, COUNTS[1], COUNTS[0]).astype(np.float32)
    view = WEIGHED[kind](model, x, y, weights)
    view.edges = "gradient"
    view.look()
    (first, *_), graph = model.layers, view.source.graph
    with tf.GradientTape() as tape:
        p = model(x, training=False)[:, 0]
        losses = -y[:, 0] * tf.math.log(p) - (1 - y[:, 0]) * tf.math.log(1 - p)
        loss = tf.reduce_mean(weights * losses)
    right = tape.gradient(loss, first.kernel.value)
    shown = view.source.run.latest.tensors[TensorKey("gradient", graph.by_name(first.name).id, "kernel")]
    np.testing.assert_allclose(shown, right, rtol=1e-4, atol=1e-6)
    view.close()


def test_frozen_variables_have_no_gradient():
    model = plane_net()
    model.layers[0].trainable = False
    graph = read_graph(model).folded()
    layers_with_gradient = {key.layer for key in measure(model, *plane())}
    assert graph.by_name(model.layers[0].name).id not in layers_with_gradient
    assert graph.by_name(model.layers[1].name).id in layers_with_gradient


def test_measuring_before_and_between_steps_leaves_everything_as_it_was():
    model = rich_net()
    x, y = rich_data()
    before = state(model)
    measure(model, x, y)
    assert_same_state(state(model), before)
    model.train_on_batch(x[:16], y[:16])
    metrics = model.get_metrics_result()
    before = state(model)
    measure(model, x, y)
    assert_same_state(state(model), before)
    assert model.get_metrics_result() == metrics


def test_the_metrics_of_an_epoch_are_the_same_while_gradients_are_watched():
    histories = []
    trainer = Trainer(rich_net(), rich_data(), batch_size=4, epochs=6, validation_data=rich_data(20, seed=1))
    for edges in ("weight", "gradient"):
        trainer.reset()
        page = Page(trainer, edges=edges, rate_hz=14.0)
        trainer.start()
        assert trainer.wait(60) == "finished", trainer.status.problem
        histories.append(trainer.history)
        page.close()
    assert histories[0] == histories[1]


def test_gradients_appear_in_the_run_once_somebody_watches_them_and_no_longer_after():
    trainer = Trainer(plane_net(), plane(), batch_size=16)

    def quantities():
        return {key.quantity for key in trainer.run.latest.tensors}

    assert "gradient" not in quantities()
    page = Page(trainer, edges="gradient")
    trainer.run_steps(1)
    trainer.wait(60)
    assert "gradient" in quantities()
    page.close()
    trainer.run_steps(1)
    trainer.wait(60)
    assert "gradient" not in quantities()


def test_only_what_is_watched_is_measured():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    trainer.post(Watch("v", frozenset({Want("activation", sample=3)})))
    trainer.post(Watch("w", frozenset({Want("activation", sample=5)})))
    trainer.run_steps(1)
    trainer.wait(60)
    tensors = trainer.run.latest.tensors
    assert {key.quantity for key in tensors} == {"weight", "activation", "z", "probe_loss"}
    assert {key.sample for key in tensors if key.quantity == "activation"} == {3, 5}
    assert trainer.run.latest.samples == (3, 5)


def test_models_of_other_inputs_have_no_fields():
    model = keras.Sequential([layers.Input((3,)), layers.Dense(1)])
    model.compile("adam", "mse")
    trainer = Trainer(model, (np.zeros((8, 3), np.float32), np.zeros((8, 1), np.float32)))
    assert {key.quantity for key in trainer.run.latest.tensors} == {"weight", "activation", "probe_loss"}


def test_weights_in_a_snapshot_are_copies_of_the_moment():
    model = plane_net()
    trainer = Trainer(model, plane(), batch_size=16)
    first = trainer.run.latest
    kernel = TensorKey("weight", trainer.graph.by_name(model.layers[0].name).id, "kernel")
    before = model.layers[0].get_weights()[0]
    trainer.run_steps(4)
    trainer.wait(60)
    np.testing.assert_array_equal(first.tensors[kernel], before)
    np.testing.assert_array_equal(trainer.run.latest.tensors[kernel], model.layers[0].get_weights()[0])
