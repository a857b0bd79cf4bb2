"""Trains every setup once and keeps facts and looks: `python -m tests.faults.make [words…]`, by hand, half an hour.

With words only setups with one of them in their name; the others stay as they are kept.
"""

from __future__ import annotations

import sys
from itertools import zip_longest
from time import perf_counter
from typing import Any

import numpy as np

from nnvis_widget.control.cadence import Cadence
from nnvis_widget.keras_adapter.examination import Examination
from nnvis_widget.keras_adapter.observer import Observer
from nnvis_widget.keras_adapter.read_data import read_scenery
from nnvis_widget.keras_adapter.read_facts import Plan
from nnvis_widget.run.run import Run
from tests.faults.faulty import FAULTY
from tests.faults.healthy import HEALTHY
from tests.faults.setup import Setup, build, data_of, metric
from tests.faults.store import Record, read, write

LOOKS = 40
SEEDS = (0, 1, 2)


def train(setup: Setup) -> Record:
    """The first seed step by step with looks, the others by `fit`, for how much harm the fault does."""
    seed = setup.options.get("seed", SEEDS[0])
    x, y, xv, yv = data_of(setup, seed)
    model = build(setup, seed)
    steps = -(-len(x) // setup.batch_size)
    is_shuffled = setup.options.get("is_shuffled", True)
    plan = Plan(setup.batch_size, is_shuffled, steps, setup.epochs)
    observer = Observer(model, read_scenery(model, (x, y), (xv, yv)), Run(), Cadence())
    examination = Examination(observer.forward, plan)
    total = steps * setup.epochs
    due = {0, 1, 2, 3, 5, 8, 12, 18, 25, *np.linspace(30, total, LOOKS).astype(int).tolist(), total}
    examination.look(0, 0.0)
    order = np.arange(len(x))
    for step in range(total):
        if step % steps == 0 and is_shuffled:
            order = np.random.default_rng(step).permutation(len(x))
        rows = order[step % steps * setup.batch_size :][: setup.batch_size]
        is_due = step + 1 in due
        if is_due:
            examination.updates.begin()
        model.train_on_batch(x[rows], y[rows])
        if is_due:
            examination.look(step + 1, (step + 1) / steps, examination.updates.end())
    metrics = [metric(setup, model, xv, yv)]
    for seed in SEEDS[1:] if setup.causes else ():  # a healthy one does no harm
        x, y, xv, yv = data_of(setup, seed)
        model = build(setup, seed)
        model.fit(x, y, epochs=setup.epochs, batch_size=setup.batch_size, shuffle=is_shuffled, verbose=0)
        metrics.append(metric(setup, model, xv, yv))
    return Record(examination.doctor.facts, tuple(examination.doctor.looks), tuple(metrics))


def main(words: list[str]) -> Any:
    records = read()
    pairs = zip_longest(reversed(FAULTY), HEALTHY)
    every = {setup.name: setup for pair in pairs for setup in pair if setup is not None}
    records = {name: one for name, one in records.items() if name in every}
    for name, setup in every.items():
        if (words and not any(word in name for word in words)) or (not words and name in records):
            continue
        start_s = perf_counter()
        try:
            records[name] = train(setup)
        except Exception as error:
            print(f"{name}: FAILED: {type(error).__name__}: {error}", flush=True)
            continue
        print(
            f"{name}: {len(records[name].looks)} looks, {records[name].metrics}, {perf_counter() - start_s:.1f} s",
            flush=True,
        )
        write(records)


if __name__ == "__main__":
    main(sys.argv[1:])
