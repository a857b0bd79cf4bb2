"""A reset can be undone, once: what was trained comes back whole, and trains on as if nothing had been."""

import keras
import numpy as np
import pytest

import nnvis_widget as nv
from nnvis_widget.errors import CommandError

from ..limits import PATIENCE_S
from .models import plane, rich_net
from .page import Page, until


def trainer_of(**options):
    model = rich_net()
    x, y = plane()
    data = {"data": (x, y.astype("int32"))} | options
    return nv.Trainer(model, data.pop("data"), batch_size=16, **data)


def trained(trainer, steps):
    trainer.run_steps(steps)
    assert trainer.wait(PATIENCE_S) == "paused"
    return trainer


def recorded(trainer):
    run = trainer.run
    return (
        run.steps.tolist(),
        {name: [part.tolist() for part in run.scalars(name)] for name in run.scalar_names},
        {name: changes.tolist() for name, changes in run.hyperparameter_changes.items()},
    )


def weights(trainer):
    return [*trainer.model.get_weights(), *(np.array(value) for value in trainer.model.optimizer.variables)]


def assert_equal(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def again():
    """A trainer, reset, and what it was after 16 steps without a reset."""
    trainer = trained(trainer_of(), 16)
    never_reset = trainer.learning_rate, trainer.moment, weights(trainer), trainer.history
    trainer.reset()
    return trainer, never_reset


@pytest.mark.parametrize(
    ("steps", "meanwhile"),
    [(8, 0), (9, 5), (11, 0)],
    ids=["between epochs, at once", "in an epoch, after other steps", "before its last step, at once"],
)
def test_after_an_undo_the_training_goes_on_as_if_it_had_not_been_reset(steps, meanwhile, again):
    trainer, (rate, moment, expected, history_of_all) = again
    trainer.reset()
    trainer.learning_rate = rate
    trained(trainer, steps)
    before, record, history = weights(trainer), recorded(trainer), trainer.history
    trainer.learning_rate = 0.0625  # which the undo brings back too
    trainer.reset()
    assert (trainer.state, trainer.step, trainer.run.kept_count) == ("idle", 0, 1)
    if meanwhile:
        trained(trainer, meanwhile)
    trainer.undo_reset()
    assert (trainer.state, trainer.step, trainer.history) == ("paused", steps, history)
    assert recorded(trainer)[:2] == record[:2]
    trainer.learning_rate = rate
    assert_equal(weights(trainer), before)
    trained(trainer, 16 - steps)
    assert trainer.moment == moment
    assert_equal(weights(trainer), expected)
    assert trainer.history == history_of_all


def test_an_undo_leaves_a_scale_of_the_loss_as_it_was():
    model = rich_net()
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01), dynamic_growth_steps=2)
    model.compile(scaled, "sparse_categorical_crossentropy")
    x, y = plane()
    trainer = trained(nv.Trainer(model, (x, y.astype("int32")), batch_size=16), 5)
    before, names = weights(trainer), [variable.path for variable in scaled.variables]
    assert float(scaled.dynamic_scale) > scaled.initial_scale

    trainer.reset()
    trainer.undo_reset()

    assert [variable.path for variable in scaled.variables] == names
    assert_equal(weights(trainer), before)


def test_what_was_never_trained_or_is_back_already_is_refused():
    trainer = trainer_of()
    trainer.reset()
    with pytest.raises(CommandError, match="UndoReset"):
        trainer.undo_reset()
    trained(trainer, 3).reset()
    assert "undo_reset" in trainer.status.commands
    trainer.undo_reset()
    assert trainer.step == 3
    assert "undo_reset" not in trainer.status.commands
    with pytest.raises(CommandError, match="UndoReset"):
        trainer.undo_reset()


def test_a_page_is_offered_the_way_back_and_sees_the_old_run():
    trainer = trained(trainer_of(), 6)
    page = Page(trainer)
    assert not page.ask("undo_reset")["ok"]
    assert page.ask("reset")["ok"]
    until(lambda: page.frames and page.frames[-1].header["step"] == 0)
    until(lambda: "undo_reset" in page.frames[-1].header["commands"])
    assert page.ask("undo_reset")["ok"]
    until(lambda: page.frames[-1].header["step"] == 6)
    until(lambda: "undo_reset" not in page.frames[-1].header["commands"])
    page.close()


def test_the_last_good_step_of_a_training_that_went_wrong_comes_back():
    trainer = trained(trainer_of(), 4)
    trainer.model.layers[0].kernel.assign(np.full((2, 8), np.nan, np.float32))
    trained(trainer, 2)
    bad = trainer.status.first_bad
    assert bad is not None
    trainer.reset()
    assert trainer.status.first_bad is None
    trainer.undo_reset()
    assert trainer.status.first_bad == bad
    assert bad.last_good_step in trainer.run.steps


def test_of_a_stream_the_epoch_begins_anew():
    x, y = plane()
    batches = [(x[start : start + 16], y[start : start + 16].astype("int32")) for start in range(0, 64, 16)]
    trainer = trained(trainer_of(data=batches), 6)
    before = weights(trainer)
    trainer.reset()
    trainer.undo_reset()
    assert_equal(weights(trainer), before)
    assert (trainer.step, trainer.epoch, trainer.moment.batch) == (6, 1, 0)
    trainer.run_epochs(1)
    assert trainer.wait(PATIENCE_S) == "paused"
    assert (trainer.step, trainer.epoch) == (10, 2)


def test_the_controls_show_the_way_back_while_there_is_one():
    trainer = trained(trainer_of(), 2)
    controls = nv.Controls(trainer)
    assert controls.undo.layout.display == "none"
    controls.reset.click()
    controls.reset.click()
    until(lambda: controls.undo.layout.display is None)
    controls.undo.click()
    until(lambda: trainer.step == 2 and controls.undo.layout.display == "none")
    controls.close()
