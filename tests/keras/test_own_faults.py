"""An error of ours, wherever it is: the training goes on bit-equal, it is told once, and a badge says so."""

import warnings
from functools import cache

import keras
import numpy as np
import pytest

from nnvis_widget import LiveCallback, NetworkView, Trainer
from nnvis_widget.diagnosis.rules.finite import Soundness
from nnvis_widget.keras_adapter import observer as observing
from nnvis_widget.keras_adapter import read_model as reading
from nnvis_widget.run.run import Run
from tests.keras.models import assert_same_state, plane, plane_net, state


def broken(*_, **__):
    raise OSError("a fault of ours")


class OnceTrained(keras.callbacks.Callback):
    """Breaks something of ours after the second batch."""

    def __init__(self, monkeypatch, owner, name):
        super().__init__()
        self.patch = lambda: monkeypatch.setattr(owner, name, broken)

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1:
            self.patch()


PLACES = {
    "append": (Run, "append"),
    "record_scalars": (Run, "record_scalars"),
    "record_hyperparameters": (Run, "is_changed"),
    "soundness": (Soundness, "look_at"),
    "soundness of metrics": (Soundness, "look_at_scalars"),
    "weighing": (observing, "in_own_pages"),
    "structure": (observing, "Structure"),
    "samples": (observing, "samples_of"),
}


def trained(train, callbacks=()):
    model = plane_net(run_eagerly=True)  # who watches steps that are taken one by one is the same
    told = train(model, list(callbacks))
    return state(model), told


def by_fit(model, callbacks):
    view = NetworkView(model, data=plane())
    model.fit(*plane(), batch_size=16, epochs=3, shuffle=False, verbose=0, callbacks=[*callbacks, LiveCallback(view)])
    status = view.source.status
    view.close()
    return status


def by_trainer(model, callbacks):
    trainer = Trainer(model, plane(), batch_size=16, epochs=3, shuffle=False, callbacks=callbacks)
    trainer.start()
    assert trainer.wait(60) == "finished", trainer.status.problem
    return trainer.status


@cache
def without_a_fault(train):
    return trained(train)


@pytest.mark.parametrize("train", [by_fit, by_trainer])
@pytest.mark.parametrize("place", PLACES)
def test_the_training_goes_on_bit_equal_and_it_is_told_once(monkeypatch, place, train):
    expected, status = without_a_fault(train)
    assert status.problem is None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        got, status = trained(train, [OnceTrained(monkeypatch, *PLACES[place])])
    assert_same_state(got, expected)
    assert status.state == "finished"
    assert "a fault of ours" in status.problem.title
    assert "Traceback" in status.problem.text
    assert len([one for one in told if "a fault of ours" in str(one.message)]) == 1


def test_a_graph_that_cannot_be_read_when_the_model_is_built_stops_no_start(monkeypatch):
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = plane()
    trainer = Trainer(model, [(x[:16], y[:16]), (x[16:32], y[16:32])], epochs=2)
    monkeypatch.setattr(reading, "read_structure", broken)

    def train():
        trainer.start()
        trainer.wait(60)

    with pytest.warns(RuntimeWarning, match="a fault of ours") as told:
        train()
    assert len([one for one in told if "a fault of ours" in str(one.message)]) == 1
    assert trainer.state == "finished"
    assert trainer.step == 4
    assert "a fault of ours" in trainer.status.problem.title
    monkeypatch.undo()
    trainer.look()
    assert trainer.graph.is_built
    np.testing.assert_array_equal(
        next(tensor for key, tensor in trainer.run.latest.tensors.items() if key.name == "kernel"),
        keras.ops.convert_to_numpy(model.layers[0].kernel),
    )


class Meddling(keras.callbacks.Callback):
    """What callbacks of people do."""

    def __init__(self, folder):
        super().__init__()
        self.path = folder / "kept.weights.h5"

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            self.model.save_weights(self.path)
            self.model.optimizer.learning_rate = 0.25
        if epoch == 1:
            self.model.load_weights(self.path)
        if epoch == 2:
            self.model.stop_training = True


@pytest.mark.parametrize("way", ["fit", "trainer"])
def test_callbacks_that_stop_change_the_rate_and_load_weights_act_as_in_fit(tmp_path, way):
    reference = plane_net()
    reference.fit(*plane(), batch_size=16, epochs=9, shuffle=False, verbose=0, callbacks=[Meddling(tmp_path)])
    model = plane_net()
    if way == "fit":
        view = NetworkView(model, data=plane())
        callbacks = [LiveCallback(view), Meddling(tmp_path)]
        model.fit(*plane(), batch_size=16, epochs=9, shuffle=False, verbose=0, callbacks=callbacks)
        source = view.source
    else:
        callbacks = [Meddling(tmp_path)]
        source = Trainer(model, plane(), batch_size=16, epochs=9, shuffle=False, callbacks=callbacks)
        source.start()
        source.wait(60)
    assert_same_state(state(model), state(reference))
    assert (source.status.state, source.status.moment.epoch) == ("finished", 3)
    changes = source.run.hyperparameter_changes["learning_rate"]
    np.testing.assert_allclose(changes, [[4, 0.01, 0.25], [8, 0.25, 0.01]])  # the rate is kept with the weights
