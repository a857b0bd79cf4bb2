"""What the next step makes of the weights into a unit, compared with the step as Keras takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.kept_text import anew, kept_text
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass
from nnvis_widget.keras_adapter.one_batch.facts_of_step import NextStep
from nnvis_widget.keras_adapter.one_batch.gradients import part_of, trained
from nnvis_widget.keras_adapter.one_batch.limits import limit_of_dtype
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.keras_adapter.past_weights import past_weights, value_of
from nnvis_widget.workings.arithmetic import Update
from nnvis_widget.workings.card import Card, Draft, compare
from nnvis_widget.workings.layers.facts import LayerFacts
from nnvis_widget.workings.optimizers import update_card

OF_MOVE = 1e-3
OF_THE_PAST = "No update is shown: what the optimiser had kept at this step was not recorded."


def update_of(
    batch: BatchPass, operation: Any, facts: LayerFacts, notes: list[str], step: NextStep | None = None
) -> Update | None:
    """The update of each variable of a layer, as far as it belongs to the unit; `step`: where it is known already."""
    found = trained(operation, batch)
    lacking = _lacking(batch, operation, found)
    if lacking is None and step is None and past_weights():
        lacking = OF_THE_PAST
    if lacking is not None:
        notes.append(phrase(anew(lacking)))
        return None
    try:
        step = step or NextStep(batch.model, batch.passed.gradients)
    except ModelError as error:
        notes.append(phrase("No update is shown: {why}", why=error))
        return None
    before, after, cards = {}, {}, {}
    for name, variable in found.items():
        if id(variable) not in batch.passed.gradients:
            continue
        part = part_of(operation, name, variable, facts.unit, facts.output.shape[-1])
        card = _card(step, variable, part)
        cards[name] = replace(card, title=phrase("Update of {name}", name=name))
        before[name] = np.asarray(on_host(value_of(variable))[part], np.float64)
        after[name] = np.asarray(step.after(variable)[part], np.float64)
    return Update(before, after, cards)


def lacks_step(model: Any) -> str | None:
    """Why no step of a model can be told; `None` where it can."""
    kind: Any = type(model)
    if kind.train_step is keras.Model.train_step:
        return None
    told = "No update is shown: {kind} has a train_step of its own, and what that does is not known."
    return kept_text(phrase, told, kind=kind.__name__)


def _lacking(batch: BatchPass, operation: Any, found: dict[str, Any]) -> str | None:
    if not getattr(operation, "weights", None):
        return None if found else "The layer has no weights, so there is nothing to update."
    if not found:
        return "The weights of the layer are frozen, so no step changes them."
    lacking = lacks_step(batch.model)
    if lacking is not None:
        return lacking
    if not batch.is_training:
        return "No update is shown: a step is taken in training mode. Leave training out."
    return None


def _card(step: NextStep, variable: Any, part: Any) -> Card:
    after = step.after(variable)[part]
    lacking = None
    if not step.is_known:
        unknown = "No rule is shown: {name} is not one that is written out. The weights after it are Keras' own."
        lacking = phrase(unknown, name=step.name)
    elif variable.constraint is not None:
        lacking = "No rule is shown: a constraint follows it. The weights after it are Keras' own."
    if lacking is None:
        limit = limit_of_dtype(variable.dtype)
        told = [_checked(step, variable, part, after, decays, limit) for decays in _ways(step)]
        return min(told, key=lambda card: card.checks[0].difference)
    draft = Draft("Update", f"keras.optimizers.{step.name}")
    draft.notes.append(lacking)
    draft.given("w_before", on_host(value_of(variable))[part], "the weights before the step", "w^-")
    draft.given("g", step.gradients[id(variable)][part], "the gradient of this batch", "g")
    draft.given("w_after", after, "the weights after the step", "w")
    return draft.card()


def _ways(step: NextStep) -> tuple[bool, ...]:
    """With weight decay; also without, for some variables can be left out of it."""
    return (True, False) if step.optimizer.weight_decay else (True,)


def _checked(step: NextStep, variable: Any, part: Any, after: np.ndarray, decays: bool, limit: float) -> Card:
    facts = step.facts(variable, part, decays)
    card = update_card(facts)
    if step.optimizer.weight_decay and not decays:
        card = replace(card, notes=(*card.notes, phrase("This variable is left out of weight decay.")))
    names = [formula.name for formula in card.formulas]
    ours = card.number("w_overwritten" if "w_overwritten" in names else "w_after")
    # Of 1 - 0.999 float32 has four digits only, and Keras divides by that in the first steps.
    moved = _largest(card.number("change")) / max(_largest(after), 1e-30)
    check = compare("the weights after the step", step.against, ours, after, limit + OF_MOVE * moved)
    return replace(card, checks=(check,))


def _largest(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0))
