"""What must hold for every program. Each claim gives the faults it finds, in words; none is what we hope for."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

import nnvis_widget as nv
from nnvis_widget.errors import DataError
from tests.keras.page import Page, until

from .programs import ROWS, Program

EPOCHS = 2
BATCH_SIZE = 4
EDGES = ["weight", "signal", "gradient"]


def _is_equal(mine: Any, theirs: Any) -> bool:
    return bool(np.array_equal(mine, theirs, equal_nan=True))


def _is_close(mine: Any, theirs: Any) -> bool:
    return bool(np.allclose(mine, theirs, rtol=1e-4, atol=1e-6, equal_nan=True))


class Outcome:
    """What a training leaves: every variable but the metrics' own, what the callbacks were told, and which random
    numbers come next."""

    def __init__(self, model: Any, logs: list[dict[str, Any]]) -> None:
        optimizer = model.optimizer.variables if model.optimizer is not None else []
        metrics = {id(variable) for variable in model.metrics_variables}
        variables = [v for v in [*model.variables, *optimizer] if id(v) not in metrics]
        self.variables = {v.path: np.array(keras.ops.convert_to_numpy(v)) for v in variables}
        self.logs = logs
        self.next = {
            "keras.random": keras.ops.convert_to_numpy(keras.random.uniform((3,))),
            "numpy": np.random.random(3),
            "random": np.array([random.random() for _ in range(3)]),
        }

    def differences(self, other: Outcome, is_same: Callable[[Any, Any], bool] = _is_equal) -> Iterator[str]:
        """What of the other is not the same; bit for bit, if nothing else is said."""
        pairs = zip(self.variables.items(), other.variables.values(), strict=True)
        yield from (path for (path, mine), theirs in pairs if not is_same(mine, theirs))
        yield from (
            f"the next number of {name}" for name, mine in self.next.items() if (mine != other.next[name]).any()
        )
        if not _same_logs(self.logs, other.logs):
            yield f"logs {self.logs} and {other.logs}"


def _same_logs(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    """Within float error: a Trainer takes some means over an epoch in float64."""
    return len(mine) == len(theirs) and all(
        one.keys() == other.keys()
        and all(np.allclose(one[name], other[name], rtol=1e-5, atol=1e-6, equal_nan=True) for name in one)
        for one, other in zip(mine, theirs, strict=True)
    )


class Logs(keras.callbacks.Callback):
    """Keeps what the callbacks are told at the end of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.told.append({name: np.asarray(value).tolist() for name, value in (logs or {}).items()})


class Looks(keras.callbacks.Callback):
    """A person who looks around: something else after each batch."""

    def __init__(self, page: Page, seed: int) -> None:
        super().__init__()
        self._page = page
        self._random = random.Random(seed)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        page, chance = self._page, self._random
        layers = [layer for layer in (page.graph or {"layers": []})["layers"] if layer["units"]]
        match chance.randrange(8):
            case 0:
                page.sample = chance.randrange(ROWS)
            case 1 if layers:
                layer = chance.choice(layers)
                page.selection = {"layer": layer["id"], "unit": chance.randrange(layer["units"])}
            case 2:
                page.edges = chance.choice(EDGES)
            case 3:
                page.detail = chance.choice(["bundles", "top", "all"])
            case 4:
                page.units = chance.choice(["field", "activation"])
            case 5:
                page.ask("seek", step=0)
            case 6:
                page.ask("go_live")
            case _:
                assert page.describe()


