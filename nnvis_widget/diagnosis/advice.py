"""What to do about each finding; its words are in core/words/findings.en.json."""

from __future__ import annotations

from collections.abc import Mapping

from nnvis_widget.core.finding import Advice

_CODES = {
    "slower": "model.optimizer.learning_rate = float(model.optimizer.learning_rate) / 10",
    "faster": "model.optimizer.learning_rate = float(model.optimizer.learning_rate) * 10",
    "clip": "model.compile(keras.optimizers.Adam(1e-3, clipnorm=1.0), loss=model.loss)",
    "normalise": "x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-7)",
    "scaleTargets": "y = (y - y.mean(axis=0)) / y.std(axis=0)",
    "leaveOut": "keep = np.isfinite(x).reshape(len(x), -1).all(axis=1)",
    "shuffle": "model.fit(x, y, shuffle=True)",
    "lookAtTargets": "np.unique(y, axis=0, return_counts=True)",
    "numberClasses": "y = np.unique(y, return_inverse=True)[1]",
    "unitPerClass": "len(np.unique(y))",
    "classWeight": "model.fit(x, y, class_weight={0: 1.0, 1: 10.0})",
    "unfreeze": "model.trainable = True\nmodel.compile(model.optimizer.name, model.loss)",
    "randomStart": "keras.layers.Dense(64, 'relu', kernel_initializer='he_normal')",
    "activate": "keras.layers.Dense(64, 'relu')",
    "batchOf32": "model.fit(x, y, batch_size=32)",
    "largerBatch": "model.fit(x, y, batch_size=128)",
    "lessDropout": "keras.layers.Dropout(0.3)",
    "lessPenalty": "keras.regularizers.L2(1e-4)",
    "earlyStop": "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)",
    "trainOn": "model.fit(x, y, epochs=20)",
}
_CHANGES = {
    "slower": "slower",
    "faster": "faster",
    "clipnorm": "clip",
    "normalization": "normalise",
    "activation": "relu leaky sigmoidUnit sigmoidPerLabel plainEnd activate",
    "class_weight": "classWeight",
    "loss": "tellLogits lossForNumbers oneSquash crossEntropies crossEntropy",
    "initializer": "randomStart usualStart",
    "batch_size": "batchOf32 largerBatch",
    "dropout": "lessDropout moreData",
    "penalty": "lessPenalty",
    "early_stop": "earlyStop",
}
_ADVICE = {
    "nan_input": "leaveOut",
    "input_not_normalised.largest": "normalise",
    "input_not_normalised.spread": "normalise",
    "input_not_normalised.offset": "normalise",
    "target_scale.spread": "scaleTargets",
    "target_scale.offset": "scaleTargets",
    "val_mismatch.spread": "scaleAlike",
    "val_mismatch.shift": "splitAtRandom",
    "val_mismatch.features": "splitAtRandom",
    "unshuffled": "shuffle",
    "labels_corrupt.constant": "lookAtTargets",
    "labels_corrupt.fractions": "numberClasses",
    "labels_corrupt.few": "unitPerClass",
    "class_imbalance": "classWeight",
    "class_imbalance.untold": "classWeight",
    "labels_random": "simpleModel",
    "output_activation.one_unit": "sigmoidUnit",
    "output_activation.no_shares": "tellLogits",
    "output_activation.labels": "sigmoidPerLabel",
    "output_activation.range": "plainEnd",
    "loss_mismatch.range": "lossForNumbers",
    "loss_mismatch.logits": "oneSquash",
    "loss_mismatch.numbers": "crossEntropies",
    "loss_mismatch.binary": "crossEntropy",
    "frozen.all": "unfreeze",
    "frozen.unreached": "connect",
    "init_symmetric": "randomStart",
    "init_scale.high": "usualStart",
    "init_scale.low": "usualStart",
    "missing_activation": "activate",
    "batch_size": "batchOf32",
    "lr_too_high.updates": "slower",
    "lr_too_high.climbed": "slower clip",
    "lr_too_high.worse": "slower clip",
    "lr_too_high.jump": "slower clip",
    "lr_too_low": "faster",
    "oscillation": "slower largerBatch",
    "dead_relu": "leaky slower",
    "saturation": "normalise relu",
    "vanishing_gradient": "relu fewerLayers",
    "exploding_gradient.sudden": "clip slower",
    "exploding_gradient.growth": "clip slower",
    "nan": "slower clip",
    "constant_output": "slower",
    "plateau": "faster slower seeTogether",
    "loss_metric_disagree": "seeLoss",
    "over_regularised.dropout": "lessDropout",
    "over_regularised.penalty": "lessPenalty",
    "over_regularised.collapsed": "lessPenalty",
    "overfit.heart": "moreData",
    "overfit": "earlyStop moreData",
    "too_few_epochs": "trainOn faster",
    "underfit": "larger",
}


def _advice(words: str) -> Advice:
    change = next((one for one, those in _CHANGES.items() if words in those.split()), "")
    return Advice(words, _CODES.get(words, ""), change)


ADVICE: Mapping[str, tuple[Advice, ...]] = {kind: tuple(map(_advice, words.split())) for kind, words in _ADVICE.items()}
"""By rule, or by rule and kind: what to do, the best first."""


def advice_for(rule: str, kind: str) -> tuple[Advice, ...]:
    """What to do about a finding; nothing of a rule of a person's own."""
    return ADVICE.get(f"{rule}.{kind}") or ADVICE.get(rule) or ()
