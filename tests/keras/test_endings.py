"""Why a training has ended before its epochs were over, in words, and that it goes on where a person says so."""

import keras
import pytest

import nnvis_widget as nv

from ..limits import PATIENCE_S
from .models import plane, plane_net
from .page import Page, until


def ended(callback, epochs=None):
    trainer = nv.Trainer(plane_net(), plane(), validation_data=plane(seed=1), epochs=epochs, callbacks=[callback])
    trainer.pace = None
    trainer.start()
    assert trainer.wait(PATIENCE_S) == "finished"
    return trainer


class StopAfter(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = epoch + 1 >= self.epochs


def never_better(patience):
    """Ends a training after so many epochs more than one: nothing is better than the first."""
    return keras.callbacks.EarlyStopping("val_loss", patience=patience, min_delta=1e9)


@pytest.mark.parametrize(
    ("callback", "epochs", "words"),
    [
        (never_better(3), None, "the best val_loss is 3 epochs old"),
        (never_better(1), 50, "the best val_loss is 1 epoch old"),
        (StopAfter(2), None, "a callback asked to stop"),
        (StopAfter(2), 2, ""),
        (never_better(30), 2, ""),
    ],
    ids=["early, without a plan", "early, with a plan", "another callback", "both at once", "as planned"],
)
def test_the_ending_is_told(callback, epochs, words):
    trainer = ended(callback, epochs)
    assert trainer.status.ending == words
    page = Page(trainer)
    until(lambda: page.frames and page.frames[-1].header["ending"] == words)
    said = f"Finished: {words}." if words else "Finished."
    assert said in page.describe().splitlines()
    page.close()


def test_a_training_that_has_ended_is_trained_on_and_ends_anew():
    trainer = ended(never_better(3))
    first = trainer.epoch
    assert first == 4
    trainer.start()
    until(lambda: trainer.status.ending == "" or trainer.epoch > first)
    assert trainer.wait(PATIENCE_S) == "finished"
    assert trainer.epoch == 2 * first
    assert trainer.status.ending == "the best val_loss is 3 epochs old"
    trainer.reset()
    assert trainer.status.ending == ""
