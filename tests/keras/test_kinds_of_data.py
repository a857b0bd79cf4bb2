"""Whatever people hold data in: is it trained on as Keras would?"""

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers

from nnvis_widget import Trainer, datasets
from tests.keras.models import (
    assert_same_state,
    plane,
    plane_net,
    state,
    train_on_batches,
    two_input_data,
    two_input_net,
)
from tests.keras.page import Page

X, Y = plane(48)


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        rows = slice(16 * index, 16 * index + 16)
        return X[rows], Y[rows]


def generator():
    for _ in range(2):
        for index in range(3):
            yield X[16 * index : 16 * index + 16], Y[16 * index : 16 * index + 16]


FORMS = {
    "arrays": lambda: (X, Y),
    "column": lambda: (X, Y[:, None]),
    "float64": lambda: (X.astype(np.float64), Y.astype(np.float64)),
    "integers": lambda: (X, Y.astype(np.int64)),
    "lists": lambda: (X.tolist(), Y.tolist()),
    "pandas": lambda: (pd.DataFrame(X, columns=["east", "north"]), pd.Series(Y, index=np.arange(48)[::-1])),
    "list of batches": lambda: [(X[i : i + 16], Y[i : i + 16]) for i in (0, 16, 32)],
    "PyDataset": Batches,
}


@pytest.fixture(scope="module")
def reference():
    return train_on_batches(plane_net(), (X, Y), epochs=2, shuffle=False)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_same_data_trains_the_same_model(reference, form):
    trainer = Trainer(plane_net(), FORMS[form](), batch_size=16, epochs=2, shuffle=False)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    for ours, theirs in zip(state(trainer.model), reference, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    assert (trainer.step, trainer.epoch) == (6, 2)


def test_a_generator_is_cut_into_epochs(reference):
    trainer = Trainer(plane_net(), generator(), epochs=2, steps_per_epoch=3)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert_same_state(state(trainer.model), reference)


def test_the_names_of_the_columns_are_known():
    trainer = Trainer(plane_net(), FORMS["pandas"]())
    assert trainer.scenery.feature_names == ("east", "north")


def test_inputs_by_name_train_like_inputs_by_place():
    (left, right), y = two_input_data()
    expected = train_on_batches(two_input_net(), ([left, right], y))
    trainer = Trainer(two_input_net(), ({"right": right, "left": left}, y), batch_size=16, epochs=3)
    page = Page(trainer)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert_same_state(state(trainer.model), expected)
    page.close()


def test_inputs_by_name_are_shown_at_their_own_input():
    (left, right), y = two_input_data()
    trainer = Trainer(two_input_net(), ({"right": right, "left": left}, y))
    for name, values in (("left", left), ("right", right)):
        layer = trainer.graph.by_name(name).id
        measured = [t for key, t in trainer.run.latest.tensors.items() if key[:2] == ("activation", layer)]
        np.testing.assert_array_equal(measured, [values[0]])


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.Sequential([layers.Dense(3, "relu"), layers.Dense(1)]),
        lambda: Stacked(),
    ],
    ids=["sequential", "subclassed"],
)
def test_an_unbuilt_model_is_built_from_the_data(make):
    model = make()
    model.compile("adam", "mse")
    trainer = Trainer(model, (X, Y[:, None]))
    assert model.built
    assert trainer.graph.parameter_count == model.count_params() == 3 * 3 + 4
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem


class Stacked(keras.Model):
    def __init__(self):
        super().__init__()
        self.one, self.two = layers.Dense(3), layers.Dense(1)

    def call(self, x):
        return self.two(self.one(x))


def test_a_layer_without_weights_trains_along():
    model = keras.Sequential([layers.Input((2,)), layers.Activation("tanh"), layers.Dense(1)])
    model.compile("adam", "mse")
    trainer = Trainer(model, (X, Y))
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem


def test_weights_that_are_nan_are_shown_and_trained_on():
    model = plane_net()
    model.set_weights([np.full_like(w, np.nan) for w in model.get_weights()])
    trainer = Trainer(model, (X, Y))
    page = Page(trainer)
    trainer.run_steps(2)
    assert trainer.wait(60) == "paused", trainer.status.problem
    assert page.get_state()["frame"][:4] == b"NNVF"
    assert trainer.status.problem is None
    page.close()


def test_a_dataset_of_ours_brings_its_names_and_its_validation_part():
    data = datasets.moons(n=40)
    trainer = Trainer(plane_net(), data, epochs=1)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    assert trainer.scenery.task.kind == "one_of_two"
    assert len(trainer.history["val_loss"]) == 1
    assert trainer.scenery.validation_inputs[0] is data.validation_inputs
