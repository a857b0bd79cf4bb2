"""The arithmetic of one unit, read from one pass through a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import keras
import numpy as np

from nnvis_widget.core.scenery import Scenery
from nnvis_widget.core.words.kept_text import anew
from nnvis_widget.core.words.phrase import phrase
from nnvis_widget.errors import ModelError
from nnvis_widget.keras_adapter.forward import Forward
from nnvis_widget.keras_adapter.one_batch.backward import backward_card
from nnvis_widget.keras_adapter.one_batch.batch_pass import BatchPass, pass_batch
from nnvis_widget.keras_adapter.one_batch.call_record import Call
from nnvis_widget.keras_adapter.one_batch.facts_of_layer import facts_of, first_of
from nnvis_widget.keras_adapter.one_batch.facts_of_step import NextStep
from nnvis_widget.keras_adapter.one_batch.gradients import gradient_of
from nnvis_widget.keras_adapter.one_batch.limits import FORWARD, limit_of
from nnvis_widget.keras_adapter.one_batch.loss_of_batch import loss_cards
from nnvis_widget.keras_adapter.one_batch.slopes import on_host
from nnvis_widget.keras_adapter.one_batch.updates import update_of
from nnvis_widget.keras_adapter.read.nodes import is_input
from nnvis_widget.keras_adapter.read.read_structure import Reading, read_structure
from nnvis_widget.workings.arithmetic import Arithmetic
from nnvis_widget.workings.card import Card, Draft, compare
from nnvis_widget.workings.layers import forward_card
from nnvis_widget.workings.layers.facts import LayerFacts, NotCoveredError

MOST_INPUTS = 1_000


def read_arithmetic(
    model: Any,
    scenery: Scenery,
    layer: Any,
    unit: int = 0,
    sample: int = 0,
    position: Sequence[int] | int | None = None,
    *,
    use: int = 0,
    batch_size: int = 32,
    training: bool | None = None,
) -> Arithmetic:
    """Compute, and compare, all that `nv.arithmetic` tells; nothing of the model is changed.

    Args:
        model: A built Keras model.
        scenery: Its samples.
        layer: Its layer: a name, a path, an id of the graph, or the layer itself.
        unit: Place along the last axis.
        sample: Which sample.
        position: Places along the axes before; `None` for the middle.
        use: Which call of a layer that is called more than once.
        batch_size: Samples of a batch.
        training: Whether the layers do what they do in a step; `None` for: where there is a loss.

    Raises:
        ModelError: If there is no such layer, unit, position or use, or the model cannot be run so.
        DataError: If there is no such sample.
    """
    if not model.built:
        raise ModelError(f"Expected a model that is built, got {model.name!r}. Call it once, or model.build(...).")
    reading = read_structure(model)
    operation = find_layer(reading, model, layer)  # before the pass, which takes its time
    graph = reading.structure.folded()
    operations = {one.id: reading.operations[one.id] for one in graph.layers}
    batch = pass_batch(Forward(model, graph, operations, scenery), sample, batch_size, training)
    return tell(batch, operation, unit, position, use, sample=int(sample))


def tell(
    batch: BatchPass,
    operation: Any,
    unit: int = 0,
    position: Sequence[int] | int | None = None,
    use: int = 0,
    *,
    sample: int = 0,
    step: NextStep | None = None,
    untold: str | None = None,
) -> Arithmetic:
    """The arithmetic of one unit, of a pass that was made.

    Args:
        batch: The pass.
        operation: The layer; see `find_layer`.
        unit: As for `read_arithmetic`, and so the next two: its place along the last axis.
        position: Places along the axes before; `None` for the middle.
        use: Which call of a layer that is called more than once.
        sample: How the chosen sample is called.
        step: The optimiser's step, where it is known already.
        untold: Why no update is told; `None` where it is.

    Raises:
        ModelError: If there is no such unit, position or use, or the model does not call the layer.
    """
    call = _use(batch, operation, use)
    place = _place(operation, call, unit, position)
    facts = facts_of(call, batch.row, place, _names(batch, call), batch.is_training)
    notes = [] if batch.lacking is None else [anew(batch.lacking)]
    cards: dict[str, Card] = {"forward": _forward(facts, call)}
    gradient, update, delta = None, None, None
    if batch.lacking is None:
        cards |= loss_cards(batch, place, call, notes)
        delta, backward = backward_card(batch, call, facts, cards)
        if backward is None:
            notes.append(phrase("The loss of this batch does not depend on this unit."))
        else:
            cards["backward"] = backward
        gradient, card = gradient_of(batch, operation, call, facts, notes)
        if card is not None:
            cards["gradient"] = card
        if untold is None:
            update = update_of(batch, operation, facts, notes, step)
        else:
            notes.append(anew(untold))
    return Arithmetic(
        layer=str(operation.name),
        kind=type(operation).__name__,
        unit=place[-1],
        position=place[:-1],
        sample=sample,
        batch=batch.rows,
        is_training=batch.is_training,
        output=float(on_host(first_of(call.put_out))[(batch.row, *place)]),
        cards=cards,
        delta=delta,
        gradient=gradient,
        update=update,
        notes=tuple(notes),
    )


def find_layer(reading: Reading, model: Any, layer: Any) -> Any:
    """The layer of this name, path or id.

    Raises:
        ModelError: If there is none, or none that computes something.
    """
    if isinstance(layer, keras.Operation):
        found = layer
    else:
        cards = reading.structure.cards
        ids = [card.id for card in cards if layer in (card.path, card.name, card.id)]
        if not ids:
            names = [card.name for card in cards]
            near = get_close_matches(str(layer), names, n=1)
            said = f"Did you mean {near[0]!r}? " if near else ""
            raise ModelError(
                f"Expected the name of a layer of {model.name!r}, got {layer!r}. {said}"
                f"The layers are: {', '.join(map(repr, names[:20]))}."
            )
        found = reading.operations[ids[0]]
    if is_input(found) or not isinstance(found, keras.Operation):
        raise ModelError(f"Expected a layer that computes something, got {layer!r}. Choose one behind the inputs.")
    return found


def _use(batch: BatchPass, operation: Any, use: int) -> Call:
    calls = [call for call in batch.passed.calls if call.operation is operation and call.put_out is not None]
    if not calls:
        raise ModelError(
            f"Expected a layer that the model calls, got {operation.name!r}, of which no call was seen in this "
            "batch. Choose the layer around it, or one that takes part."
        )
    if isinstance(use, bool) or not isinstance(use, int) or not 0 <= use < len(calls):
        raise ModelError(f"Expected use from 0 to {len(calls) - 1} of {operation.name!r}, got use={use!r}.")
    return calls[use]


def _place(operation: Any, call: Call, unit: int, position: Sequence[int] | int | None) -> tuple[int, ...]:
    shape = tuple(int(size) for size in first_of(call.put_out).shape)[1:]
    if not shape or 0 in shape:
        raise ModelError(f"Expected a layer with units, got {operation.name!r}, which puts out one number a sample.")
    given = (position,) if isinstance(position, int | np.integer) else position
    before = tuple(size // 2 for size in shape[:-1]) if given is None else tuple(given)
    if len(before) != len(shape) - 1:
        told = f"{len(shape) - 1} numbers" if len(shape) > 1 else "none"
        raise ModelError(
            f"Expected position with {told}, as {operation.name!r} puts out {shape} for a sample, "
            f"got position={position!r}. Leave it out for the middle."
        )
    for name, at, size in (
        *(("position", at, size) for at, size in zip(before, shape, strict=False)),
        ("unit", unit, shape[-1]),
    ):
        if isinstance(at, bool) or not isinstance(at, int | np.integer) or not 0 <= at < size:
            raise ModelError(f"Expected {name} from 0 to {size - 1} in {operation.name!r}, got {name}={at!r}.")
    return (*(int(at) for at in before), int(unit))


def _names(batch: BatchPass, call: Call) -> tuple[str, ...]:
    """Which layer put out each input."""
    made = {
        id(first_of(one.put_out)): one
        for one in batch.passed.calls
        if one.operation is not call.operation and not isinstance(one.operation, keras.Model)
    }
    return tuple(str(made[id(one)].operation.name) if id(one) in made else phrase("input") for one in call.tensors)


def _forward(facts: LayerFacts, call: Call) -> Card:
    put_out = facts.output[(facts.row, *facts.place)]
    try:
        card = forward_card(facts)
    except NotCoveredError as error:
        told = "No formula is shown: {why}. What it puts out is that of {against}."
        return _opaque(facts, float(put_out), phrase(told, why=phrase(str(error)), against=phrase(FORWARD)))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        told = "No formula is shown: the layer is set up in a manner that is not written ({error})."
        return _opaque(facts, float(put_out), phrase(told, error=type(error).__name__))
    spread = card.sum.spread if card.sum is not None else 0.0
    check = compare("what the unit puts out", FORWARD, card.number("a"), put_out, limit_of(call), spread)
    return replace(card, checks=(check,))


def _opaque(facts: LayerFacts, put_out: float, note: str) -> Card:
    draft = Draft("Forward", FORWARD)
    draft.notes.append(note)
    for place, array in enumerate(facts.inputs):
        own = array[facts.row] if array.ndim else array
        if own.size <= MOST_INPUTS and own.dtype.kind in "fiub":
            draft.given(f"x_{place}", own, phrase("what {layer} brings", layer=facts.names[place]), f"x_{place}")
    draft.given("a", put_out, "what the unit puts out", "a")
    return draft.card()
