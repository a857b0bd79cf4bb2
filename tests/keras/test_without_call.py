"""A model that is no function, as Keras' own examples of autoencoders and GANs: its step calls the layers it holds."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import nnvis_widget as nv
from tests.keras.models import assert_same_state, state

DATA = np.random.default_rng(0).uniform(size=(24, 6)).astype(np.float32)

pytestmark = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="its step is written with a GradientTape"
)


class Halves(keras.Model):
    """An encoder and a decoder, and noise between them."""

    def __init__(self):
        super().__init__(name="halves")
        self.encoder = keras.Sequential([layers.Input((6,)), layers.Dense(2)], name="encoder")
        self.decoder = keras.Sequential([layers.Input((2,)), layers.Dense(6, "sigmoid")], name="decoder")
        self.noise = keras.random.SeedGenerator(3)
        self.told = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.told]

    def train_step(self, data):
        import tensorflow as tf

        with tf.GradientTape() as tape:
            code = self.encoder(data)
            code = code + keras.random.normal(ops.shape(code), seed=self.noise)
            loss = ops.mean(ops.square(data - self.decoder(code)))
        slopes = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(slopes, self.trainable_weights, strict=True))
        self.told.update_state(loss)
        return {"loss": self.told.result()}


def halves():
    keras.utils.set_random_seed(1)
    model = Halves()
    model.compile(keras.optimizers.Adam(0.01))
    return model


def test_it_is_trained_as_by_fit_and_begins_anew():
    model = halves()
    model.fit(DATA, batch_size=8, epochs=2, shuffle=False, verbose=0)
    watched = halves()
    before = watched.get_weights()
    trainer = nv.Trainer(watched, DATA, batch_size=8, shuffle=False)
    view = nv.NetworkView(trainer)
    trainer.run_epochs(2)
    assert trainer.wait(60) == "paused", trainer.status.problem
    for one, other in zip(state(watched), state(model), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)  # several steps compiled as one round otherwise
    assert "encoder" in view.describe()
    assert "what it stands for is not known" in view.describe()
    trainer.reset()
    trainer.wait(60)
    for now, then in zip(watched.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_a_fit_that_is_watched_is_the_same():
    model, watched = halves(), halves()
    model.fit(DATA, batch_size=8, epochs=2, verbose=0)
    callback = nv.LiveCallback(nv.NetworkView(watched, data=DATA))
    watched.fit(DATA, batch_size=8, epochs=2, verbose=0, callbacks=[callback])
    assert_same_state(state(watched), state(model))
