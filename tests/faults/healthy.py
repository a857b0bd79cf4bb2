"""Trainings that are as they should be, the awkward ones among them."""

from __future__ import annotations

from typing import Any

from tests.faults.setup import Setup


def _setup(name: str, task: str, **options: Any) -> Setup:
    return Setup(name, task, options=options)


def _sgd(rate: float, momentum: float = 0.0) -> Any:
    return lambda k: k.optimizers.SGD(rate, momentum)


def _logits(kind: str) -> Any:
    return lambda k: getattr(k.losses, kind)(from_logits=True)


def _decayed(k: Any) -> Any:
    return k.optimizers.Adam(k.optimizers.schedules.CosineDecay(5e-3, 900))


def _l2(size: float) -> Any:
    import keras

    return lambda: keras.regularizers.L2(size)


def _rescaling(layers: Any) -> Any:
    return layers.Rescaling(1 / 255)


def _normalising(layers: Any) -> Any:
    return layers.BatchNormalization()


TASKS = (
    "digits",
    "pictures",
    "rows",
    "wine",
    "cancer",
    "iris",
    "moons",
    "circles",
    "friedman",
    "sine",
    "labels",
    "code",
    "words",
)

HEALTHY = (
    *(_setup(f"plain, {task}", task) for task in TASKS),
    _setup("plain, diabetes", "diabetes", epochs=15, hidden=(16,), rate=1e-3),
    *(_setup(f"tanh, {task}", task, hidden_activation="tanh") for task in ("digits", "wine", "friedman", "circles")),
    *(
        _setup(f"momentum, {task}", task, optimizer=_sgd(0.05, 0.9))
        for task in ("digits", "cancer", "sine", "pictures")
    ),
    _setup("SGD, digits", "digits", optimizer=_sgd(0.2)),
    _setup("SGD, moons", "moons", optimizer=_sgd(0.5), epochs=60),
    _setup("pixels from 0 to 16", "digits", scale=16.0),
    _setup("pixels that the model scales", "digits", scale=255.0, first=_rescaling),
    _setup("raw wine behind batch normalisation", "raw_wine", first=_normalising, epochs=60, batch_size=16),
    _setup("frozen first layer", "digits", frozen=("h1",)),
    _setup("frozen first layer, cancer", "cancer", frozen=("h1",)),
    _setup("zero last kernel", "digits", last_initializer="zeros"),
    _setup("zero last kernel, friedman", "friedman", last_initializer="zeros"),
    _setup("decayed rate", "digits", optimizer=_decayed),
    _setup("decayed rate, circles", "circles", optimizer=_decayed),
    _setup("noisy targets", "friedman", noise=0.7, epochs=12, hidden=(16,), rate=2e-3),
    _setup("noisy targets, sine", "sine", noise=0.5, epochs=20, hidden=(16,)),
    _setup("five to one", "moons", few_of=1.0, keep=0.2),
    _setup("five to one, circles", "circles", few_of=0.0, keep=0.2),
    _setup("eight rows a step", "digits", batch_size=8, rate=1e-3, epochs=15),
    _setup("eight rows a step, wine", "wine", batch_size=8, rate=1e-3),
    _setup("all rows a step", "cancer", batch_size=512, epochs=150, rate=5e-3),
    _setup("mse on classes", "digits", loss="mse", one_hot=True),
    _setup("mse on two classes", "moons", loss="mse"),
    _setup("half is left out", "digits", dropout=0.5, hidden=(64, 64)),
    _setup("a third is left out, pictures", "pictures", dropout=0.3),
    _setup("batch normalisation", "digits", norm=True),
    _setup("batch normalisation, pictures", "pictures", norm=True),
    _setup("batch normalisation, friedman", "friedman", norm=True, epochs=20),
    _setup("logits", "digits", last=None, loss=_logits("SparseCategoricalCrossentropy")),
    _setup("logits, moons", "moons", last=None, loss=_logits("BinaryCrossentropy")),
    _setup("no hidden layer", "digits", hidden=()),
    _setup("no hidden layer, cancer", "cancer", hidden=()),
    _setup("a wide layer", "digits", hidden=(512,), epochs=15, rate=1e-3),
    _setup("six layers", "digits", hidden=(48,) * 6, epochs=25, rate=1e-3, kernel_initializer="he_normal"),
    _setup("six layers of tanh", "friedman", hidden=(24,) * 6, hidden_activation="tanh", rate=1e-3, epochs=20),
    _setup("gelu", "digits", hidden_activation="gelu"),
    _setup("sigmoid", "wine", hidden_activation="sigmoid", hidden=(24,), epochs=60, rate=1e-2),
    _setup("elu, code", "code", hidden_activation="elu", hidden=(32, 8, 32)),
    _setup("a code of eight", "code", hidden=(48, 8, 48), epochs=40, last="sigmoid"),
    _setup("small penalty", "digits", kernel_regularizer=_l2(1e-4)),
    _setup("small penalty, moons", "moons", kernel_regularizer=_l2(1e-3)),
    _setup("lstm", "rows", cell="LSTM", epochs=25),
    _setup("simple recurrence", "rows", cell="SimpleRNN", rate=2e-3, epochs=25),
    _setup("lstm over words", "words", recurrent=True, epochs=25),
    _setup("sorted, and shuffled", "sorted_digits"),
    _setup("few rows, few epochs", "iris", epochs=40, hidden=(16,), batch_size=16),
    _setup("high rate that works", "moons", rate=0.02),
    _setup("high rate that works, digits", "digits", rate=0.01),
    _setup("low rate, long", "wine", rate=3e-4, epochs=150),
    _setup("rmsprop", "cancer", optimizer=lambda k: k.optimizers.RMSprop(1e-3)),
    _setup("adamw, pictures", "pictures", optimizer=lambda k: k.optimizers.AdamW(2e-3)),
    _setup("numbers by absolute error", "friedman", loss="mae"),
    *(_setup(f"another start, {task}", task, seed=5, hidden=(24, 24), rate=2e-3) for task in TASKS),
    *(
        _setup(f"swish, {task}", task, seed=6, hidden_activation="silu")
        for task in ("wine", "moons", "friedman", "digits")
    ),
    _setup("huber", "sine", loss="huber"),
    # attention
    *(_setup(f"attention, {task}", task, blocks=1, rate=2e-3, hidden=(24,)) for task in ("words", "rows")),
    *(_setup(f"two blocks of attention, {task}", task, blocks=2, rate=1e-3, hidden=()) for task in ("words", "rows")),
    _setup("three blocks of gelu, rows", "rows", blocks=3, rate=1e-3, hidden=(), hidden_activation="gelu", epochs=20),
    _setup("attention, pixels from 0 to 16", "rows", blocks=1, scale=16.0, rate=2e-3, hidden=(24,)),
    _setup("attention, momentum", "rows", blocks=1, optimizer=_sgd(0.02, 0.9), hidden=()),
    _setup("attention, a high rate that works", "rows", blocks=1, rate=0.01, hidden=()),
    _setup("attention, eight rows a step", "words", blocks=1, rate=1e-3, batch_size=8, epochs=12, hidden=(16,)),
    _setup("attention, a frozen projection", "rows", blocks=1, rate=2e-3, frozen=("h0",), hidden=()),
)
