"""What must hold for every program. Each claim gives the faults it finds, in words; none is what we hope for."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, isnan, nan
from typing import Any

import keras

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from nnvis_widget.stream.frame import decode_frame
from tests.keras.page import Page, told_layers
from tests.limits import PATIENCE_S
from tests.precisions import MULTIPLIES_BFLOAT16

from .fields_shown import faults_of_fields
from .numbers_shown import Numbers
from .outcome import EPOCHS, Logs, Outcome, begin, fit, is_close, is_equal, left_nothing_behind
from .person import Looks, Person
from .programs import ROWS, Program
from .reference import Reference
from .vocabulary import HEADS
from .words_shown import Words

PANELS_EVERY = 4
UNSEEDED = "Noisy"
"""Keras keeps a generator of numbers without a seed for each thread, and a Trainer has threads of its own."""
ROUNDED = ("lion", "bfloat16")
"""What makes much of a rounding: the sign of a gradient that is zero but for it, or three digits."""
NO_MEANS = ("auc", "f1/each", "error/root")
"""Metrics of which a Trainer on JAX tells an approximation."""


class Unwatched:
    """A program as it runs where nobody looks: what all else is held against."""

    def __init__(self, program: Program) -> None:
        begin(program.seed)
        self.names = program.run()
        self.outcome = fit(self.names)


def watching_changes_nothing(program: Program, plain: Unwatched) -> Iterator[str]:
    """A watched `fit` ends as the same one that nobody watches; then the view shows what the model does."""
    begin(program.seed)
    names = program.run()
    with left_nothing_behind() as left:
        page = Page(names["model"], data=samples_of(names))
        callback = nv.LiveCallback(page)
        watched = fit(names, callback, Looks(Person(page, program.seed)))
        differences = list(plain.outcome.differences(watched))
        yield from (f"watched: {difference}" for difference in differences)
        if page.source.status.state != "finished":
            yield f"watched: the state is {page.source.status.state}"
        if page.source.status.problem is not None:
            yield f"watched: a problem is told: {page.source.status.problem.title}"
        if not page.frames:
            yield "watched: no frame was sent"
        if not differences:
            yield from shows_what_the_model_does(page, plain, program)
        page.close()
    yield from left


def a_trainer_is_fit(program: Program, plain: Unwatched) -> Iterator[str]:
    """A Trainer that somebody pauses, steps and looks at ends as `fit`, or else as the same Trainer left alone."""
    if UNSEEDED in program.source:
        return
    is_fit = program.is_ordered and not _goes_beyond(program) and not _draws_beside_fit(program)
    if is_fit and not any(word in program.source for word in ROUNDED):
        right = plain.outcome
        # A Trainer's steps are compiled as a loop, those of `fit` one by one: some layers round otherwise there.
        is_same = is_equal if "run_eagerly" in program.source and not _lies_otherwise(program) else is_close
    else:
        # Where several steps are executed at once, a single one that a person asks for rounds otherwise.
        right = _trained(program, None)
        is_same = is_close if "steps_per_execution" in program.source else is_equal
    with left_nothing_behind() as left:
        found = _trained(program, Person)
        if isinstance(right, str) or isinstance(found, str):
            yield f"Trainer: {found if isinstance(found, str) else right}"
        else:
            found.next = right.next  # Keras keeps its global generator per thread, and a Trainer has one of its own
            but = NO_MEANS if keras.config.backend() == "jax" else ()
            yield from (f"Trainer: {difference}" for difference in right.differences(found, is_same, but))
        del found
    yield from left


def _lies_otherwise(program: Program) -> bool:
    """Whether `fit` hands torch the columns of a frame as they lie in memory, which it multiplies in another order."""
    return keras.config.backend() == "torch" and program.container == "frame"


def _is_random_in_keras(program: Program) -> bool:
    """On torch Keras (3.15) fills a Normalization that the first batch builds with whatever lies in memory."""
    is_built_late = "class Own(" in program.source and "Normalization(mean" in program.source
    return keras.config.backend() == "torch" and is_built_late


def _draws_beside_fit(program: Program) -> bool:
    """Whether layers draw from torch's one generator, from which the `DataLoader` of `fit` draws, too."""
    return keras.config.backend() == "torch" and "ropout" in program.source


def _goes_beyond(program: Program) -> bool:
    """Whether `fit` takes steps beyond the epoch: it executes several at once, and a generator has more of them."""
    is_whole = ceil(ROWS / program.batch_size) % 2 == 0
    return program.container == "generator" and "steps_per_execution" in program.source and not is_whole


