"""How often and how soon the doctor is right, with Wilson intervals: `python -m tests.faults.judging [open|locked]`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from math import inf, sqrt

from nnvis_widget.core.finding import Finding
from nnvis_widget.core.findings import Findings
from nnvis_widget.diagnosis.doctor import Doctor, judge
from tests.faults.faulty import FAULTY
from tests.faults.healthy import HEALTHY
from tests.faults.setup import Setup
from tests.faults.store import Record, read

HARM = 0.05
Z = 1.96


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, 95 %."""
        if not self.of:
            return 0.0, 1.0
        p, n = self.value, self.of
        middle, half = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return max(0.0, middle - half) / (1 + Z * Z / n), min(1.0, (middle + half) / (1 + Z * Z / n))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits}/{self.of} = {self.value:.2f} ({low:.2f} to {high:.2f})"


STATIC = {
    *("output_activation", "loss_mismatch", "nan_input", "labels_corrupt", "val_mismatch", "unshuffled", "frozen"),
    *("input_not_normalised", "target_scale", "init_symmetric", "missing_activation", "batch_size", "class_imbalance"),
}
"""What can be known before the first step."""


@dataclass(frozen=True)
class Judged:
    """One training, and what is said of it."""

    setup: Setup
    record: Record
    found: Findings
    is_benign: bool

    @property
    def causes(self) -> list[Finding]:
        """Faults and warnings that are no consequences, the worst first."""
        return _causes(self.found)

    @property
    def is_detected(self) -> bool:
        """A fault is told, or a warning that names a right cause."""
        return self._is_detected(self.found)

    def _is_detected(self, found: Findings) -> bool:
        return bool(found.faults) or any(one.rule in self.setup.causes for one in _causes(found))

    @cached_property
    def told_at(self) -> float:
        """The step at which it is detected first; infinite where that is after the last one."""
        doctor = Doctor(self.record.facts)
        for look in self.record.looks:
            doctor.look(look)
            if self._is_detected(doctor.findings):
                return look.step
        return inf

    @property
    def is_first_right(self) -> bool:
        return bool(self.causes) and self.causes[0].rule in self.setup.causes

    @property
    def is_among_three(self) -> bool:
        return any(one.rule in self.setup.causes for one in self.causes[:3])

    @property
    def is_placed(self) -> bool:
        right = [one for one in self.causes if one.rule in self.setup.causes]
        return any((one.place.name or one.place.kind) in self.setup.places for one in right)


def _causes(found: Findings) -> list[Finding]:
    return [one for one in found if not one.because_of and not one.is_over and one.severity != "note"]


def reached() -> dict[str, float]:
    """How good a network without a fault gets at each task."""
    records = read()
    best: dict[str, float] = {}
    for setup in HEALTHY:
        if setup.name in records and setup.name.startswith("plain"):
            best[setup.task] = records[setup.name].metrics[0]
    alike = {"raw_wine": "wine", "raw_cancer": "cancer", "sorted_digits": "digits", "raw_diabetes": "diabetes"}
    return best | {task: best[other] for task, other in alike.items() if other in best}


def judged(locked: bool | None = None) -> list[Judged]:
    """All trainings that are kept; only the locked third, or only the others, where that is asked."""
    records, best = read(), reached()
    found = []
    for setup in (*FAULTY, *HEALTHY):
        if setup.name not in records or locked not in (None, setup.is_locked):
            continue
        record = records[setup.name]
        harm = best.get(setup.task, 1.0) - sum(record.metrics) / len(record.metrics)
        is_benign = bool(setup.causes) and setup.task in best and harm < HARM and not _is_of_data(setup)
        found.append(Judged(setup, record, judge(record.facts, record.looks, is_over=True), is_benign))
    return found


def _is_of_data(setup: Setup) -> bool:
    """Whether what is measured is wrong itself, so that it tells of no harm."""
    return bool(setup.causes & {"val_mismatch", "labels_corrupt"})


def measure(every: list[Judged]) -> dict[str, Share]:
    """The numbers."""
    faulty = [one for one in every if one.setup.causes and not one.is_benign]
    sound = [one for one in every if not one.setup.causes or one.is_benign]
    return {
        "detected": Share(sum(one.is_detected for one in faulty), len(faulty)),
        "false alarms": Share(sum(bool(one.found.faults) for one in sound), len(sound)),
        "right cause first": Share(sum(one.is_first_right for one in faulty), len(faulty)),
        "right cause among three": Share(sum(one.is_among_three for one in faulty), len(faulty)),
        "right place": Share(sum(one.is_placed for one in faulty), len(faulty)),
    }


def latencies(every: list[Judged]) -> dict[str, Share]:
    """How soon the faults are told."""
    faulty = [one for one in every if one.setup.causes and not one.is_benign]
    static = [one for one in faulty if one.setup.causes & STATIC]
    nan = [one for one in faulty if "nan" in one.setup.causes]
    others = [one for one in faulty if one not in static and one not in nan]
    return {
        "static, before the first step": Share(sum(one.told_at < 1 for one in static), len(static)),
        "NaN, within 10 steps": Share(sum(one.told_at <= 10 for one in nan), len(nan)),
        "others, within 50 steps": Share(sum(one.told_at <= 50 for one in others), len(others)),
    }


def main(which: str) -> None:
    every = judged({"open": False, "locked": True}.get(which))
    for name, share in {**measure(every), **latencies(every)}.items():
        print(f"{name}: {share}")
    if which == "locked":
        return  # one by one they are not for the eyes of who moves a threshold
    for one in every:
        is_sound = not one.setup.causes or one.is_benign
        is_right = not one.found.faults if is_sound else one.is_first_right and one.is_placed
        if not is_right:
            told = ", ".join(f"{cause.rule} {cause.severity} {cause.place.text}" for cause in one.causes[:4])
            kind = "benign" if one.is_benign else "faulty" if one.setup.causes else "healthy"
            print(f"  {kind} {one.setup.name!r} {[round(m, 2) for m in one.record.metrics]}: {told or 'nothing'}")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["open"])
