"""How often is the doctor right, on trainings that were kept and on a third that no threshold has seen?"""

from __future__ import annotations

from functools import cache

import pytest

from nnvis_widget.diagnosis.doctor import judge
from tests.faults.faulty import FAULTY
from tests.faults.healthy import HEALTHY
from tests.faults.judging import Judged, Share, judged, latencies, measure
from tests.faults.store import read

STATIC = {"output_activation", "loss_mismatch", "nan_input", "labels_corrupt", "val_mismatch", "unshuffled", "frozen"}


@cache
def every(locked: bool) -> list[Judged]:
    return judged(locked)


def test_every_training_of_the_bank_is_kept_once() -> None:
    names = [setup.name for setup in (*FAULTY, *HEALTHY)]
    assert len(names) == len(set(names))
    assert set(read()) == set(names)
    assert min(len(FAULTY), len(HEALTHY)) >= 60
    assert len({setup.task for setup in (*FAULTY, *HEALTHY)}) >= 10


@pytest.mark.parametrize("locked", [False, True], ids=["open", "locked"])
def test_faults_are_found_named_and_placed_and_sound_trainings_left_alone(locked: bool) -> None:
    share = measure(every(locked))
    told = {name: str(one) for name, one in share.items()}
    assert share["detected"].value >= 0.93, told
    assert share["false alarms"].value <= 0.05, told
    assert share["right cause first"].value >= 0.80, told
    assert share["right cause among three"].value >= 0.92, told
    assert share["right place"].value >= 0.85, told


def test_what_is_wrong_before_the_first_step_is_told_then() -> None:
    for one in every(False):
        if one.setup.causes & STATIC and not one.is_benign:
            found = judge(one.record.facts, one.record.looks[:1])
            assert found.faults or "loss_mismatch" in one.setup.causes, one.setup.name
            assert found[0].rule in one.setup.causes, one.setup.name


def test_faults_are_told_soon() -> None:
    share = latencies([*every(False), *every(True)])
    told = {name: str(one) for name, one in share.items()}
    assert share["static, before the first step"].value == 1, told
    assert share["NaN, within 10 steps"].value == 1, told
    assert share["others, within 50 steps"].value >= 0.5, told


def test_an_interval_is_that_of_wilson() -> None:
    low, high = Share(9, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
