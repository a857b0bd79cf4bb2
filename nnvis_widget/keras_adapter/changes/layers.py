"""Other layers: activations, initialisers, dropout, penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from nnvis_widget.diagnosis.facts import LayerFacts, joined_linearly
from nnvis_widget.keras_adapter.changes.change import Change, InPlace, NotTriedError, Situation

WEIGHING = ("dense", "conv", "depthwise", "transposed")
RELUS = ("relu", "relu6")
ENDED = ("sigmoid", "tanh", "hard_sigmoid", "softsign")
INITIALIZERS = ("kernel_initializer", "depthwise_initializer", "pointwise_initializer")
REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer")
RATE, LESS = 0.3, 0.1
LEAST_MEMORY = 0.9
"""Of the statistics of a normalisation: they have 300 steps to settle."""

Put = Callable[[Any], InPlace]


def activation(situation: Situation) -> Change:
    """Another activation: at the end, where none is, or where units are dead or saturated."""
    rule = situation.finding.rule
    if rule == "output_activation":
        return _at_the_end(situation)
    if rule == "missing_activation":
        return _bent(situation)
    return _leaky(situation) if rule == "dead_relu" else _sound(situation)


def initializer(situation: Situation) -> Change:
    """Kernels of dense and convolutional layers drawn anew."""

    def draw(layer: Any) -> InPlace:
        name = "he_normal" if _activation_of(layer) in (*RELUS, "leaky_relu") else "glorot_uniform"
        return InPlace([_with(layer, **_kernels_by(layer, name))], keeps_weights=False)

    code = "keras.layers.Dense(64, 'relu', kernel_initializer='he_normal')"
    chosen = _choose(situation, lambda one: one.role in WEIGHING, draw)
    return Change("trialInitializer", {"count": len(chosen)}, code, layers=_replacing(chosen), begins_anew=True)


def dropout(situation: Situation) -> Change:
    """Less of it where more than half is left out, else some before each dense layer but the first."""
    high = _choose(situation, lambda one: one.rate > 0.5, lambda layer: InPlace([_with(layer, rate=RATE)]))
    if high or situation.finding.rule == "over_regularised":
        return Change("trialLessDropout", {"rate": RATE}, f"keras.layers.Dropout({RATE})", layers=_replacing(high))
    weighing = [one.id for one in situation.facts.layers if one.role in WEIGHING]
    chosen = _choose(
        situation,
        lambda one: one.role == "dense" and one.id != weighing[0],
        lambda layer: InPlace([keras.layers.Dropout(RATE, seed=0), _with(layer)]),
    )
    return Change("trialDropout", {"rate": RATE}, f"keras.layers.Dropout({RATE})", layers=_replacing(chosen))


def penalty(situation: Situation) -> Change:
    """A tenth of every penalty."""

    def lessened(layer: Any) -> InPlace:
        config = layer.get_config()
        return InPlace([_with(layer, **{name: _less(config[name]) for name in REGULARIZERS if config.get(name)})])

    chosen = {
        id(layer): lessened
        for layer in situation.forward.operations.values()
        if any(getattr(layer, name, None) is not None for name in REGULARIZERS)
    }
    return Change("trialPenalty", code="keras.regularizers.L2(1e-4)", layers=_replacing(chosen))


def ending_in(situation: Situation, name: str, loss: str | None = None) -> Change:
    """Another activation at the end, perhaps with another loss."""
    facts = situation.facts
    code = f"keras.layers.Dense({max(1, facts.output_units)}, {name!r})" + (f"  # loss={loss!r}" if loss else "")
    chosen = _choose(situation, lambda one: one.id in facts.outputs, lambda layer: InPlace([_bent_by(layer, name)]))
    values = {"new": name, "now": facts.output_activation}
    return Change("trialEnd", values, code, layers=_replacing(chosen), loss=loss, begins_anew=True)


def _at_the_end(situation: Situation) -> Change:
    is_of_shares = situation.facts.output_activation == "softmax"
    has_right_loss = not is_of_shares or situation.facts.loss == "binarycrossentropy"
    return ending_in(
        situation, "sigmoid" if is_of_shares else "linear", None if has_right_loss else "binary_crossentropy"
    )


def _bent(situation: Situation) -> Change:
    linear, _ = joined_linearly(situation.facts, ("dense", "conv"))
    chosen = _choose(situation, lambda one: one.id in linear, lambda layer: InPlace([_bent_by(layer, "relu")]))
    values = {"new": "relu", "count": len(chosen)}
    return Change("trialBent", values, "keras.layers.Dense(64, 'relu')", layers=_replacing(chosen), begins_anew=True)


def _leaky(situation: Situation) -> Change:
    facts, place = situation.facts, situation.finding.place.layer
    chosen = _choose(
        situation,
        lambda one: one.activation in RELUS and (one.id not in facts.outputs or one.id == place),
        lambda layer: InPlace([_bent_by(layer, "leaky_relu")]),
    )
    values = {"new": "leaky_relu", "count": len(chosen)}
    return Change("trialBent", values, "keras.layers.Dense(64, 'leaky_relu')", layers=_replacing(chosen))


def _sound(situation: Situation) -> Change:
    """ReLU behind a normalisation instead of what has ends, with kernels drawn for it."""

    def put(layer: Any) -> InPlace:
        behind = [_normalisation(layer), keras.layers.Activation("relu")]
        if isinstance(layer, keras.layers.Activation):
            return InPlace(behind)
        return InPlace([_with(layer, activation="linear", **_kernels_by(layer, "he_normal")), *behind], False)

    facts = situation.facts
    chosen = _choose(situation, lambda one: one.activation in ENDED and one.id not in facts.outputs, put)
    code = (
        "keras.layers.Dense(64, kernel_initializer='he_normal')\n"
        "keras.layers.BatchNormalization()\n"
        "keras.layers.Activation('relu')"
    )
    return Change("trialSound", {"count": len(chosen)}, code, layers=_replacing(chosen), begins_anew=True)


def _choose(situation: Situation, is_meant: Callable[[LayerFacts], bool], put: Put) -> Mapping[int, Put]:
    operations = situation.forward.operations
    return {id(operations[one.id]): put for one in situation.facts.layers if is_meant(one) and one.id in operations}


def _replacing(chosen: Mapping[int, Put]) -> Callable[[Any], InPlace | None]:
    if not chosen:
        raise NotTriedError("no layer of it can be changed so")

    def put(layer: Any) -> InPlace | None:
        make = chosen.get(id(layer))
        return None if make is None else make(layer)

    return put


def _with(layer: Any, **changes: Any) -> Any:
    return type(layer).from_config({**layer.get_config(), **changes})


def _bent_by(layer: Any, name: str) -> Any:
    """The layer with another activation; one that is nothing but an activation is another one."""
    return _with(layer, activation=name) if "activation" in layer.get_config() else keras.layers.Activation(name)


def _activation_of(layer: Any) -> str:
    return str(getattr(getattr(layer, "activation", None), "__name__", ""))


def _kernels_by(layer: Any, name: str) -> dict[str, str]:
    config = layer.get_config()
    return {key: name for key in INITIALIZERS if key in config}


def _normalisation(layer: Any) -> Any:
    axis = 1 if getattr(layer, "data_format", None) == "channels_first" else -1
    return keras.layers.BatchNormalization(axis=axis, momentum=LEAST_MEMORY)


def _less(regularizer: Any) -> Any:
    if not isinstance(regularizer, dict) or regularizer.get("class_name") not in ("L1", "L2", "L1L2"):
        raise NotTriedError("a penalty is none of Keras' own")
    config = {name: LESS * value if value else value for name, value in regularizer["config"].items()}
    return {**regularizer, "config": config}
