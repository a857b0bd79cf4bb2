"""A training, and all that it leaves."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import comm
import keras
import numpy as np

from tests.keras.page import until

EPOCHS = 2


def is_equal(mine: Any, theirs: Any) -> bool:
    return bool(np.array_equal(mine, theirs, equal_nan=True))


def is_close(mine: Any, theirs: Any) -> bool:
    """But for rounding, of which an optimiser makes steps where it divides by a gradient that is zero but for it.

    A bias before a normalisation has such a gradient; a step of Adam is 0.001 at least.
    """
    finite = np.abs(np.where(np.isfinite(theirs), theirs, 0))
    near = 1e-4 + 1e-3 * float(np.max(finite, initial=0))
    return bool(np.allclose(mine, theirs, rtol=1e-4, atol=near, equal_nan=True))


class Logs(keras.callbacks.Callback):
    """Keeps what the callbacks are told at the end of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.told.clear()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.told.append({name: np.asarray(value).tolist() for name, value in (logs or {}).items()})


class Outcome:
    """What a training leaves: every variable but the metrics' own, what the callbacks were told, and which random
    numbers come next."""

    def __init__(self, model: Any, logs: list[dict[str, Any]]) -> None:
        optimizer = model.optimizer.variables if model.optimizer is not None else []
        metrics = {id(variable) for variable in model.metrics_variables}
        variables = [v for v in [*model.variables, *optimizer] if id(v) not in metrics]
        self.variables = {f"{i} {v.path}": np.array(keras.ops.convert_to_numpy(v)) for i, v in enumerate(variables)}
        self.logs = logs
        self.next = {
            "keras.random": keras.ops.convert_to_numpy(keras.random.uniform((3,))),
            "numpy": np.random.random(3),
            "random": np.array([random.random() for _ in range(3)]),
            "torch": _next_of_torch(),
        }

    def differences(
        self, other: Outcome, is_same: Callable[[Any, Any], bool] = is_equal, but: Collection[str] = ()
    ) -> Iterator[str]:
        """What of the other is not the same; bit for bit, if nothing else is said.

        Args:
            other: Another training.
            is_same: Compares variables.
            but: Metrics that are not compared.
        """
        pairs = zip(self.variables.items(), other.variables.values(), strict=True)
        yield from (path for (path, mine), theirs in pairs if not is_same(mine, theirs))
        yield from (
            f"the next number of {name}" for name, mine in self.next.items() if (mine != other.next[name]).any()
        )
        if len(self.logs) != len(other.logs):
            yield f"{len(self.logs)} epochs and {len(other.logs)}"
        for epoch, (mine_of, theirs_of) in enumerate(zip(self.logs, other.logs, strict=False)):
            yield from (f"epoch {epoch}: {fault}" for fault in _other_logs(mine_of, theirs_of, but))


def _next_of_torch() -> np.ndarray:
    if keras.config.backend() != "torch":
        return np.zeros(0)
    import torch

    return np.asarray(torch.rand(3).numpy())


def _other_logs(mine: dict[str, Any], theirs: dict[str, Any], but: Collection[str]) -> Iterator[str]:
    """Within float error: a Trainer takes some means over an epoch in float64."""
    if mine.keys() != theirs.keys():
        yield f"logs of {sorted(mine)} and {sorted(theirs)}"
    for name in sorted(mine.keys() & theirs.keys()):
        if name.endswith(tuple(but)):  # behind the name of an output
            continue
        if not np.allclose(mine[name], theirs[name], rtol=1e-5, atol=1e-6, equal_nan=True):
            yield f"{name} {mine[name]} and {theirs[name]}"


def fit(names: dict[str, Any], *watching: Any) -> Outcome:
    """`model.fit` as the program means it."""
    logs, data = Logs(), names["data"]
    arrays = data if isinstance(data, tuple) else (data,)
    callbacks = [*watching, *names["callbacks"], logs]
    names["model"].fit(*arrays, epochs=EPOCHS, verbose=0, callbacks=callbacks, **names["options"])
    return Outcome(names["model"], logs.told)


def begin(seed: int) -> None:
    """All random generators, and all that Keras keeps, as in a new process."""
    keras.utils.clear_session(free_memory=False)
    random.seed(seed)
    np.random.seed(seed)
    keras.utils.set_random_seed(seed)


@contextmanager
def left_nothing_behind() -> Iterator[list[str]]:
    """Threads of ours that do not end, and widgets that stay open; the list is filled when the block has ended."""
    threads, widgets = set(threading.enumerate()), _count_open()
    left: list[str] = []

    def ours() -> list[str]:
        return [t.name for t in threading.enumerate() if t not in threads and t.name.startswith("nnvis")]

    yield left
    try:
        until(lambda: not ours())
    except AssertionError:
        left.extend(f"left behind: the thread {name}" for name in ours())
    if _count_open() != widgets:
        left.append(f"left behind: {_count_open() - widgets} widgets")


def _count_open() -> int:
    """All open widgets, layouts and styles too: each has a comm."""
    return len(comm.get_comm_manager().comms)