def _trained(program: Program, person: type[Person] | None) -> Outcome | str:
    """What a Trainer leaves that a person plays with, or nobody; in words where it does not end well."""
    begin(program.seed)
    names, logs = program.run(), Logs()
    trainer = nv.Trainer(
        names["model"], names["data"], epochs=EPOCHS, callbacks=[*names["callbacks"], logs], **names["options"]
    )
    if person is None:
        trainer.start()
        state = trainer.wait(PATIENCE_S)
    else:
        page = Page(trainer)
        state = person(page, program.seed).train(trainer, can_reset=program.container != "generator")
        page.close()
    if state != "finished":
        return f"it ends as {state!r}: {trainer.status.problem}"
    if trainer.status.problem is not None:
        return f"a problem is told: {trainer.status.problem.title}"
    return Outcome(names["model"], logs.told)


def shows_what_the_model_does(page: Page, plain: Unwatched, program: Program) -> Iterator[str]:
    """Every number and every word are those of the model that nobody has watched, which is the same one."""
    model, y = plain.names["model"], plain.names["y"]
    sample = program.seed % ROWS
    tolerance = 3e-2 if "bfloat16" in program.source else 1e-4
    page.ask("go_live")
    page.edges, page.detail, page.sample = "gradient", "all", sample
    layers = [layer for layer in told_layers(page.graph) if layer["units"]]
    if layers:
        layer = layers[program.seed % len(layers)]
        page.selection = {"layer": layer["id"], "unit": program.seed % layer["units"]}
    page.look()
    frame = decode_frame(page.get_state("frame")["frame"])
    if frame.header["sample"] != sample:
        yield f"shown: sample {frame.header['sample']}, sample {sample} was chosen"
        return
    reference = Reference(model, plain.names["x"])
    if "uint8" in program.source and not reference.is_alone_as_among_others(sample, tolerance):
        return
    numbers = Numbers(frame, page.graph, reference, sample, tolerance)
    yield from numbers.faults(y)
    extent = decode_frame(page.scenery).header["extent"]
    yield from faults_of_fields(numbers, extent, HEADS[program.head])
    words = Words(program, reference, y, sample, tolerance)
    yield from words.faults(page, plain.outcome.logs)
    if program.seed % PANELS_EVERY == 0:
        yield from words.faults_of_panels(page)


def tells_the_loss_before_it_trains(program: Program, _: Unwatched) -> Iterator[str]:
    """The loss that a Trainer tells before its first epoch has ended is what Keras evaluates on these samples."""
    if program.container not in ("arrays", "tensors") or UNSEEDED in program.source or "class_w" in program.source:
        return
    begin(program.seed)
    names = program.run()
    page = Page(nv.Trainer(names["model"], names["data"], **names["options"]))
    frame = decode_frame(page.get_state("frame")["frame"])
    told = dict(zip(frame.header["scalar_names"], frame.find("scalars").values.tolist(), strict=True)).get("loss", nan)
    page.close()
    if isnan(told):
        return
    begin(program.seed)
    names = program.run()
    count = program.trained_rows
    x, y = keras.tree.map_structure(lambda array: array[:count], (names["x"], names["y"]))
    weights = names["options"]["sample_weight"][:count] if "sample_weight" in names["options"] else None
    model = names["model"]
    outputs = model(x, training=False)  # `evaluate` leaves it to a call without the argument whether it trains
    right = float(model.compute_loss(x, y, outputs, weights, training=False))
    tolerance = 3e-2 if "bfloat16" in program.source else 1e-4
    if abs(told - right) > tolerance * (1 + abs(right)):
        yield f"shown: {told} as the loss before training, it is {right}"


def samples_of(names: dict[str, Any]) -> Any:
    """What a person hands to the view: the arrays, whatever `fit` is given."""
    data = names["data"]
    return data if isinstance(data, tuple) else (names["x"], names["y"])


def faults(program: Program) -> list[str] | None:
    """What is wrong with this program, by all claims; `None` where Keras itself refuses it."""
    if "bfloat16" in program.source and not MULTIPLIES_BFLOAT16:
        return None
    if _is_random_in_keras(program):
        return None
    try:
        plain = Unwatched(program)
    except Exception:
        return None
    found: list[str] = []
    for claim in (watching_changes_nothing, a_trainer_is_fit, tells_the_loss_before_it_trains):
        try:
            found += claim(program, plain)
        except DataError as error:
            found.append(f"{claim.__name__}: refused: {error}")
    keras.utils.clear_session(free_memory=False)
    return found
