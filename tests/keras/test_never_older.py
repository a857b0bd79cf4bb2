"""What is shown is never older than the model: at rest weights, layers and the compilation may change at any time."""

import threading
from time import monotonic, sleep

import keras
import numpy as np
import pytest
from keras import layers

from nnvis_widget import GradientFlow, LiveCallback, NetworkView, Trainer, WeightHeatmap
from nnvis_widget.core.snapshot import TensorKey
from nnvis_widget.keras_adapter.observer import REST_S
from tests.keras.models import plane, plane_net, state
from tests.keras.page import Page, until


@pytest.fixture
def page():
    page = Page(plane_net(), data=plane())
    until(lambda: page.frames)
    yield page
    page.close()


def kernel_on(page, layer="L1"):
    return page.frames[-1].find("weight", layer, "kernel").values


def output_on(page):
    frame = page.frames[-1]
    return frame.find("activation", page.graph["outputs"][0]).values


def shows_the_model(page):
    """Whether the newest frame has every kernel as it is now, and what the model gives for its sample."""
    frame, model = page.frames[-1], page.model
    kernels = {layer.name: layer.kernel for layer in model.layers if hasattr(layer, "kernel")}
    for layer in page.graph["layers"]:
        if layer["name"] in kernels:
            shown = frame.find("weight", layer["id"], "kernel")
            if shown is None or not np.array_equal(shown.values, keras.ops.convert_to_numpy(kernels[layer["name"]])):
                return False
    expected = model(page.source.scenery.inputs[0][:1])
    return np.allclose(output_on(page), keras.ops.convert_to_numpy(expected).ravel(), atol=1e-5)


def zero(model, _):
    model.set_weights([weight * 0 for weight in model.get_weights()])


def load(model, folder):
    path = folder / "kept.weights.h5"
    model.save_weights(path)
    zero(model, folder)
    model.load_weights(path)
    model.layers[0].bias.assign([1.0, 2.0, 3.0, 4.0])


def turn_one_sign(model, _):
    kernel = keras.ops.convert_to_numpy(model.layers[1].kernel).copy()
    kernel[2, 3] *= -1
    model.layers[1].kernel.assign(kernel)


def change_two_places(model, _):
    """Their sum stays what it was."""
    kernel = keras.ops.convert_to_numpy(model.layers[0].kernel).copy()
    model.layers[0].kernel.assign(kernel[:, ::-1])


def take_a_step(model, _):
    x, y = plane(16, seed=3)
    model.train_on_batch(x, y)


CHANGES = {"of a few places": (turn_one_sign, change_two_places), "of all": (take_a_step, load, zero)}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_weights_that_changed_at_rest_are_on_the_page(page, tmp_path, changes):
    generation = page.graph["generation"]
    for change in changes:
        for _ in range(2):  # the first may be seen by the look that the page asked for as it came
            change(page.model, tmp_path)
            until(lambda: shows_the_model(page))
    assert page.graph["generation"] == generation


def add(model):
    model.add(layers.Dense(3, name="added"))
    model.build((None, 2))


def pop(model):
    model.pop()


def compile_anew(model):
    model.compile(keras.optimizers.Adam(0.5), "mse")


def freeze(model):
    model.layers[1].trainable = False


def swap_activation(model):
    model.layers[0].activation = keras.activations.relu


@pytest.mark.parametrize("change", [add, pop, compile_anew, freeze, swap_activation])
def test_another_structure_is_on_the_page_with_a_new_generation(page, change):
    generation = page.graph["generation"]
    change(page.model)
    until(lambda: page.graph["generation"] > generation and shows_the_model(page))
    shown = page.graph["layers"]
    assert [layer["name"] for layer in shown if layer["role"] == "dense"] == [layer.name for layer in page.model.layers]
    trains = {layer["name"]: {one["is_trainable"] for one in layer["parameters"]} for layer in shown}
    assert all(trains[layer.name] == {layer.trainable} for layer in page.model.layers)
    until(lambda: page.frames[-1].header["optimizer"] == type(page.model.optimizer).__name__)


