"""What an optimiser makes of a gradient: the rule of each, with its slots before and after.

The rules are written as `keras.optimizers` computes them (keras.io/api/optimizers), which for some is another form of
what their paper has; the paper stands in each line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.workings.card import Card, Draft
from nnvis_widget.workings.value import Value, magnitude, maximum, minimum, sign, sqrt


@dataclass(frozen=True)
class StepFacts:
    """What an update is told.

    Attributes:
        name: The optimiser's class, such as `Adam`.
        weights: Of one variable, or a part of it, before the step.
        gradient: Of the batch, of the same shape, as autodiff gives it.
        slots: What the optimiser has kept of them, by name.
        config: What the optimiser was made with.
        rate: The learning rate of this step.
        step: How many updates were made before.
        batches: How many batches were seen before: more, where gradients are gathered.
        norm: The length of this variable's whole gradient, for `clipnorm`.
        global_norm: The length of all gradients together, for `global_clipnorm`.
        decays: Whether weight decay is for this variable.
    """

    name: str
    weights: np.ndarray
    gradient: np.ndarray
    slots: Mapping[str, np.ndarray] = field(default_factory=dict)
    config: Mapping[str, object] = field(default_factory=dict)
    rate: float = 0.01
    step: int = 0
    batches: int = 0
    norm: float = 0.0
    global_norm: float = 0.0
    decays: bool = True

    def number(self, name: str) -> float:
        """A number of the config; 0 where it is not set."""
        value = self.config.get(name)
        return float(value) if isinstance(value, int | float) else 0.0


class Step:
    """One update that is being written."""

    def __init__(self, facts: StepFacts) -> None:
        self.facts = facts
        self.draft = Draft("Update", f"keras.optimizers.{facts.name}")
        self.rate = self.draft.given("rate", facts.rate, "the learning rate of this step", r"\eta")

    def slot(self, name: str, latex: str) -> Value:
        """What the optimiser has kept, before this step."""
        return self.draft.given(
            f"{name}_before", self.facts.slots[name], phrase("{name} before the step", name=name), f"{latex}^-"
        )

    def keep(self, name: str, value: Value, latex: str) -> Value:
        """What it keeps from now on."""
        return self.draft.let(f"{name}_after", value, phrase("{name} after the step", name=name), latex)

    def number(self, name: str, latex: str) -> Value:
        """A number that the optimiser was made with."""
        return self.draft.given(name, self.facts.number(name), name, latex)

    def count(self) -> Value:
        """t, the number of this step, from 1."""
        return self.draft.given("t", float(self.facts.step + 1), "the number of this step", "t")


Rule = Callable[[Step, Value], Value]


def _sgd(step: Step, g: Value) -> Value:
    """Robbins and Monro 1951; momentum Polyak 1964; Nesterov as in Sutskever et al. 2013."""
    if not step.facts.number("momentum"):
        return -(step.rate * g)
    mu = step.number("momentum", r"\mu")
    velocity = step.keep("momentum", mu * step.slot("momentum", "v") - step.rate * g, "v")
    return mu * velocity - step.rate * g if step.facts.config.get("nesterov") else velocity


def _rmsprop(step: Step, g: Value) -> Value:
    """Tieleman and Hinton 2012, lecture 6.5; centred: Graves 2013, arXiv:1308.0850, equations 38-45."""
    rho, epsilon = step.number("rho", r"\rho"), step.number("epsilon", r"\varepsilon")
    square = step.keep("velocity", rho * step.slot("velocity", "v") + (1 - rho) * g**2, "v")
    under = square + epsilon
    if step.facts.config.get("centered"):
        centre = step.keep("average_gradient", rho * step.slot("average_gradient", "c") + (1 - rho) * g, "c")
        under = square - centre**2 + epsilon
    move = step.draft.let("move", step.rate * g / sqrt(under), "the gradient over its usual size", "s")
    if not step.facts.number("momentum"):
        return -move
    mu = step.number("momentum", r"\mu")
    return -step.keep("momentum", mu * step.slot("momentum", "p") + move, "p")


def _adagrad(step: Step, g: Value) -> Value:
    """Duchi et al. 2011, jmlr.org/papers/v12/duchi11a."""
    epsilon = step.number("epsilon", r"\varepsilon")
    squares = step.keep("accumulator", step.slot("accumulator", "G") + g**2, "G")
    return -(step.rate * g / sqrt(squares + epsilon))


def _adadelta(step: Step, g: Value) -> Value:
    """Zeiler 2012, arXiv:1212.5701, algorithm 1."""
    rho, epsilon = step.number("rho", r"\rho"), step.number("epsilon", r"\varepsilon")
    squares = step.keep("accumulated_grad", rho * step.slot("accumulated_grad", "G") + (1 - rho) * g**2, "G")
    moves = step.slot("accumulated_delta_var", "D")
    move = step.draft.let("move", -(sqrt(moves + epsilon) * g / sqrt(squares + epsilon)), "the move at rate 1", "d")
    step.keep("accumulated_delta_var", rho * moves + (1 - rho) * move**2, "D")
    return step.rate * move


def _moments(step: Step, g: Value) -> tuple[Value, Value, Value, Value]:
    first, second = step.number("beta_1", r"\beta_1"), step.number("beta_2", r"\beta_2")
    kept, squares = step.slot("momentum", "m"), step.slot("velocity", "v")
    m = step.keep("momentum", kept + (g - kept) * (1 - first), "m")
    v = step.keep("velocity", squares + (g**2 - squares) * (1 - second), "v")
    return first, second, m, v


def _adam(step: Step, g: Value) -> Value:
    """Kingma and Ba 2014, arXiv:1412.6980, the form before section 2.1; AMSGrad: Reddi et al. 2018, arXiv:1904.09237;
    AdamW: Loshchilov and Hutter 2017, arXiv:1711.05101."""
    first, second, m, v = _moments(step, g)
    epsilon, t = step.number("epsilon", r"\varepsilon"), step.count()
    m_hat = step.draft.let("m_hat", m / (1 - first**t), "m without its bias to 0", r"\hat m")
    if step.facts.config.get("amsgrad"):
        v = step.keep("velocity_hat", maximum(step.slot("velocity_hat", r"v^{\max}"), v), r"v^{\max}")
    v_hat = step.draft.let("v_hat", v / (1 - second**t), "v without its bias to 0", r"\hat v")
    told = "ε on the scale of v̂: Keras adds it to √v"
    fuzz = step.draft.let("fuzz", epsilon / sqrt(1 - second**t), told, r"\hat\varepsilon")
    return -(step.rate * m_hat / (sqrt(v_hat) + fuzz))


def _nadam(step: Step, g: Value) -> Value:
    """Dozat 2016, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, algorithm 2."""
    first, second, m, v = _moments(step, g)
    epsilon, t = step.number("epsilon", r"\varepsilon"), step.count()
    now = step.draft.let("u", first * (1 - 0.5 * 0.96**t), "the momentum of this step", "u_t")
    following = step.draft.let("u_next", first * (1 - 0.5 * 0.96 ** (t + 1)), "of the next one", "u_{t+1}")
    product = step.keep("u_product", step.slot("u_product", r"\pi") * now, r"\pi")
    ahead = following * m / (1 - product * following)
    m_hat = step.draft.let("m_hat", ahead + (1 - now) * g / (1 - product), "m, a step ahead", r"\hat m")
    v_hat = step.draft.let("v_hat", v / (1 - second**t), "v without its bias to 0", r"\hat v")
    return -(step.rate * m_hat / (sqrt(v_hat) + epsilon))


def _adamax(step: Step, g: Value) -> Value:
    """Kingma and Ba 2014, arXiv:1412.6980, algorithm 2."""
    first, second = step.number("beta_1", r"\beta_1"), step.number("beta_2", r"\beta_2")
    epsilon, t = step.number("epsilon", r"\varepsilon"), step.count()
    kept = step.slot("momentum", "m")
    m = step.keep("momentum", kept + (g - kept) * (1 - first), "m")
    u = step.keep("norm", maximum(second * step.slot("norm", "u"), magnitude(g)), "u")
    return -(step.rate * m / ((1 - first**t) * (u + epsilon)))


def _lion(step: Step, g: Value) -> Value:
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2."""
    first, second = step.number("beta_1", r"\beta_1"), step.number("beta_2", r"\beta_2")
    kept = step.slot("momentum", "m")
    side = step.draft.let("side", sign(kept * first + g * (1 - first)), "only its sign counts", "s")
    step.keep("momentum", kept * second + g * (1 - second), "m")
    return -(step.rate * side)


