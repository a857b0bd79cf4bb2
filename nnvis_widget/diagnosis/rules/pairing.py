"""Do output, loss and targets belong together?"""

from __future__ import annotations

from collections.abc import Iterator

from nnvis_widget.core.finding import Place, Severity
from nnvis_widget.diagnosis.rule import Case, NotChecked, Rule, Sign

SHARES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0)}
RANGES = SHARES | {"tanh": (-1.0, 1.0)} | dict.fromkeys(("relu", "softplus", "exponential"), (0.0, float("inf")))
CROSS_ENTROPIES = ("sparsecategoricalcrossentropy", "categoricalcrossentropy", "binarycrossentropy")
LOSS_NAMES = {
    "sparsecategoricalcrossentropy": "sparse_categorical_crossentropy",
    "categoricalcrossentropy": "categorical_crossentropy",
    "binarycrossentropy": "binary_crossentropy",
    "meansquarederror": "mean_squared_error",
    "meanabsoluteerror": "mean_absolute_error",
}
OF_NUMBERS = ("meansquarederror", "meanabsoluteerror", "huber", "logcosh")


def output_activation(case: Case) -> Iterator[Sign]:
    """An output that cannot say what the loss asks for; a warning where the run shows that it works nevertheless."""
    facts, activation, targets = case.facts, case.facts.output_activation, case.facts.targets
    if activation is None or len(facts.outputs) != 1:
        raise NotChecked("the last activation is not known, or there are several outputs")
    place, severity = case.place(facts.outputs[0]), _severity(case)
    says: dict[str, object] = {"activation": activation, "loss": LOSS_NAMES.get(facts.loss or "", facts.loss)}
    if activation == "softmax" and facts.output_units == 1:
        yield Sign(place, "fault", 1, 2, "one_unit", says)
    elif facts.loss in CROSS_ENTROPIES and not facts.from_logits and activation in ("linear", "relu", "tanh"):
        yield Sign(place, severity, 0, 0, "no_shares", says)
    elif activation == "softmax" and targets is not None and targets.marked_twice > case.thresholds["marked_twice"]:
        yield Sign(place, severity, targets.marked_twice, case.thresholds["marked_twice"], "labels", says)
    elif activation in RANGES and targets is not None and facts.loss in OF_NUMBERS and targets.high > targets.low:
        low, high = RANGES[activation]
        beyond = max(0.0, low - targets.low) + max(0.0, targets.high - high)
        share, limit = beyond / (targets.high - targets.low), case.thresholds["out_of_range"]
        if share > limit:
            says |= {"low": targets.low, "high": targets.high}
            yield Sign(place, severity, share, limit, "range", says)


def _severity(case: Case) -> Severity:
    return "warning" if case.works else "fault"


def loss_mismatch(case: Case) -> Iterator[Sign]:
    """A loss that is made for other outputs or targets."""
    facts, activation, targets = case.facts, case.facts.output_activation, case.facts.targets
    if facts.loss is None:
        raise NotChecked(facts.why_unknown("loss") or "the loss is none of Keras' own that is known here")
    says = {"activation": activation, "loss": LOSS_NAMES.get(facts.loss or "", facts.loss)}
    is_binary = facts.loss == "binarycrossentropy"
    if is_binary and targets is not None and (targets.low < 0 or targets.high > 1):
        value = targets.low if targets.low < 0 else targets.high
        yield Sign(Place("loss"), _severity(case), value, 1, "range", says)
    elif facts.from_logits and activation in ("softmax", "sigmoid") and facts.loss in CROSS_ENTROPIES:
        yield Sign(Place("loss"), "warning", 1, 0, "logits", says)
    elif activation == "softmax" and facts.output_units > 1 and facts.loss in OF_NUMBERS:
        yield Sign(Place("loss"), "warning", 1, 0, "numbers", says)
    elif activation == "softmax" and facts.output_units > 1 and is_binary:
        yield Sign(Place("loss"), "warning", 1, 0, "binary", says)


RULES = (
    Rule(
        "output_activation",
        "pairing",
        output_activation,
        thresholds={"out_of_range": 0.02, "marked_twice": 0.05},
        needs="facts",
        uses=("works", "learnt"),
    ),
    Rule("loss_mismatch", "pairing", loss_mismatch, needs="facts", uses=("works", "learnt")),
)