def test_the_rate_of_a_model_compiled_anew_is_on_the_page(page):
    compile_anew(page.model)
    until(lambda: page.source.run.latest.hyperparameters.get("learning_rate") == 0.5)


class Telling(keras.optimizers.SGD):
    """Acts once when its rate was read."""

    when_read = staticmethod(lambda: None)

    @property
    def learning_rate(self):
        rate, act, self.when_read = super().learning_rate, self.when_read, lambda: None
        act()
        return rate

    @learning_rate.setter
    def learning_rate(self, rate):
        keras.optimizers.Optimizer.learning_rate.fset(self, rate)


def test_a_model_compiled_anew_right_after_its_rate_was_read_has_its_new_rate():
    model = plane_net()
    model.compile(Telling(0.01), "binary_crossentropy")
    view = NetworkView(model, data=plane())
    model.optimizer.when_read = lambda: compile_anew(model)
    view.look()
    assert view.source.run.latest.hyperparameters["learning_rate"] == 0.5
    view.close()


def test_gradients_are_those_of_the_loss_compiled_last(page):
    page.edges = "gradient"
    until(lambda: page.frames[-1].find("gradient", "L1", "kernel") is not None)
    before = page.frames[-1].find("gradient", "L1", "kernel").values
    page.model.compile("sgd", lambda y_true, y_pred: 7 * keras.losses.binary_crossentropy(y_true, y_pred))
    until(lambda: not np.array_equal(page.frames[-1].find("gradient", "L1", "kernel").values, before))
    np.testing.assert_allclose(page.frames[-1].find("gradient", "L1", "kernel").values, 7 * before, rtol=1e-3)


def test_a_session_that_is_cleared_under_an_open_view_leaves_it_true(page):
    keras.backend.clear_session()
    zero(page.model, None)
    until(lambda: shows_the_model(page))
    assert page.source.status.problem is None


def test_the_best_weights_that_a_later_callback_puts_back_are_shown():
    x, y = plane()
    model = plane_net(learning_rate=3.0)
    page = Page(model, data=(x, y))
    best = keras.callbacks.EarlyStopping("loss", mode="max", patience=2, restore_best_weights=True)
    model.fit(x, y, epochs=8, verbose=0, callbacks=[LiveCallback(page), best])
    until(lambda: page.frames[-1].header["state"] == "finished" and shows_the_model(page))
    page.close()


def test_a_trainer_that_rests_shows_what_is_changed_by_hand():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    page = Page(trainer)
    trainer.run_steps(3)
    assert trainer.wait(60) == "paused"
    zero(trainer.model, None)
    until(lambda: not kernel_on(page).any())
    compile_anew(trainer.model)
    until(lambda: page.frames[-1].header["optimizer"] == "Adam")
    assert trainer.state == "paused"
    page.close()


def test_what_is_handed_out_without_a_page_is_not_older_than_the_model():
    model = plane_net()
    view = NetworkView(model, data=plane())
    panel = WeightHeatmap(view, layer=model.layers[0].name)
    zero(model, None)
    assert not panel.table()["value"].any()
    model.layers[0].kernel.assign(np.full((2, 4), 0.25))
    assert "+0.250" in view.describe()
    assert panel.table()["value"].tolist() == [0.25] * 8 + [0.0] * 4
    panel.close()
    view.close()


class Scaled(layers.Layer):
    scale = 1.0

    def call(self, x):
        return x * self.scale


def test_a_look_that_is_asked_for_sees_what_no_weight_tells():
    keras.utils.set_random_seed(1)
    scaled = Scaled()
    model = keras.Sequential([layers.Input((2,)), layers.Dense(3), scaled])
    x = plane()[0]
    view = NetworkView(model, data=x)
    for scale in (2.0, 3.0, 5.0):
        scaled.scale = scale
        view.look()
        shown = view.source.run.latest.tensors[TensorKey("activation", "L2", sample=0)]
        np.testing.assert_allclose(shown, model(x[:1]).numpy()[0], rtol=1e-5)
    view.close()


@pytest.fixture
def vigils():
    """The threads that look after a model of this test's: other tests' may not have ended."""
    before = set(threading.enumerate())
    return lambda: [t for t in threading.enumerate() if t.name == "nnvis-vigil" and t not in before]