RULES: Mapping[str, tuple[Rule, tuple[str, ...]]] = {
    "SGD": (_sgd, ("momentum",)),
    "RMSprop": (_rmsprop, ("velocity", "momentum", "average_gradient")),
    "Adagrad": (_adagrad, ("accumulator",)),
    "Adadelta": (_adadelta, ("accumulated_grad", "accumulated_delta_var")),
    "Adam": (_adam, ("momentum", "velocity", "velocity_hat")),
    "AdamW": (_adam, ("momentum", "velocity", "velocity_hat")),
    "Nadam": (_nadam, ("momentum", "velocity", "u_product")),
    "Adamax": (_adamax, ("momentum", "norm")),
    "Lion": (_lion, ("momentum",)),
}
"""The rule of each optimiser, and the slots that it may have."""


def update_card(facts: StepFacts) -> Card:
    """The update of one variable, or of a part of it.

    The gradient is gathered (`gradient_accumulation_steps`), clipped, the weights decay, the rule is applied, and the
    moving average follows: in this order, as Keras does it.

    Returns:
        A card with `w_before`, `w_after`, `change`, `momentum_before`, `momentum_after` and so on.
    """
    step = Step(facts)
    draft = step.draft
    before = draft.given("w_before", facts.weights, "the weights before the step", "w^-")
    g = draft.given("g", facts.gradient, "the gradient of this batch", "g")
    every = int(facts.number("gradient_accumulation_steps"))
    if every:
        gathered = draft.given("gathered", facts.slots["gradient_accumulator"], "gradients of the steps before", "G")
        if (facts.batches + 1) % every:
            draft.notes.append(
                phrase(
                    "The weights move every {every} steps; this one only adds its gradient to the others.", every=every
                )
            )
            draft.let("gradient_accumulator_after", gathered + g, "gradients with this one", "G'")
            draft.let("change", 0 * before, "what this step changes", r"\Delta w")
            return _averaged(step, before, before)
        g = draft.let(
            "g_mean", (g + gathered) / every, phrase("the mean gradient of {every} steps", every=every), r"\bar g"
        )
    g = _clipped(step, g)
    weights = before
    if facts.number("weight_decay") and facts.decays:
        decay = step.number("weight_decay", r"\lambda")
        weights = draft.let("w_decayed", before - before * decay * step.rate, "the weights, decayed", "w^d")
    change = draft.let("change", RULES[facts.name][0](step, g), "what the rule adds", r"\Delta w")
    return _averaged(step, weights, weights + change)


