"""All that a page is told of a step that is gone through."""

from __future__ import annotations

from typing import Any

from nnvis_widget.core.graph import NetworkGraph
from nnvis_widget.core.number_text import format_number, safe_text
from nnvis_widget.core.steps import Steps
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.core.words.language import LANGUAGE
from nnvis_widget.core.words.say import say
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import activation_facts
from nnvis_widget.keras_adapter.one_batch.step_pass import StepPass
from nnvis_widget.keras_adapter.one_batch.step_picture import picture_of
from nnvis_widget.stream.step_cards import cards_message
from nnvis_widget.stream.step_message import picture_message

LOSS_DECIMALS = 4


def told_to_page(
    step: StepPass,
    shown: Steps,
    graph: NetworkGraph,
    chosen: tuple[str, int] | None,
    place: tuple[int, ...] | None = None,
) -> dict[str, Any]:
    """The phase that is shown as picture and cards; see `stream/step_message.py`. Cost: some ms, read from one pass.

    Args:
        step: What was gone through.
        shown: Where one stands in it.
        graph: The layers as a view has them folded.
        chosen: A layer's id and a unit of it; `None` for one of the last layer.
        place: Where in a map; `None` for the middle.
    """
    layers = {layer.id: layer for layer in graph.layers}
    if chosen is None or chosen[0] not in layers:
        chosen = (graph.layers[-1].id, 0)
    columns, edges = picture_of(step, graph, shown.phase, chosen)
    losses = (_loss(step.loss), _loss(step.loss_after))
    moment, batches = step.moment
    key = (chosen, place, shown.sample, shown.is_taken, losses, LANGUAGE.now)
    if step.written[0] != key:  # of all phases the same
        step.written = key, _of_unit(step, chosen, place, losses)
    cards, notes = step.written[1]
    return {
        "number": shown.number,
        "phase": shown.phase,
        "isTaken": shown.is_taken,
        "untaken": safe_text(anew(step.untaken or "")),
        "sample": shown.sample,
        "count": len(step.batch.rows),
        "called": step.batch.rows[shown.sample] if step.has_names else None,
        "epoch": moment.epoch,
        "batch": moment.batch,
        "batches": batches,
        "loss": losses[0],
        "lossAfter": losses[1],
        "chosen": list(chosen),
        "unitTitle": f"{safe_text(layers[chosen[0]].name)} · {chosen[1]}",
        "notes": [safe_text(note) for note in notes],
        **picture_message(columns, edges, shown.phase),
        "cards": cards,
    }


def _of_unit(
    step: StepPass, chosen: tuple[str, int], place: tuple[int, ...] | None, losses: tuple[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Its cards, and what is to be known beside."""
    notes = [anew(step.lacks_update)] if step.lacks_update is not None else []
    if step.may_differ:
        notes.append(say("stepsCallback"))
    try:
        told = step.arithmetic(chosen[0], chosen[1], place if place is None or len(place) else None)
    except ModelError as error:
        return [], [*notes, str(error)]
    operation = step.reading.operations[chosen[0]]
    cards = cards_message(told, activation_facts(operation)[0], losses)
    return cards, [*notes, *(note for note in told.notes if note not in notes)]


def _loss(value: float | None) -> str:
    return "" if value is None else format_number(value, LOSS_DECIMALS)