def fit(names: dict[str, Any], *watching: Any, shuffle: bool = True) -> Outcome:
    """`model.fit` as the program means it."""
    logs, data = Logs(), names["data"]
    arrays, options = (data, {"batch_size": BATCH_SIZE}) if isinstance(data, tuple) else ((data,), {})
    if isinstance(data, Iterator):
        options = {"steps_per_epoch": ROWS // BATCH_SIZE}
    callbacks = [*watching, *names["callbacks"], logs]
    names["model"].fit(*arrays, epochs=EPOCHS, verbose=0, callbacks=callbacks, shuffle=shuffle, **options)
    return Outcome(names["model"], logs.told)


def watching_changes_nothing(program: Program) -> Iterator[str]:
    """A watched `fit` ends as the same one that nobody watches; then the view shows what the model does."""
    seed_all(program.seed)
    plain = fit(program.run())
    seed_all(program.seed)
    names = program.run()
    with left_nothing_behind() as left:
        page = Page(names["model"], data=samples_of(names))
        callback = nv.LiveCallback(page)
        watched = fit(names, callback, Looks(page, program.seed))
        yield from (f"watched: {difference}" for difference in plain.differences(watched))
        if page.source.status.state == "running":
            yield "watched: the state is still running"
        if page.source.status.problem is not None:
            yield f"watched: a problem is told: {page.source.status.problem.title}"
        yield from shows_what_the_model_does(page, names, program)
        page.close()
    yield from left


def a_trainer_is_fit(program: Program) -> Iterator[str]:
    """A Trainer ends as `fit` does where both take the data in the same order."""
    if program.container == "generator":
        return
    seed_all(program.seed)
    plain = fit(program.run(), shuffle=False)
    seed_all(program.seed)
    names, logs = program.run(), Logs()
    options = {"batch_size": BATCH_SIZE} if isinstance(names["data"], tuple) else {}
    callbacks = [*names["callbacks"], logs]
    with left_nothing_behind() as left:
        trainer = nv.Trainer(
            names["model"], names["data"], epochs=EPOCHS, callbacks=callbacks, shuffle=False, **options
        )
        page = Page(trainer)
        trainer.start()
        state = trainer.wait(60)
        if state != "finished":
            yield f"Trainer: it ends as {state!r}: {trainer.status.problem}"
        elif trainer.status.problem is not None:
            yield f"Trainer: a problem is told: {trainer.status.problem.title}"
        else:
            # several steps of `fit` in one execution are compiled together, a Trainer's one by one
            is_same = _is_close if "steps_per_execution" in program.source else _is_equal
            trained = Outcome(names["model"], logs.told)
            trained.next = plain.next  # Keras keeps its global generator per thread, and a Trainer has one of its own
            yield from (f"Trainer: {difference}" for difference in plain.differences(trained, is_same))
        page.close()
        del trainer
    yield from left


def shows_what_the_model_does(page: Page, names: dict[str, Any], program: Program) -> Iterator[str]:
    """Every weight and the output on the wire are the model's own."""
    model, x = names["model"], names["x"]
    page.edges = "weight"
    page.detail = "all"
    page.ask("go_live")
    sample = program.seed % ROWS
    page.sample = sample
    try:
        until(lambda: bool(page.frames) and page.frames[-1].header["sample"] == sample)
    except AssertionError:
        yield f"shown: no frame of sample {sample}"
        return
    frame = page.frames[-1]
    predicted = np.asarray(model.predict(x, verbose=0, batch_size=ROWS))
    layers = page.graph["layers"]
    outputs = [s for s in frame.sections if s.quantity == "activation" and s.layer == layers[-1]["id"]]
    if not outputs:
        if names["data"] is not None and program.container in ("arrays", "tensors", "frame"):
            yield "shown: no output of the model"
        return
    shown, right = outputs[0].values.ravel(), predicted[sample].ravel()
    if shown.shape != right.shape or not np.allclose(shown, right, rtol=1e-4, atol=1e-5, equal_nan=True):
        yield f"shown: the output of sample {sample} is {shown}, predict gives {right}"
    yield from _weights(frame, page, model)


def _weights(frame: Any, page: Page, model: Any) -> Iterator[str]:
    known = [np.asarray(keras.ops.convert_to_numpy(weight), np.float64) for weight in model.weights]
    for section in frame.sections:
        if section.quantity != "weight" or section.values.size == 0:
            continue
        values = np.asarray(section.values, np.float64)
        if not any(same(values, weight) for weight in known):
            yield f"shown: {section.layer} {section.name} is no weight of the model"


def same(values: np.ndarray, weight: np.ndarray) -> bool:
    return values.size == weight.size and np.allclose(values.ravel(), weight.ravel(), atol=1e-6, equal_nan=True)


def samples_of(names: dict[str, Any]) -> Any:
    """What a person hands to the view: the arrays, whatever `fit` is given."""
    data = names["data"]
    return data if isinstance(data, tuple) else (names["x"], names["y"])


def seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    keras.utils.set_random_seed(seed)


@contextmanager
def left_nothing_behind() -> Iterator[list[str]]:
    """Threads of ours that do not end; the list is filled when the block has ended."""
    before = set(threading.enumerate())
    left: list[str] = []

    def ours() -> list[str]:
        return [t.name for t in threading.enumerate() if t not in before and t.name.startswith("nnvis")]

    yield left
    try:
        until(lambda: not ours())
    except AssertionError:
        left.extend(f"left behind: the thread {name}" for name in ours())


def faults(program: Program) -> list[str]:
    """What is wrong with this program, by all claims."""
    found: list[str] = []
    for claim in (watching_changes_nothing, a_trainer_is_fit):
        try:
            found += claim(program)
        except DataError as error:
            found.append(f"{claim.__name__}: refused: {error}")
    return found
