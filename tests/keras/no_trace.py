"""Models whose forward pass moves something, and all that a training of them leaves, to compare watched with unwatched.

Also run on other backends, by `backend_script.py`.
"""

import random

import keras
import numpy as np
from keras import layers, ops

from nnvis_widget import LiveCallback, Trainer
from nnvis_widget.core.command import Watch
from nnvis_widget.core.want import Want
from nnvis_widget.sources.source import as_source
from tests.keras.models import state
from tests.keras.page import Page, until

X = np.random.default_rng(7).normal(size=(24, 4)).astype(np.float32)
Y = np.arange(24) % 2


class Counting(layers.Layer):
    """Multiplies by how often it was called."""

    def build(self, input_shape):
        self.calls = self.add_weight(name="calls", initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign_add(1.0)
        return x * ops.tanh(self.calls)


class Unseeded(layers.Layer):
    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)

    def call(self, x):
        return x + keras.random.uniform(ops.shape(x))


class Always(layers.Dropout):
    """Drops in inference too."""

    def call(self, x, training=False):
        return super().call(x, training=True)


class Remembering(layers.Layer):
    """Counts in attributes of Python."""

    def __init__(self):
        super().__init__()
        self.count, self.seen, self.book = 0, [], {"calls": 0}

    def call(self, x):
        self.count += 1
        self.seen.append(self.count)
        self.book["calls"] += 1
        return x * (1 + 0.1 * self.count)


class Drawing(layers.Layer):
    """Draws numbers of Python and of numpy, and from a generator of its own."""

    def __init__(self):
        super().__init__()
        self.rng = np.random.default_rng(3)

    def call(self, x):
        return x + random.random() + float(np.random.rand()) + float(self.rng.normal())


class Adding(layers.Layer):
    """Adds to the loss, and keeps a metric."""

    def __init__(self):
        super().__init__()
        self.mean = keras.metrics.Mean(name="mean")

    def call(self, x):
        self.mean.update_state(ops.mean(x))
        self.add_loss(ops.mean(ops.square(x)))
        return x


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.inner, self.norm = layers.Dense(3, "tanh"), Remembering(), layers.BatchNormalization()
        self.last, self.calls = layers.Dense(2, "softmax"), 0

    def call(self, x, training=None):
        self.calls += 1
        return self.last(self.norm(self.inner(self.first(x)), training=training)) * (1 + self.calls / 64)


def chain(*kinds):
    def build():
        between = [kind() for kind in kinds]
        return keras.Sequential([layers.Input((4,)), layers.Dense(3, "tanh"), *between, layers.Dense(2, "softmax")])

    return build


def functional(*kinds):
    def build():
        y = layers.Dense(3, "tanh")(x := layers.Input((4,)))
        for kind in kinds:
            y = kind()(y)
        return keras.Model(x, layers.Dense(2, "softmax")(y))

    return build


def stateful(kind):
    def build():
        x = layers.Input(batch_shape=(8, 4))
        y = kind(3, stateful=True)(layers.Reshape((4, 1))(x))
        return keras.Model(x, layers.Dense(2, "softmax")(y))

    return build


def subclassed():
    model = Subclassed()
    model(X[:1])
    return model


BUILDERS = {
    "a layer that counts its calls": chain(Counting),
    "a layer that counts its calls, in a functional model": functional(Counting),
    "unseeded numbers": functional(Unseeded),
    "a stateful LSTM": stateful(layers.LSTM),
    "a stateful GRU": stateful(layers.GRU),
    "batch normalisation": chain(layers.BatchNormalization),
    "a dropout that ignores training": functional(lambda: Always(0.3)),
    "attributes of Python": functional(Remembering),
    "numbers of Python and numpy": chain(Drawing),
    "losses and metrics of a layer": functional(Adding),
    "a subclassed model": subclassed,
}
# JAX refuses numbers without a seed in a compiled step; `fit` there (Keras 3.15) loses a layer's own metric, and calls
# a model more often the first time.
BY_FIT_EVERYWHERE = {"variables, attributes, numbers of Python and numpy": chain(Counting, Remembering, Drawing)}
# On torch Keras (3.15) cannot train a stateful recurrent layer: its states change what the backward pass needs.
NOT_ON_TORCH = ("a stateful GRU",)
BY_TRAINER_EVERYWHERE = {
    "a stateful GRU": stateful(layers.GRU),
    "dropout that ignores training, losses and metrics": functional(lambda: Always(0.3), Adding),
}


def left_by(model, history):
    """Weights, states, history, attributes and the numbers that would be drawn next."""
    own = [model, *model.layers]
    attributes = [getattr(part, name, None) for part in own for name in ("count", "seen", "calls", "book")]
    plain = [repr(value) for value in attributes if isinstance(value, int | list | dict)]
    streams = [part.rng.bit_generator.state for part in own if hasattr(part, "rng")]
    drawn = [float(ops.convert_to_numpy(keras.random.uniform(()))), random.random(), float(np.random.rand())]
    return state(model), history, plain, streams, drawn


def made(build, **compiling):
    keras.utils.set_random_seed(5)
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **compiling)
    return model


def watched(source, data=None):
    """A page that looks at all there is, again and again."""
    page = Page(source, data=data, edges="gradient", rate_hz=14.0, sample=3)
    layer = next((layer["id"] for layer in page.graph["layers"][1:]), "L0")
    page.selection = {"layer": layer, "unit": 1}
    wants = frozenset({Want("predictions"), Want("z_layer", layer), Want("z_batch", layer, 0), Want("gradient")})
    as_source(page).post(Watch("all", wants, is_seen=True))
    until(lambda: page.source.run.latest.samples == (3,))
    page.look()  # once it returns, nobody looks at the model until it trains
    return page


def after_fit(build, is_watched, **compiling):
    model = made(build, **compiling)
    page = watched(model, (X, Y)) if is_watched else None
    callbacks = [LiveCallback(page), Asking(page)] if page else []
    history = model.fit(X, Y, batch_size=8, epochs=2, verbose=0, callbacks=callbacks).history
    return left_at_rest(page, model, history)


def after_trainer(build, is_watched, **compiling):
    model = made(build, **compiling)
    asking = Asking()
    trainer = Trainer(model, (X, Y), batch_size=8, epochs=2, callbacks=[asking] if is_watched else [])
    page = asking.page = watched(trainer) if is_watched else None
    trainer.start()
    assert trainer.wait() == "finished", trainer.status.problem
    return left_at_rest(page, model, trainer.history)


class Asking(keras.callbacks.Callback):
    """Chooses another sample before each batch, so that there is a look after each."""

    def __init__(self, page=None):
        super().__init__()
        self.page = page

    def on_train_batch_begin(self, batch, logs=None):
        self.page.sample = batch


def left_at_rest(page, model, history):
    if page is not None:
        page.look()  # once it returns, no look that was asked for before goes on
        assert page.source.status.problem is None, page.source.status.problem
        page.close()
    return left_by(model, history)


def assert_same(one, other, case=""):
    for mine, theirs in zip(one[0], other[0], strict=True):
        np.testing.assert_array_equal(mine, theirs, err_msg=case)
    assert one[1:] == other[1:], case
