"""Metrics that are more, or less, than a number."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from tests.keras.models import plane

X, Y = plane()


class Chatty(keras.Model):
    """Reports what a `train_step` may report."""

    def train_step(self, *data: Any) -> Any:
        logs = super().train_step(*data)
        loss = logs["loss"]
        vector = keras.ops.stack([loss, 2 * loss])
        return logs | {
            "per_class": vector,
            "one": vector[:1],
            "a/b": 3 * loss,
            "": 4 * loss,
            "matrix": keras.ops.stack([vector, vector]),
            "long": keras.ops.zeros(101),
        }


def trained(how: str, model: keras.Model) -> Any:
    model.compile("sgd", "mse")
    if how == "fit":
        view = nv.NetworkView(model, data=(X, Y))
        model.fit(X, Y, epochs=2, batch_size=16, verbose=0, callbacks=[nv.LiveCallback(view)])
        return view
    trainer = nv.Trainer(model, (X, Y), batch_size=16)
    trainer.run_epochs(2)
    trainer.wait(120)
    return nv.NetworkView(trainer)


@pytest.mark.parametrize("how", ["fit", "trainer"])
def test_a_vector_is_a_curve_for_each_number_and_what_is_none_is_named(how: str) -> None:
    x = keras.Input((2,))
    with pytest.warns(
        RuntimeWarning, match=r"draws no curve of ('matrix', 'long'|'long', 'matrix'): expected a number"
    ) as told:
        view = trained(how, Chatty(x, keras.layers.Dense(1)(x)))
    assert len([one for one in told if "draws no curve" in str(one.message)]) == 1
    assert view.source.status.state in ("finished", "paused")
    run = view.source.run
    assert set(run.scalar_names) == {"loss", "per_class[0]", "per_class[1]", "one", "a/b", "(no name)"}
    steps, losses = run.scalars("loss")
    assert steps.tolist() == list(range(1, 9))
    for name, factor in {"per_class[0]": 1, "per_class[1]": 2, "one": 1, "a/b": 3, "(no name)": 4}.items():
        np.testing.assert_allclose(run.scalars(name)[1], factor * losses, rtol=1e-6)
    panel = nv.TrainingCurves(view)
    assert {"per_class[0]", "per_class[1]"} <= set(panel.table().columns)
    panel.metric = "a/b"
    assert "a/b" in panel.describe()
    panel.close()
    view.close()


@pytest.mark.parametrize("how", ["fit", "trainer"])
def test_a_score_for_each_class_has_a_curve_for_each_class(how: str) -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=[keras.metrics.F1Score()])
    y = np.eye(3)[np.arange(len(X)) % 3]
    if how == "fit":
        view = nv.NetworkView(model, data=(X, y))
        history = model.fit(
            X, y, epochs=2, verbose=0, validation_data=(X, y), callbacks=[nv.LiveCallback(view)]
        ).history["f1_score"]
    else:
        trainer = nv.Trainer(model, (X, y), validation_data=(X, y))
        trainer.run_epochs(2)
        trainer.wait(120)
        view, history = nv.NetworkView(trainer), None
    run = view.source.run
    for place in range(3):
        values = run.scalars(f"f1_score[{place}]")[1]
        assert len(values) == int(model.optimizer.iterations)
        assert len(run.scalars(f"val_f1_score[{place}]")[1]) == 2
        if history is not None:
            assert values[-1] == pytest.approx(float(history[-1][place]))
    view.close()


class Told(keras.callbacks.Callback):
    """Keeps what it is told, by the hook that told it."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: list[tuple[str, dict[str, Any]]] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.logs.append(("batch", dict(logs)))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.logs.append(("epoch", dict(logs)))

    def on_train_end(self, logs: Any = None) -> None:
        self.logs.append(("end", dict(logs)))


@pytest.mark.parametrize("how", ["compiled", "eager", "dataset"])
def test_callbacks_of_a_trainer_are_told_a_score_for_each_class_as_those_of_fit(how: str) -> None:
    y = np.eye(3, dtype="float32")[np.arange(len(X)) % 3]
    told = []
    for trains in ("fit", "trainer"):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "softmax")])
        metrics = [keras.metrics.F1Score(name="f1/each"), "accuracy"]
        model.compile("sgd", "categorical_crossentropy", metrics=metrics, run_eagerly=how != "compiled")
        callback = Told()
        data: Any = (X, y)
        if how == "dataset":
            import tensorflow as tf

            data = tf.data.Dataset.from_tensor_slices((X, y)).batch(32)
        if trains == "fit":
            arrays = data if isinstance(data, tuple) else (data,)
            history = model.fit(
                *arrays, epochs=2, verbose=0, validation_data=(X, y), callbacks=[callback], shuffle=False
            ).history
        else:
            trainer = nv.Trainer(model, data, epochs=2, validation_data=(X, y), callbacks=[callback], shuffle=False)
            trainer.start()
            assert trainer.wait(120) == "finished", trainer.status.problem
            history = trainer.history
        told.append([*callback.logs, *(("history", {name: value}) for name, value in sorted(history.items()))])
    for (hook, mine), (other, theirs) in zip(*told, strict=True):
        assert (hook, sorted(mine)) == (other, sorted(theirs))
        for name, value in mine.items():
            np.testing.assert_allclose(value, theirs[name], rtol=1e-5)


def test_a_watching_that_ends_is_told_and_not_as_running(monkeypatch: pytest.MonkeyPatch) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    view = nv.NetworkView(model, data=(X, Y))

    def broken(*_: Any) -> None:
        raise ValueError("step four is broken")

    monkeypatch.setattr(view.source.observer, "record", broken)
    with pytest.warns(RuntimeWarning, match="stopped watching because of ValueError"):
        history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[nv.LiveCallback(view)])
    assert len(history.history["loss"]) == 3
    assert view.source.status.state == "finished"
    assert "step four is broken" in view.describe()
    view.close()
