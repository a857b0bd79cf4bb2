"""The large numbers are those that Keras reports of whole epochs, and the clock is that of the training."""

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.run.headline import headlines
from nnvis_widget.stream.frame import decode_frame

from .models import plane, plane_net
from .page import Page

ROWS, BATCH = 40, 8


def trainer_of(**options):
    x, y = plane(ROWS)
    return nv.Trainer(plane_net(), (x, y), batch_size=BATCH, **({"validation_data": (x[:8], y[:8])} | options))


def told(source):
    return headlines(source.run, source.run.latest)


def trained(trainer, **count):
    trainer.run_epochs(count["epochs"]) if "epochs" in count else trainer.run_steps(count["steps"])
    trainer.wait(60)


def test_they_are_the_history_of_a_trainer_also_looked_back_at():
    trainer = trainer_of()
    trained(trainer, epochs=12)
    trained(trainer, steps=2)
    history = trainer.history
    found = told(trainer)
    assert set(found) == set(history)
    for name, values in history.items():
        value, epoch, before, _ = found[name]
        assert (epoch, value, before) == (12, pytest.approx(values[11]), pytest.approx(values[1]))
    assert found["loss"].so_far == pytest.approx(trainer.run.scalars("loss")[1][-1])
    assert np.isnan(found["val_loss"].so_far)
    assert trainer.run.epoch_values(9)["loss"].value == pytest.approx(history["loss"][0])
    assert trainer.run.clock.text_with_step(trainer.step) == "epoch 12.4 (step 62)"


def test_a_callback_in_fit_tells_the_same():
    x, y = plane(ROWS)
    model = plane_net()
    view = nv.NetworkView(model, data=(x, y))
    callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch: 0.01), nv.LiveCallback(view)]
    options = {"batch_size": BATCH, "verbose": 0, "validation_data": (x[:8], y[:8]), "callbacks": callbacks}
    history = model.fit(x, y, epochs=11, **options).history
    found = told(view.source)
    assert set(found) == set(history) - {"learning_rate"}
    for name, (value, epoch, before, _) in found.items():
        assert (epoch, value, before) == (11, pytest.approx(history[name][10]), pytest.approx(history[name][0]))
    model.fit(x, y, epochs=2, **options)
    assert view.source.run.clock.text(65) == "epoch 13.0"
    assert told(view.source)["loss"].epoch == 13


def test_a_validation_now_and_then_names_its_epoch_and_one_that_never_is_is_not_told():
    trainer = trainer_of(validation_freq=5)
    trained(trainer, epochs=7)
    found = told(trainer)
    assert (found["loss"].epoch, found["val_loss"].epoch) == (7, 5)
    assert found["val_loss"].value == pytest.approx(trainer.history["val_loss"][0])
    assert "val loss" in nv.NetworkView(trainer).describe()
    bare = trainer_of(validation_data=None)
    trained(bare, epochs=1)
    assert not any(name.startswith("val_") for name in told(bare))


def test_the_batch_size_changes_the_clock_from_where_it_changed():
    trainer = trainer_of()
    trained(trainer, steps=12)
    assert trainer.run.clock.text(12) == "epoch 2.4"
    trainer.batch_size = 4
    trained(trainer, steps=3)
    clock = trainer.run.clock
    assert [clock.text(step) for step in (5, 12, 15)] == ["epoch 1.0", "epoch 2.4", "epoch 2.7"]
    trained(trainer, epochs=1)
    assert trainer.epoch == 3
    assert trainer.run.clock.text(trainer.step) == "epoch 3.0"
    trainer.reset()
    assert trainer.run.clock.text(0) == "epoch 0.0"
    assert list(told(trainer)) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    found = told(trainer)
    assert all(one.epoch == 0 for one in found.values())
    assert [name for name, one in found.items() if not np.isnan(one.value)] == ["loss"]  # that of the probe batch


def test_a_stream_of_unknown_length_is_told_in_steps_until_its_first_epoch_has_ended():
    x, y = plane(ROWS)

    class Batches:
        def __iter__(self):
            return ((x[start : start + BATCH], y[start : start + BATCH]) for start in range(0, ROWS, BATCH))

    trainer = nv.Trainer(plane_net(), Batches())
    trained(trainer, steps=3)
    assert trainer.run.clock.text(3) == "step 3"
    trained(trainer, epochs=1)
    trained(trainer, steps=1)
    clock = trainer.run.clock
    assert [clock.text(step) for step in (3, 5, 6)] == ["epoch 0.6", "epoch 1.0", "epoch 1.2"]


def test_a_loop_of_ones_own_has_no_epochs_and_tells_what_it_is_told():
    x, y = plane(ROWS)
    loop = nv.watch(plane_net(), data=(x, y))
    with loop:
        for step in range(3):
            loop.step(loss=1.0 / (step + 1))
    assert loop.source.run.clock.text(3) == "step 3"
    page = Page(loop)
    assert "Metrics at this step: loss 0.333." in page.describe().split("\n")


def test_a_frame_carries_clock_and_large_numbers():
    trainer = trainer_of()
    trained(trainer, epochs=2)
    frame = decode_frame(nv.NetworkView(trainer).get_state()["frame"])
    names = frame.header["scalar_names"]
    np.testing.assert_allclose(frame.find("scalars").values, [trainer.history[name][1] for name in names])
    assert frame.find("headline").values[:, 0].tolist() == [2.0] * len(names)
    assert frame.find("clock").values.tolist() == [[0, 0, 5], [10, 2, 5]]