def test_nobody_looks_after_a_model_that_no_page_shows(vigils):
    view = NetworkView(plane_net(), data=plane())
    assert not vigils()
    view.close()


def test_looking_after_ends_when_the_view_is_closed(vigils, page):
    until(vigils)
    page.close()
    until(lambda: not vigils())


@pytest.mark.parametrize("kind", ["model", "trainer"])
def test_weights_set_by_hand_never_give_a_snapshot_of_two_models(kind):
    """One thread sets all weights to one number after the other while another looks.

    At rest a look waits until nobody is at it. A training that runs takes its steps with weights that are half set too,
    so there a snapshot is of one moment: the first weights as they are set now, the others as they were before.
    """
    model = keras.Sequential([layers.Input((8,)), *(layers.Dense(8) for _ in range(12))])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    x = np.ones((16, 8), np.float32)
    source = model if kind == "model" else Trainer(model, (x, x), batch_size=16)
    page = Page(source, data=x if kind == "model" else None)
    if kind == "trainer":
        source.start()
    names = [TensorKey("weight", f"L{layer}", name) for layer in range(1, 13) for name in ("kernel", "bias")]
    seen, pauses, run = [], [], page.source.run
    run.subscribe(lambda _: seen.append(run.latest))
    for number in range(101):
        times = [monotonic()]
        for variable in model.weights:
            variable.assign(np.full(variable.shape, number / 128, np.float32))
            times.append(monotonic())
        pauses.append(max(np.diff(times)))
        page.sample = number % 16
        if number % 20 == 0:
            until(lambda number=number: run.latest.tensors[names[-1]][0] == number / 128)
    if kind == "trainer":
        source.stop()
    for snapshot in seen:
        shown = [np.unique(snapshot.tensors[name]) for name in names]
        assert all(len(one) == 1 for one in shown)
        numbers = 128 * np.concatenate(shown)
        assert (np.diff(numbers) <= 0).all()
        has_rested = pauses[int(numbers[0])] >= REST_S  # on a busy machine, in the middle of setting them
        assert numbers[0] - numbers[-1] <= (kind == "trainer" or has_rested)
    assert len(seen) > 3
    page.close()


def test_looking_at_rest_moves_nothing(page):
    model = page.model
    before = state(model)
    zero(model, None)
    until(lambda: shows_the_model(page))
    model.set_weights(before[: len(model.weights)])
    until(lambda: shows_the_model(page))
    assert all(np.array_equal(one, other) for one, other in zip(before, state(model), strict=True))


LOOKS = []


class Slow(layers.Layer):
    def call(self, x):
        LOOKS.append(1)
        sleep(0.2)
        return x


def slow_trainer():
    model = keras.Sequential([layers.Input((2,)), Slow(), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    return Trainer(model, plane())


def test_what_is_handed_out_waits_for_what_was_asked_for():
    panel = GradientFlow(slow_trainer())
    assert "not measured" not in panel.describe()
    panel.close()


def test_a_model_is_not_taken_for_another_one_while_a_long_look_goes_on():
    page = Page(slow_trainer())
    until(lambda: page.frames)
    page.look()
    count = len(LOOKS)
    sleep(1.5)  # somebody who looks after it has asked several times
    assert len(LOOKS) == count
    page.close()


class Changing(keras.Sequential):
    """Gets another last layer while somebody reads its layers, at the reading that is due."""

    due = -1

    @property
    def layers(self):
        self.due -= 1
        if self.due == 0:
            self.pop()
            self.pop()
            self.add(keras.layers.Dense(1, "sigmoid", name="other"))
        return super().layers


@pytest.mark.parametrize("reading", range(1, 13))
def test_a_model_that_changes_while_it_is_read_is_read_again_without_a_word(reading):
    model = Changing([keras.Input((2,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(3), keras.layers.Dense(2)])
    view = NetworkView(model, data=plane())
    model.add(keras.layers.Dense(2, name="newer"))
    model.due = reading
    view.look()
    model.due = -1
    view.look()

    assert view.source.status.problem is None
    assert [layer.name for layer in view.source.graph.layers][1:] == [layer.name for layer in model.layers]
