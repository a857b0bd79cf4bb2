"""δ of a unit: by the chain rule over what follows, or by the derivative of the loss; compared with autodiff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.edges import look_ahead
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import first_of
from nnvis_widget.keras_adapter.one_batch.heads import Head
from nnvis_widget.keras_adapter.one_batch.limits import AUTODIFF, limit_of
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.workings.activations import ELEMENTWISE
from nnvis_widget.workings.backward import delta_card, plain_delta_card
from nnvis_widget.workings.card import Card, compare
from nnvis_widget.workings.layers.facts import LayerFacts
from nnvis_widget.workings.loss_slopes import output_delta_card
from nnvis_widget.workings.losses import LossFacts


def backward_card(
    batch: BatchPass, call: Call, facts: LayerFacts, cards: Mapping[str, Card]
) -> tuple[float | None, Card | None]:
    """δ by autodiff, and the card that finds it by itself; nothing where the loss does not depend on the unit."""
    put_out = first_of(call.put_out)
    found = inner_slopes(batch, call)
    if found is None:
        return None, None
    inner, slopes = found
    place = facts.place
    delta = float(slopes[place])
    is_output = any(head.put_out is put_out for head in batch.heads)
    card = _output(batch, call, facts) if is_output else _hidden(batch, call, facts, inner, cards)
    if card is None:
        told = "No formula of δ is shown: what follows the unit is not written out."
        return delta, plain_delta_card(delta, told)
    spread = card.sum.spread if card.sum is not None else 0.0
    check = compare("δ of the unit", AUTODIFF, card.number("delta"), delta, limit_of(call), max(spread, _size(slopes)))
    return delta, replace(card, checks=(check,))


def inner_slopes(batch: BatchPass, call: Call) -> tuple[Any, np.ndarray] | None:
    """What δ of a call's units is taken from, and δ of all of them; `None` where the loss does not depend on them."""
    put_out = first_of(call.put_out)
    inner = call.z if call.z is not None else put_out
    slopes = batch.slope(inner)
    if slopes is None and len(call.tensors) == 1 and tuple(call.tensors[0].shape) == tuple(put_out.shape):
        inner = call.tensors[0]  # a softmax as a layer, whose loss is taken from what comes into it
        slopes = batch.slope(inner)
    return None if slopes is None else (inner, slopes)


def loss_facts(batch: BatchPass, head: Head, place: tuple[int, ...] | None) -> tuple[LossFacts, tuple[int, ...]] | None:
    """What the arithmetic of the sample's loss is told, and at which place of the output.

    Args:
        batch: The pass.
        head: An output with its loss.
        place: Of the output; `None` for the first one.

    Returns:
        `None` of a loss that is not written out.
    """
    if not head.is_known or batch.last(head) is None:
        return None
    put_out = on_host(head.put_out)[batch.row]
    if not put_out.ndim:
        return None
    at = place[:-1] if place is not None else (0,) * (put_out.ndim - 1)
    weight = head.weight_of(batch.row)
    if weight is not None and np.isnan(weight):
        return None  # a weight for each place
    try:
        told = head.loss.facts(put_out, head.targets[batch.row], batch.logits(head), weight, at)
    except (ValueError, IndexError):
        return None
    return told, at


def _size(slopes: np.ndarray) -> float:
    finite = slopes[np.isfinite(slopes)]
    return float(np.abs(finite).max(initial=0.0))


def _output(batch: BatchPass, call: Call, facts: LayerFacts) -> Card | None:
    head = batch.head_of(first_of(call.put_out))
    if head is None or call is not batch.last(head) or is_masked(batch, head):
        return None
    told = loss_facts(batch, head, facts.place)
    ahead = look_ahead(batch.passed, call, batch.row, facts.place, batch.scale)
    if told is None or ahead.edges or ahead.others:
        return None
    places = int(np.prod(head.put_out.shape[1:-1])) if head.loss.how == "mean" else 1
    share = (1.0 if told[0].weight is None else told[0].weight) * (1.0 if head.share is None else head.share) / places
    if head.loss.how == "sum":
        share *= batch.scale
    z = None if call.z is None else on_host(call.z)[(batch.row, *facts.place[:-1])]
    if z is None and facts.activation is not None:
        z = np.asarray(facts.sample[facts.place[:-1]])
    return output_delta_card(told[0], facts.unit, facts.activation, z, facts.numbers, share)


def is_masked(batch: BatchPass, head: Head) -> bool:
    """Whether places of an output may count for nothing in its loss."""
    if len(head.put_out.shape) < 3:
        return False
    calls = batch.passed.calls
    return any(
        one.options.get("mask") is not None
        or getattr(one.operation, "mask_zero", False)
        or isinstance(one.operation, keras.layers.Masking)
        for one in calls
    )


def _hidden(batch: BatchPass, call: Call, facts: LayerFacts, inner: object, cards: Mapping[str, Card]) -> Card | None:
    put_out = first_of(call.put_out)
    up = batch.slope(put_out)
    if up is None:
        return None
    slope: float | None = None
    if inner is not put_out:
        if facts.activation not in ELEMENTWISE or not _has(cards["forward"], "slope"):
            return None
        slope = float(cards["forward"].number("slope"))
    ahead = look_ahead(batch.passed, call, batch.row, facts.place, batch.scale)
    if not ahead.edges:
        return None
    rest = None
    if ahead.others:
        rest = float(up[facts.place]) - sum(float(np.sum(one.weights * one.deltas)) for one in ahead.edges)
    return delta_card(ahead.edges, slope, rest, phrase("through {layers}", layers=", ".join(ahead.others)))


def _has(card: Card, name: str) -> bool:
    return any(formula.name == name for formula in card.formulas)
