"""Changes of hyperparameters and bookmarks: at the right step, and kept."""

import keras
import numpy as np
import pytest
import traitlets

from nnvis_widget import LiveCallback, NetworkView, Trainer
from nnvis_widget.core.command import SetHyperparameter
from nnvis_widget.run.run import SNAPSHOT_BYTES
from tests.keras.models import plane, plane_net
from tests.keras.page import Page, deliver_state, until


def setting(rate, **when):
    """A Keras callback that sets the rate at the second epoch's beginning or the first one's end."""

    class Setting(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if when.get("begin") == epoch:
                self.model.optimizer.learning_rate = rate

        def on_epoch_end(self, epoch, logs=None):
            if when.get("end") == epoch:
                self.model.optimizer.learning_rate = rate

    return Setting()


def changes(run):
    return {name: rows.tolist() for name, rows in run.hyperparameter_changes.items()}


def test_a_rate_and_a_batch_size_set_by_hand_are_marked_at_their_step():
    trainer = Trainer(plane_net(learning_rate=0.03), plane(), batch_size=16)
    for act in ("learning_rate", "batch_size"):
        trainer.run_steps(3)
        trainer.wait(60)
        setattr(trainer, act, {"learning_rate": 0.3, "batch_size": 8}[act])
    trainer.run_steps(1)
    trainer.wait(60)
    found = changes(trainer.run)
    assert found["learning_rate"] == [[3, pytest.approx(0.03), pytest.approx(0.3)]]
    assert found["batch_size"] == [[6, 16, 8]]
    trainer.reset()
    assert changes(trainer.run) == {}


@pytest.mark.parametrize("when", [{"begin": 1}, {"end": 0}])
def test_a_callback_of_an_epoch_is_marked_between_the_two_epochs(when):
    trainer = Trainer(plane_net(), plane(), batch_size=16, epochs=3, callbacks=[setting(0.5, **when)])
    trainer.start()
    trainer.wait(60)
    assert changes(trainer.run) == {"learning_rate": [[4, pytest.approx(0.01), 0.5]]}


@pytest.mark.parametrize("is_first", [False, True])
def test_under_fit_too_wherever_the_callback_stands(is_first):
    model = plane_net()
    view = NetworkView(model)
    callbacks = [LiveCallback(view), setting(0.5, end=0)]
    model.fit(*plane(), batch_size=16, epochs=3, verbose=0, callbacks=callbacks[:: 1 if is_first else -1])
    assert changes(view.source.run) == {"learning_rate": [[4, pytest.approx(0.01), 0.5]]}
    view.close()


def test_a_rate_set_through_the_view_during_fit_is_marked_where_it_was_obeyed():
    model = plane_net()
    view = NetworkView(model)
    source = view.source

    class Steering(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 5:
                source.post(SetHyperparameter("learning_rate", 0.125))
            rates.append(float(self.model.optimizer.learning_rate))

    rates = []
    model.fit(*plane(640), batch_size=2, epochs=1, verbose=0, callbacks=[LiveCallback(view), Steering()])
    assert changes(source.run) == {"learning_rate": [[rates.index(0.125), pytest.approx(0.01), 0.125]]}
    view.close()


def test_a_rate_on_a_schedule_is_no_mark():
    model = plane_net()
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)), "mse")
    trainer = Trainer(model, plane(), batch_size=16, epochs=2)
    trainer.start()
    trainer.wait(60)
    assert changes(trainer.run) == {}


def test_a_frame_carries_the_changes():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    page = Page(trainer)
    trainer.run_steps(2)
    trainer.wait(60)
    trainer.learning_rate = 0.25
    until(lambda: any(section.quantity == "change" for section in page.frames[-1].sections))
    section = next(section for section in page.frames[-1].sections if section.quantity == "change")
    assert (section.name, section.attributes) == ("learning_rate", {"count": 1})
    np.testing.assert_allclose(section.values, [[2, 0.01, 0.25]], rtol=1e-6)
    page.close()


def test_bookmarks_are_in_order_each_once_and_at_most_a_hundred():
    view = NetworkView(plane_net(), bookmarks=[7, 3, 7])
    assert view.bookmarks == [3, 7]
    view.bookmarks = list(range(100))
    for wrong in (list(range(101)), [-1], [1.5], ["3"]):
        with pytest.raises(traitlets.TraitError):
            view.bookmarks = wrong
    assert view.bookmarks == list(range(100))
    view.close()


def test_the_browser_may_write_bookmarks_and_nothing_else_in_their_place():
    page = Page(plane_net())
    deliver_state(page, {"bookmarks": [9, 4]})
    assert page.bookmarks == [4, 9]
    for wrong in (list(range(101)), [-1], [True], ["3"], {"0": 1}, 5, None, [10**10]):
        deliver_state(page, {"bookmarks": wrong})
    assert page.bookmarks == [4, 9]
    assert page.get_state()["bookmarks"] == [4, 9]
    page.close()


def test_a_bookmarked_snapshot_is_kept_until_the_view_goes():
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    view = NetworkView(trainer)
    for _ in range(6):
        trainer.run_steps(1)
        trainer.wait(60)
    view.bookmarks = [3]
    size = trainer.run.latest.byte_count + SNAPSHOT_BYTES
    trainer.run.byte_budget = 16 * 64 * 20 + 5 * size
    for _ in range(12):
        trainer.run_steps(1)
        trainer.wait(60)
    assert trainer.run.kept_count < trainer.run.seen_count
    assert 3 in trainer.run.steps
    view.close()
    for _ in range(12):
        trainer.run_steps(1)
        trainer.wait(60)
    assert 3 not in trainer.run.steps
