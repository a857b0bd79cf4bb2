"""One small training: what is done to a task, and how a network for it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from tests.faults.tasks import LAST, LOSSES, task

WIDTH = 16
"""Of a transformer."""


@dataclass(frozen=True)
class Setup:
    """A training of the bank.

    Attributes:
        name: Of its own.
        task: Which data.
        causes: Rules of which any is a right first cause; none of a healthy training.
        places: `data`, `loss`, `optimizer`, `schedule`, or names of layers; any is right.
        options: What is done otherwise; see `build` and `data_of`.
    """

    name: str
    task: str
    causes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_locked(self) -> bool:
        """A third, by the hash of its name: never looked at while thresholds are moved."""
        return int(sha256(f"{self.name} 0".encode()).hexdigest(), 16) % 3 == 0

    @property
    def epochs(self) -> int:
        return self.options.get("epochs", 30)

    @property
    def batch_size(self) -> int:
        return self.options.get("batch_size", 32)


def data_of(setup: Setup, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training and validation rows."""
    options, one, rng = setup.options, task(setup.task), np.random.default_rng(seed)
    x, y = one.x, one.y
    if not options.get("keeps_order"):
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
    rows = min(options.get("rows", 1200), int(len(x) * 0.75))
    held = np.zeros(len(x), bool)
    held[np.linspace(0, len(x) - 1, min(300, len(x) // 4)).astype(int)] = True
    x, y, xv, yv = x[~held][:rows] if not options.get("keeps_order") else x[~held], y[~held], x[held], y[held]
    y = y[: len(x)]
    if "scale" in options:
        x, xv = x * options["scale"] + options.get("offset", 0), xv * options["scale"] + options.get("offset", 0)
    if "scale_validation" in options:
        xv = xv * options["scale_validation"] + options.get("offset_validation", 0)
    if options.get("shuffles_labels"):
        y = y[rng.permutation(len(y))]
        yv = yv[rng.permutation(len(yv))]
    if "noise" in options:
        y = y + options["noise"] * rng.normal(size=y.shape).astype(np.float32)
        yv = yv + options["noise"] * rng.normal(size=yv.shape).astype(np.float32)
    if "few_of" in options:  # leave out rows of a class
        keep = (y != options["few_of"]) | (rng.random(len(y)) < options["keep"])
        x, y = x[keep], y[keep]
    if "nan_rows" in options:
        x = x.copy()
        x.reshape(len(x), -1)[: options["nan_rows"], 0] = np.nan
    if "shift_y" in options:
        y, yv = y + options["shift_y"], yv + options["shift_y"]
    if options.get("same_y"):
        y, yv = np.zeros_like(y), np.zeros_like(yv)
    if options.get("one_hot"):
        y, yv = np.eye(one.outputs, dtype=np.float32)[y], np.eye(one.outputs, dtype=np.float32)[yv]
    dtype = x.dtype if x.dtype.kind in "iu" else np.float32
    return x.astype(dtype), y, xv.astype(dtype), yv


def build(setup: Setup, seed: int) -> Any:
    """The compiled model."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed + 1)
    options, one = setup.options, task(setup.task)
    act, hidden = options.get("hidden_activation", "relu"), options.get("hidden", (32, 16))
    extra = {
        key: options[key] for key in ("kernel_initializer", "bias_initializer", "kernel_regularizer") if key in options
    }
    extra = {key: value() if callable(value) else value for key, value in extra.items()}
    start = layers.Input(one.x.shape[1:], dtype="int32" if one.x.dtype.kind == "i" else None)
    parts: list[Any] = []
    if "blocks" in options:
        is_words = setup.task == "words"
        parts.append(layers.Embedding(50, WIDTH) if is_words else layers.Dense(WIDTH, name="h0"))
        parts += [_block(layers, place, act) for place in range(1, options["blocks"] + 1)]
        parts.append(layers.GlobalAveragePooling1D() if is_words else layers.Flatten())
    elif setup.task == "words":
        parts.append(layers.Embedding(50, 8))
        parts.append(layers.GlobalAveragePooling1D() if not options.get("recurrent") else layers.LSTM(12))
    elif setup.task == "pictures":
        parts.append(layers.Conv2D(12, 3, activation=act, name="c1", **extra))
        if options.get("norm"):
            parts.append(layers.BatchNormalization())
        parts.append(layers.Conv2D(16, 3, activation=act, name="c2", **extra))
        parts.append(layers.Flatten())
    elif setup.task == "rows":
        parts.append(getattr(layers, options.get("cell", "GRU"))(24, name="r1", **extra))
    if options.get("first"):
        parts.append(options["first"](layers))
    for place, units in enumerate(hidden, 1):
        parts.append(layers.Dense(units, act, name=f"h{place}", **extra))
        if options.get("norm") and setup.task != "pictures":
            parts.append(layers.BatchNormalization())
        if options.get("dropout"):
            parts.append(layers.Dropout(options["dropout"], name=f"d{place}", seed=seed))
    last = options.get("last", LAST[one.kind])
    out_extra = {"kernel_initializer": options["last_initializer"]} if "last_initializer" in options else {}
    if options.get("last_as_hidden"):
        out_extra |= extra
    parts.append(layers.Dense(options.get("outputs", one.outputs), last, name="out", **out_extra))
    model = keras.Sequential([start, *parts]) if "blocks" not in options else keras.Model(start, _joined(start, parts))
    for name in options.get("frozen", ()):
        model.get_layer(name).trainable = False
    if options.get("frozen_whole"):
        model.trainable = False
    loss = options.get("loss", LOSSES[one.kind])
    optimizer = options.get("optimizer", lambda k: k.optimizers.Adam(options.get("rate", 3e-3)))
    model.compile(optimizer(keras), loss(keras) if callable(loss) else loss)
    return model


def _block(layers: Any, place: int, activation: str) -> Any:
    """Attention and two dense layers, each with a way around, as in a transformer."""
    attention, inner = layers.MultiHeadAttention(2, 8, name=f"a{place}"), layers.Dense(32, activation, name=f"f{place}")
    outer, first, second = (
        layers.Dense(WIDTH, name=f"g{place}"),
        layers.LayerNormalization(),
        layers.LayerNormalization(),
    )

    def block(x: Any) -> Any:
        x = first(layers.Add()([x, attention(x, x)]))
        return second(layers.Add()([x, outer(inner(x))]))

    return block


def _joined(x: Any, parts: list[Any]) -> Any:
    for part in parts:
        x = part(x)
    return x


def metric(setup: Setup, model: Any, x: np.ndarray, y: np.ndarray) -> float:
    """How good it is on the validation rows: balanced accuracy, or the share of the variance that is explained."""
    one = task(setup.task)
    said = np.nan_to_num(np.asarray(model.predict(x, verbose=0)))
    said = said.reshape(len(said), -1)
    if one.kind == "numbers":
        y = np.asarray(y, np.float64).reshape(len(y), -1)
        rest = np.minimum(np.square(said - y).sum(), 1e30)
        return float(max(-1.0, 1 - rest / max(1e-9, np.square(y - y.mean(axis=0)).sum())))
    if one.kind == "labels":
        right = [
            ((said[:, at] > 0.5) == (y[:, at] > 0.5))[y[:, at] == value].mean() for at in range(5) for value in (0, 1)
        ]
        return float(np.mean(right))
    true = np.asarray(y).argmax(1) if np.ndim(y) > 1 and np.shape(y)[1] > 1 else np.asarray(y).reshape(-1)
    is_logit = callable(setup.options.get("loss")) and setup.options.get("last", 1) is None
    guess = said.argmax(1) if said.shape[1] > 1 else (said[:, 0] > (0 if is_logit else 0.5)).astype(float)
    return float(np.mean([(guess == one)[true == one].mean() for one in np.unique(true)]))
