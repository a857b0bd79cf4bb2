"""Watching a plain `fit`: the same model, every batch recorded, and never in the way."""

from functools import cache

import keras
import numpy as np
import pytest

from nnvis_widget import LiveCallback, NetworkView, Trainer
from nnvis_widget.core.command import SetHyperparameter, Stop
from nnvis_widget.errors import CommandError, ModelError
from nnvis_widget.keras_adapter.probes.activations import ActivationProbe
from tests.keras.models import assert_same_state, plane, plane_net, rich_data, rich_net, state
from tests.keras.page import Page, until


class Keeper(keras.callbacks.Callback):
    """What Keras itself told of every batch."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))


def fit(model, data, callbacks=(), **options):
    return model.fit(*data, **({"batch_size": 16, "epochs": 2, "verbose": 0} | options), callbacks=list(callbacks))


@cache
def fitted():
    reference = rich_net()
    fit(reference, rich_data(), epochs=3)
    return state(reference)


@pytest.mark.parametrize("edges", ["weight", "gradient"])
def test_a_watched_fit_gives_the_same_model_bit_for_bit(edges):
    model = rich_net()
    page = Page(model, data=rich_data(), edges=edges)
    fit(model, rich_data(), [LiveCallback(page)], epochs=3)
    assert_same_state(state(model), fitted())
    page.close()


def test_the_scalars_of_every_batch_are_recorded_as_keras_told_them():
    model, keeper = plane_net(), Keeper()
    view = NetworkView(model, data=plane())
    fit(model, plane(), [LiveCallback(view), keeper])
    steps, losses = view.source.run.scalars("loss")
    assert steps.tolist() == list(range(1, 9))
    np.testing.assert_allclose(losses, keeper.losses, rtol=1e-6)
    assert view.source.status.state == "finished"
    assert view.source.run.latest.step == 8
    view.close()


def test_steps_per_execution_are_all_counted():
    model = plane_net(steps_per_execution=3)
    view = NetworkView(model)
    fit(model, plane(), [LiveCallback(view)], batch_size=8)
    moment = view.source.status.moment
    assert (moment.step, moment.epoch) == (16, 2) == (int(model.optimizer.iterations), 2)
    assert view.source.run.scalars("loss")[0].tolist()[-1] == 16
    view.close()


def test_the_metrics_of_the_validation_are_recorded_at_the_end_of_each_epoch():
    model = plane_net()
    view = NetworkView(model)
    history = fit(model, plane(), [LiveCallback(view)], validation_data=plane(20, seed=1)).history
    steps, values = view.source.run.scalars("val_loss")
    assert steps.tolist() == [4, 8]
    np.testing.assert_allclose(values, history["val_loss"])
    view.close()


def test_a_second_fit_goes_on_counting():
    model = plane_net()
    view = NetworkView(model)
    callback = LiveCallback(view)
    for number in (1, 2):
        fit(model, plane(), [callback])
        moment = view.source.status.moment
        assert (moment.step, moment.epoch, view.source.status.epochs) == (8 * number, 2 * number, 2 * number)
    assert view.source.run.scalars("loss")[0].tolist() == list(range(1, 17))
    view.close()


def test_a_fit_that_goes_on_from_an_initial_epoch_counts_as_keras_does():
    model = plane_net()
    view = NetworkView(model)
    fit(model, plane(), [LiveCallback(view)], epochs=2)
    fit(model, plane(), [LiveCallback(view)], initial_epoch=2, epochs=3)
    status = view.source.status
    assert (status.moment.step, status.moment.epoch, status.epochs) == (12, 3, 3)
    view.close()


def test_an_error_in_the_watching_warns_once_and_fit_ends_normally(monkeypatch):
    reference = plane_net()
    fit(reference, plane())
    model = plane_net()
    view = NetworkView(model)
    breaking = At(0, lambda: monkeypatch.setattr(view.source.observer, "observe", lambda *_, **__: 1 / 0))
    with pytest.warns(RuntimeWarning, match=r"stopped watching because of ZeroDivisionError.*goes on") as told:
        history = fit(model, plane(), [LiveCallback(view), breaking])
    assert [warning.category for warning in told].count(RuntimeWarning) == 1
    assert view.source.status.state == "finished"
    assert len(history.history["loss"]) == 2
    assert_same_state(state(model), state(reference))
    view.close()


def test_a_probe_that_fails_warns_once_and_the_rest_is_still_measured(monkeypatch):
    model = plane_net()
    view = NetworkView(model, data=plane())
    monkeypatch.setattr(ActivationProbe, "measure", lambda *_: 1 / 0)
    with pytest.warns(RuntimeWarning, match="cannot measure the activations") as told:
        fit(model, plane(), [LiveCallback(view)])
    assert [warning.category for warning in told].count(RuntimeWarning) == 1
    assert view.source.status.problem.title.startswith("The activations cannot be measured")
    assert {key.quantity for key in view.source.run.latest.tensors} >= {"weight"}
    view.close()


class At(keras.callbacks.Callback):
    def __init__(self, batch, act):
        super().__init__()
        self.batch, self.act = batch, act

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.batch:
            self.act()


def test_a_learning_rate_set_during_fit_is_applied():
    model = plane_net()
    view = NetworkView(model)
    steer = At(5, lambda: view.source.post(SetHyperparameter("learning_rate", 0.125)))
    fit(model, plane(640), [LiveCallback(view), steer], batch_size=2, epochs=1)
    assert float(model.optimizer.learning_rate) == 0.125
    assert view.source.run.latest.hyperparameters["learning_rate"] == 0.125
    view.close()


def test_stop_ends_the_fit():
    model = plane_net()
    view = NetworkView(model)
    fit(model, plane(640), [LiveCallback(view), At(5, lambda: view.source.post(Stop()))], batch_size=2, epochs=50)
    assert view.source.status.state == "finished"
    assert view.source.status.moment.step < 320 * 50
    fit(model, plane(), [LiveCallback(view)], epochs=1)
    assert view.source.status.moment.batch == 0
    view.close()


def test_commands_that_a_fit_cannot_obey_are_refused():
    view = Page(plane_net())
    for op in ("start", "pause", "reset", "stop"):
        assert not view.ask(op)["ok"]
    with pytest.raises(CommandError, match=r"Expected learning_rate or schedule_scale, got 'batch_size'"):
        view.source.post(SetHyperparameter("batch_size", 3))
    view.close()


def test_a_rate_asked_for_in_the_last_batch_is_older_than_what_the_epochs_end_makes_of_it():
    model = plane_net()
    page = Page(model)
    asking = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: page.source.post(SetHyperparameter("learning_rate", 0.5))
    )

    class Falling(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.125

    fit(model, plane(16), [LiveCallback(page), asking, Falling()], epochs=1)
    until(lambda: not page.source.has_commands)
    assert float(model.optimizer.learning_rate) == 0.125
    page.close()


def test_another_model_than_the_one_shown_is_refused():
    view = NetworkView(plane_net())
    with pytest.raises(ModelError, match=r"Expected fit on the model of the view, .* Make a view of this model"):
        fit(rich_net(), rich_data(), [LiveCallback(view)])
    view.close()


def test_a_view_of_a_trainer_is_refused():
    view = NetworkView(Trainer(plane_net(), plane()))
    with pytest.raises(ModelError, match=r"Expected a NetworkView of a Keras model, .* Make one"):
        LiveCallback(view)
    view.close()


def test_frames_come_while_fit_runs():
    model = plane_net()
    page = Page(model, data=plane())
    seen = []
    watcher = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(page.frames[-1].header["state"] if page.frames else "")
    )

    class UntilSeen(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = "running" in seen

    fit(model, plane(640), [LiveCallback(page), watcher, UntilSeen()], epochs=2000, batch_size=64)
    assert "running" in seen
    until(lambda: page.frames[-1].header["state"] == "finished")
    page.close()


def test_an_unbuilt_model_appears_once_fit_has_built_it():
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    page = Page(model)
    assert page.graph["is_built"] is False
    fit(model, plane(), [LiveCallback(page)])
    until(lambda: page.graph["is_built"])
    assert page.graph["parameter_count"] == model.count_params()
    page.close()


class Raising(keras.callbacks.Callback):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            raise self.error


@pytest.mark.parametrize("error", [ValueError("my own mistake"), KeyboardInterrupt()])
def test_a_fit_that_ends_with_an_error_no_longer_counts_as_running(error):
    model = plane_net()
    view = NetworkView(model, data=plane())
    with pytest.raises(type(error)):
        fit(model, plane(), [LiveCallback(view), Raising(error)])
    until(lambda: view.source.status.state == "failed")
    assert view.source.status.moment.step == 3
    assert "ended with an error, or was interrupted" in view.source.status.problem.title
    fit(model, plane(), [LiveCallback(view)], epochs=1)
    assert (view.source.status.state, view.source.status.problem) == ("finished", None)
    assert view.source.status.moment.step == 7
    view.close()
