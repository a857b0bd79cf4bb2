"""The loss of a sample at each output, and of the batch: what a step lowers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nnvis_widget.core.number_text import format_number
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.keras_adapter.one_batch.backward import is_masked, loss_facts
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import first_of
from nnvis_widget.keras_adapter.one_batch.heads import Head
from nnvis_widget.keras_adapter.one_batch.limits import limit_of
from nnvis_widget.workings.card import Card, compare
from nnvis_widget.workings.losses import Part, batch_loss_card, loss_card

KERAS = "Keras' own loss"


def loss_cards(batch: BatchPass, place: tuple[int, ...], call: Call, notes: list[str]) -> Mapping[str, Card]:
    """The loss of the chosen sample, of several outputs that of each, and the loss of the batch.

    Args:
        batch: The pass.
        place: Of the unit that is told of.
        call: Of its layer.
        notes: What cannot be told is put here.
    """
    amount = format_number(batch.passed.loss or 0.0, 4)
    one = "The loss of this one sample is {loss}."
    told = "The loss of these {count} samples is {loss}." if len(batch.rows) > 1 else one
    notes.append(phrase(told, count=len(batch.rows), loss=amount))
    unknown = "No formula of the loss is shown: {name} is not written out as it is used here; δ is by autodiff."
    if not batch.heads:
        notes.append(phrase(unknown, name=phrase("it")))
        return {}
    cards: dict[str, Card] = {}
    for head in batch.heads:
        card = _of_sample(batch, head, place if first_of(call.put_out) is head.put_out else None)
        if card is None:
            notes.append(phrase(unknown, name=anew(head.loss.name)))
        else:
            cards[f"{head.name}_loss" if head.name else "loss"] = card
    whole = _of_batch(batch)
    return cards if whole is None else {**cards, "loss_of_batch": whole}


def _of_sample(batch: BatchPass, head: Head, place: tuple[int, ...] | None) -> Card | None:
    told = loss_facts(batch, head, place)
    last = batch.last(head)
    if told is None or last is None:
        return None
    facts, at = told
    card = loss_card(facts, phrase("Loss of {layer}", layer=head.name) if head.name else "")
    theirs = head.loss.of_each(head.targets, head.put_out)[batch.row]
    theirs = theirs[at] if np.ndim(theirs) else theirs
    ours = card.number("plain" if facts.weight is not None else "loss")
    spread = card.sum.spread if card.sum is not None else 0.0
    return replace(card, checks=(compare("the loss of this sample", KERAS, ours, theirs, limit_of(last), spread),))


def _of_batch(batch: BatchPass) -> Card | None:
    """`None` where places may count for nothing, or the losses of the samples are put together in another manner.

    A loss of a person's own is not called once more: what it does beside is not known.
    """
    is_told = all(one.is_plain and not is_masked(batch, one) for one in batch.heads)
    if not is_told or batch.passed.loss is None:
        return None
    try:
        parts = [Part(one.name, one.of_each(), one.loss.how, one.of_samples, one.share) for one in batch.heads]
    except (ValueError, TypeError):  # one of the whole batch, such as Dice, tells none of each sample
        return None
    card = batch_loss_card(parts, batch.passed.added)
    limit = max((limit_of(last) for last in map(batch.last, batch.heads) if last is not None), default=1e-5)
    spread = card.sum.spread if card.sum is not None else 0.0
    check = compare("the loss of the batch", KERAS, card.number("loss"), batch.passed.loss, limit, spread)
    return replace(card, checks=(check,))
