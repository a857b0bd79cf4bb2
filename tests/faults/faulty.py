"""Trainings with a fault, each with its right causes and places."""

from __future__ import annotations

from typing import Any

from tests.faults.setup import Setup


def _setup(name: str, task: str, causes: str, places: str, **options: Any) -> Setup:
    return Setup(name, task, frozenset(causes.split()), frozenset(places.split()), options)


def _sgd(rate: float) -> Any:
    return lambda k: k.optimizers.SGD(rate)


def _logits(kind: str) -> Any:
    return lambda k: getattr(k.losses, kind)(from_logits=True)


def _normal(std: float) -> Any:
    import keras

    return lambda: keras.initializers.RandomNormal(0, std)


def _l2(size: float) -> Any:
    import keras

    return lambda: keras.regularizers.L2(size)


def _negative(size: float) -> Any:
    import keras

    return lambda: keras.initializers.Constant(-size)


DEEP = (24,) * 10
UNITS = "dead_relu init_scale"

FAULTY = (
    # the output cannot say it
    *(
        _setup(f"one unit of softmax, {task}", task, "output_activation", "out", last="softmax")
        for task in ("moons", "cancer", "circles")
    ),
    *(
        _setup(f"no shares, {task}", task, "output_activation", "out", last=None)
        for task in ("digits", "wine", "moons", "pictures")
    ),
    _setup("tanh under cross-entropy", "cancer", "output_activation", "out", last="tanh"),
    _setup("relu under cross-entropy", "digits", "output_activation dead_relu", "out", last="relu"),
    _setup("softmax over labels", "labels", "output_activation", "out", last="softmax"),
    _setup("relu cannot go below 0, diabetes", "diabetes", "output_activation", "out", last="relu"),
    _setup("relu cannot go below 0, sine", "sine", "output_activation", "out", last="relu"),
    _setup("sigmoid for numbers, friedman", "friedman", "output_activation", "out", last="sigmoid"),
    _setup("sigmoid for numbers, sine", "sine", "output_activation", "out", last="sigmoid"),
    _setup("classes 1 and 2", "moons", "loss_mismatch", "loss", shift_y=1.0),
    _setup("classes 2 and 3", "cancer", "loss_mismatch", "loss", shift_y=2.0),
    # the data
    _setup("raw inputs, wine", "raw_wine", "input_not_normalised", "data", hidden_activation="tanh"),
    _setup("raw inputs, cancer", "raw_cancer", "input_not_normalised", "data", hidden_activation="sigmoid"),
    _setup("raw inputs, wine, relu", "raw_wine", "input_not_normalised", "data", optimizer=_sgd(0.05)),
    _setup(
        "pixels to 255",
        "digits",
        "input_not_normalised",
        "data",
        scale=255.0,
        hidden_activation="sigmoid",
        optimizer=_sgd(0.1),
    ),
    _setup("inputs in thousands", "moons", "input_not_normalised", "data", scale=1000.0, hidden_activation="tanh"),
    _setup("raw targets", "raw_diabetes", "target_scale", "data", optimizer=_sgd(0.01)),
    _setup("targets in thousands", "friedman", "target_scale", "data", shift_y=3000.0),
    _setup("NaN in a row", "wine", "nan_input", "data", nan_rows=1),
    _setup("NaN in many rows", "digits", "nan_input", "data", nan_rows=60),
    _setup("one target for all", "wine", "labels_corrupt", "data", same_y=True),
    _setup("validation scaled otherwise, digits", "digits", "val_mismatch", "data", scale_validation=16.0),
    _setup("validation scaled otherwise, cancer", "cancer", "val_mismatch", "data", scale_validation=0.02),
    _setup("validation shifted", "wine", "val_mismatch", "data", scale_validation=1.0, offset_validation=3.0),
    _setup("sorted and not shuffled", "sorted_digits", "unshuffled", "data", keeps_order=True, is_shuffled=False),
    _setup(
        "sorted and not shuffled, SGD",
        "sorted_digits",
        "unshuffled",
        "data",
        keeps_order=True,
        is_shuffled=False,
        optimizer=_sgd(0.2),
    ),
    *(
        _setup(f"labels of other rows, {task}", task, "labels_random overfit", "data", shuffles_labels=True, epochs=60)
        for task in ("digits", "moons", "wine", "cancer")
    ),
    _setup("few of one class", "rare", "class_imbalance", "data", epochs=12, rate=1e-3),
    _setup("few of one class, circles", "circles", "class_imbalance", "data", few_of=1.0, keep=0.03, epochs=40),
    # the start
    *(
        _setup(
            f"all weights 0, {task}",
            task,
            "init_symmetric",
            "h1 h2 out",
            kernel_initializer="zeros",
            last_initializer="zeros",
        )
        for task in ("digits", "moons", "diabetes")
    ),
    _setup(
        "all weights 1",
        "wine",
        "init_symmetric init_scale",
        "h1 h2 out",
        kernel_initializer="ones",
        last_initializer="ones",
    ),
    _setup(
        "weights that begin large, tanh",
        "digits",
        "init_scale saturation",
        "h1 h2",
        kernel_initializer=_normal(4.0),
        hidden_activation="tanh",
        optimizer=_sgd(0.05),
    ),
    _setup(
        "weights that begin large, sigmoid",
        "friedman",
        "init_scale saturation",
        "h1 h2",
        kernel_initializer=_normal(8.0),
        hidden_activation="sigmoid",
    ),
    _setup(
        "weights that begin tiny",
        "digits",
        "init_scale vanishing_gradient",
        "h1 h2 h3 h4",
        kernel_initializer=_normal(1e-4),
        hidden=(24, 24, 24, 24),
        optimizer=_sgd(0.1),
    ),
    *(
        _setup(
            f"nothing bends, {task}", task, "missing_activation", "h1 h2 h3", hidden_activation=None, hidden=(32, 16, 8)
        )
        for task in ("circles", "moons", "sine", "friedman")
    ),
    _setup("nothing trainable", "wine", "frozen", "optimizer", frozen_whole=True),
    _setup("nothing trainable, digits", "digits", "frozen", "optimizer", frozen_whole=True),
    # the rate
    *(
        _setup(f"rate too high, {task}", task, "lr_too_high", "optimizer", rate=rate)
        for task, rate in (
            ("digits", 1.0),
            ("moons", 3.0),
            ("diabetes", 1.0),
            ("labels", 2.0),
            ("code", 0.5),
            ("words", 3.0),
        )
    ),
    _setup("rate too high, SGD", "digits", "lr_too_high nan", "optimizer h1 h2 out", optimizer=_sgd(30.0)),
    _setup("rate too high, SGD, numbers", "friedman", "lr_too_high nan", "optimizer h1 h2 out", optimizer=_sgd(3.0)),
    _setup("rate too high, CNN", "pictures", "lr_too_high", "optimizer", rate=0.5),
    _setup("rate too high, GRU", "rows", "lr_too_high", "optimizer", rate=1.0),
    *(
        _setup(f"rate too low, {task}", task, "lr_too_low too_few_epochs", "optimizer schedule", rate=rate)
        for task, rate in (("digits", 1e-6), ("moons", 1e-6), ("friedman", 1e-6), ("pictures", 1e-7), ("wine", 1e-6))
    ),
    _setup("rate too low, SGD", "cancer", "lr_too_low too_few_epochs", "optimizer schedule", optimizer=_sgd(1e-6)),
    # units and gradients
    *(
        _setup(f"dead from the start, {task}", task, UNITS, "h1 h2", bias_initializer=_negative(20.0))
        for task in ("digits", "moons", "friedman")
    ),
    *(
        _setup(
            f"ten layers of sigmoid, {task}",
            task,
            "vanishing_gradient saturation",
            "h1 h2 h3",
            hidden=DEEP,
            hidden_activation="sigmoid",
            optimizer=_sgd(0.1),
        )
        for task in ("digits", "circles", "cancer")
    ),
    _setup(
        "twenty layers of tanh",
        "circles",
        "exploding_gradient saturation init_scale lr_too_high",
        "h1 h2 h3 h4 h5 optimizer",
        hidden=(24,) * 20,
        hidden_activation="tanh",
        kernel_initializer=_normal(0.9),
        optimizer=_sgd(0.1),
    ),
    _setup(
        "ten layers that grow",
        "digits",
        "exploding_gradient init_scale lr_too_high nan",
        "h1 h2 h3 out optimizer",
        hidden=DEEP,
        kernel_initializer=_normal(1.2),
        optimizer=_sgd(0.05),
    ),
    # fitting
    _setup(
        "by heart, digits",
        "digits",
        "overfit",
        "data",
        rows=60,
        hidden=(256, 256),
        epochs=200,
        shuffles_labels=False,
        dropout=0,
    ),
    _setup("by heart, diabetes", "diabetes", "overfit", "data", rows=80, hidden=(256, 256), epochs=150),
    _setup("by heart, friedman", "friedman", "overfit", "data", rows=60, hidden=(256, 256), epochs=150, noise=0.5),
    _setup(
        "penalty too large",
        "digits",
        "over_regularised",
        "loss h1 h2",
        kernel_regularizer=_l2(1.0),
        last_as_hidden=True,
    ),
    _setup(
        "penalty too large, moons",
        "moons",
        "over_regularised",
        "loss h1 h2",
        kernel_regularizer=_l2(0.5),
        last_as_hidden=True,
    ),
    _setup("dropout of 95 %", "digits", "over_regularised", "d1 d2", dropout=0.95),
    _setup("stopped early, digits", "digits", "too_few_epochs lr_too_low", "schedule optimizer", epochs=2, rate=2e-4),
    _setup("stopped early, code", "code", "too_few_epochs lr_too_low", "schedule optimizer", epochs=2, rate=2e-4),
    _setup(
        "one row a step",
        "diabetes",
        "batch_size lr_too_high oscillation",
        "optimizer",
        batch_size=1,
        rate=0.05,
        epochs=5,
    ),
    # attention
    *(
        _setup(f"rate too high, attention, {task}", task, "lr_too_high", "optimizer", blocks=1, rate=rate, hidden=(24,))
        for task, rate in (("rows", 1.0), ("words", 2.0))
    ),
    _setup("rate too high, two blocks", "rows", "lr_too_high nan", "optimizer", blocks=2, optimizer=_sgd(20.0)),
    *(
        _setup(
            f"rate too low, attention, {task}",
            task,
            "lr_too_low too_few_epochs",
            "optimizer schedule",
            blocks=1,
            rate=1e-7,
            hidden=(24,),
        )
        for task in ("rows", "words")
    ),
    _setup("no shares, attention", "rows", "output_activation", "out", blocks=1, last=None, hidden=()),
    _setup("one unit of softmax, attention", "words", "output_activation", "out", blocks=1, last="softmax"),
    _setup(
        "labels of other rows, attention",
        "rows",
        "labels_random overfit",
        "data",
        blocks=1,
        shuffles_labels=True,
        epochs=60,
        rate=2e-3,
    ),
    _setup("nothing trainable, attention", "words", "frozen", "optimizer", blocks=1, frozen_whole=True),
    _setup(
        "stopped early, attention",
        "rows",
        "too_few_epochs lr_too_low",
        "schedule optimizer",
        blocks=1,
        epochs=2,
        rate=2e-4,
    ),
    _setup("by heart, attention", "rows", "overfit", "data", blocks=2, rows=60, epochs=150, hidden=(128,)),
    _setup("NaN in a row, attention", "rows", "nan_input", "data", blocks=1, nan_rows=1),
)