def _clipped(step: Step, g: Value) -> Value:
    facts, draft = step.facts, step.draft
    if facts.number("clipvalue"):
        limit = step.number("clipvalue", "c")
        return draft.let("g_clipped", minimum(maximum(g, -limit), limit), "the gradient, cut off", r"g^c")
    for name, norm, told in (
        ("clipnorm", facts.norm, "the length of this variable's gradient"),
        ("global_clipnorm", facts.global_norm, "the length of all gradients"),
    ):
        if facts.number(name):
            limit = step.number(name, "c")
            length = draft.given("length", norm, told, r"\lVert g \rVert")
            share = draft.let("share", limit / maximum(length, limit), "what is left of it", "k")
            return draft.let("g_clipped", g * share, "the gradient, shortened", "g^c")
    return g


def _averaged(step: Step, weights: Value, after: Value) -> Card:
    draft, facts = step.draft, step.facts
    new = draft.let("w_after", after, "the weights after the step", "w")
    if facts.config.get("use_ema"):
        share = step.number("ema_momentum", "k")
        old = step.slot("average", r"\bar w")
        # The average of the first step begins with the weights themselves.
        kept = share if facts.step else 0 * share
        average = step.keep("average", kept * old + (1 - kept) * new, r"\bar w")
        every = int(facts.number("ema_overwrite_frequency"))
        if every and (facts.step + 1) % every == 0:
            draft.let("w_overwritten", average + 0 * new, "the weights, overwritten by their average", r"w'")
    return draft.card()
