"""Of a model of more than 1 MB only what is on a screen is copied, recorded and sent; of the rest exact moments."""

import keras
import numpy as np
import pytest
from keras import layers

import nnvis_widget as nv
from nnvis_widget.core.snapshot import TensorKey
from tests.keras.models import assert_same_state, plane, plane_net, state, train_on_batches
from tests.keras.page import Page, until

INPUTS = 300


def net():
    keras.utils.set_random_seed(3)
    kinds = [layers.Dense(width, "tanh", name=f"d{width}") for width in (700, 300, 20)]
    model = keras.Sequential([layers.Input((INPUTS,)), *kinds, layers.Dense(4, "softmax", name="out")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def data():
    rng = np.random.default_rng(3)
    return rng.normal(size=(64, INPUTS)).astype(np.float32), rng.integers(0, 4, 64)


def held(snapshot, quantity="weight"):
    return {key.layer for key in snapshot.tensors if key.quantity == quantity}


def trained(trainer, steps=1):
    trainer.run_steps(steps)
    trainer.wait(60)
    return trainer.run.latest


@pytest.fixture
def watched():
    trainer = nv.Trainer(net(), data(), batch_size=16)
    page = Page(trainer)
    yield trainer, page
    page.close()


def test_a_snapshot_holds_the_layers_on_the_screen_and_moments_of_all(watched):
    trainer, page = watched
    assert page.ask("watch", layers=["L3", "L4"])["ok"]
    snapshot = trained(trainer)
    assert held(snapshot) == {"L3", "L4"}
    assert held(snapshot, "activation") == {"L2", "L3", "L4"}, "also what flows into them"
    assert snapshot.byte_count < 50_000
    for layer in trainer.model.layers:
        for weight in layer.weights:
            key = TensorKey("moments", trainer.graph.by_name(layer.name).id, f"weight {weight.name}")
            size, zeros, nans, infinities, mean, deviation, low, high = snapshot.tensors[key]
            values = np.asarray(weight, np.float64)
            assert (size, zeros, nans, infinities) == (values.size, (values == 0).sum(), 0, 0)
            np.testing.assert_allclose([mean, deviation], [values.mean(), values.std()], rtol=1e-9, atol=1e-12)
            assert (low, high) == (values.min(), values.max())


def test_a_frame_holds_the_layers_on_the_screen(watched):
    trainer, page = watched
    page.ask("watch", layers=["L4"])
    trained(trainer)
    until(lambda: page.frames[-1].header["step"] == 1)
    kernels = {section.layer for section in page.frames[-1].sections if section.name == "kernel"}
    assert kernels == {"L4"}
    np.testing.assert_array_equal(page.frames[-1].find("weight", "L4", "kernel").values, trainer.model.get_weights()[6])


def test_a_layer_that_nobody_looked_at_is_told_as_not_recorded_and_is_there_from_then_on(watched):
    trainer, page = watched
    page.ask("watch", layers=["L4"])
    trained(trainer)
    trained(trainer)
    page.ask("watch", layers=["L1", "L4"])
    until(lambda: held(trainer.run.latest) == {"L1", "L4"})  # step 2 is looked at again
    assert held(trained(trainer)) == {"L1", "L4"}
    assert "not recorded" not in page.describe()
    page.step = 1
    assert "1 of the layers here was not recorded at this step." in page.describe()
    page.step = 2
    assert "not recorded" not in page.describe()


def test_the_links_of_a_chosen_unit_are_there_though_its_neighbours_are_not(watched):
    trainer, page = watched
    page.ask("watch", layers=["L2"])
    page.selection = {"layer": "L2", "unit": 7}
    snapshot = trained(trainer)
    assert held(snapshot) == {"L2"}
    until(lambda: page.frames[-1].header["step"] == 1)
    frame, kernels = page.frames[-1], trainer.model.get_weights()[::2]
    np.testing.assert_array_equal(frame.find("incoming", "L2", "weight").values, kernels[1][:, 7])
    np.testing.assert_array_equal(frame.find("outgoing", "L3", "weight").values, kernels[2][7])


def test_a_nan_out_of_sight_is_the_first_bad_tensor(watched):
    trainer, page = watched
    page.ask("watch", layers=["L4"])
    bias = np.zeros(300, np.float32)
    bias[5] = np.nan
    trainer.model.get_layer("d300").bias.assign(bias)
    page.ask("watch", layers=["L3"])
    until(lambda: trainer.status.first_bad is not None)
    assert trainer.status.first_bad.what == "d300/bias"


@pytest.mark.parametrize("layers_told", [["L9"], ["nowhere"], ["L1", "__class__"]])
def test_a_page_may_name_layers_of_the_network_only(watched, layers_told):
    answer = watched[1].ask("watch", layers=layers_told)
    assert not answer["ok"]
    assert "ids of the shown layers" in answer["reason"]


def test_nobody_looking_costs_moments_only():
    trainer = nv.Trainer(net(), data(), batch_size=16)
    assert {key.quantity for key in trained(trainer).tensors} == {"moments"}


def test_a_panel_has_the_weights_of_its_own_layer():
    trainer = nv.Trainer(net(), data(), batch_size=16)
    panel = nv.WeightHistogram(trainer, layer="d20")
    assert held(trained(trainer)) == {"L3"}
    kernel = trainer.model.get_layer("d20").get_weights()[0]
    assert panel.counts()["count"].sum() == kernel.size
    panel.close()


def test_the_norms_of_gradients_are_those_of_the_whole_gradients():
    trainer = nv.Trainer(net(), data(), batch_size=16)
    panel = nv.GradientFlow(trainer)
    view = Page(trainer, edges="gradient")
    snapshot = trained(trainer)
    table = panel.table().set_index(["step", "layer"])["gradient_norm"]
    for layer in trainer.model.layers:
        layer_id = trainer.graph.by_name(layer.name).id
        squares = sum(
            float(np.square(tensor.astype(np.float64)).sum())
            for key, tensor in snapshot.tensors.items()
            if key.quantity == "gradient" and key.layer == layer_id
        )
        assert table[1, layer.name] == pytest.approx(np.sqrt(squares), rel=1e-6)
    panel.close()
    view.close()


def test_training_is_bit_equal_while_the_screen_moves():
    expected = train_on_batches(net(), data(), batch_size=16, epochs=4)
    trainer = nv.Trainer(net(), data(), batch_size=16, epochs=4)
    page = Page(trainer, edges="gradient")
    trainer.start()
    for layer in ("L1", "L2", "L3", "L4") * 3:
        page.ask("watch", layers=[layer])
    assert trainer.wait(60) == "finished"
    assert_same_state(state(trainer.model), expected)
    page.close()


def test_a_small_model_is_recorded_whole_whatever_is_on_the_screen():
    trainer = nv.Trainer(plane_net(), plane(), batch_size=16)
    page = Page(trainer)
    before = trained(trainer)
    page.ask("watch", layers=["L1"])
    after = trained(trainer)
    assert after.tensors.keys() == before.tensors.keys()
    assert held(after) == {"L1", "L2", "L3"}
    page.close()
