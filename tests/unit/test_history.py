"""Does the doctor say of the past what stood then, and under other thresholds what it would have said?"""

import pytest

from nnvis_widget.diagnosis.course import Course
from nnvis_widget.diagnosis.doctor import Doctor, default_thresholds
from nnvis_widget.diagnosis.registry import all_rules
from tests.faults.faulty import FAULTY
from tests.faults.healthy import HEALTHY
from tests.faults.store import read

OPEN = [setup.name for setup in (*FAULTY, *HEALTHY) if not setup.is_locked][::6]


def told(findings):
    return [(one.rule, one.place.key, one.since_step, one.severity, one.because_of, one.is_over) for one in findings]


@pytest.fixture(scope="module")
def records():
    kept = read()
    return [kept[name] for name in OPEN]


def test_the_past_is_told_as_it_was_told_then(records):
    for record in records:
        doctor, then = Doctor(record.facts), {}
        for look in record.looks:
            doctor.look(look)
            then[look.step] = doctor.findings
        doctor.end()
        for step, findings in list(then.items())[:-1]:
            assert told(doctor.at(step)) == told(findings)
            assert doctor.at(step).fine == findings.fine
            known = [one for found in doctor.at(step) for one in found.evidence]
            assert all(one.steps[-1] <= step for one in known if one.steps)
        assert told(doctor.at(10**9)) == told(doctor.findings)


@pytest.mark.parametrize("name", ["dead_relu", "plateau", "update_high", "hurts", "too_few_epochs"])
def test_another_threshold_is_as_if_it_had_been_so_from_the_beginning(records, name):
    for record in records:
        doctor = looked_over(record)
        for factor in (0.3, 2.5, 1.0):
            value = default_thresholds()[name] * factor
            doctor.set_threshold(name, value)
            other = looked_over(record, {name: value})
            assert told(doctor.findings) == told(other.findings)
            for look in record.looks[::3]:
                assert told(doctor.at(look.step)) == told(other.at(look.step))
            assert doctor.lanes() == other.lanes()


def looked_over(record, thresholds=None):
    doctor = Doctor(record.facts, thresholds)
    for place, look in enumerate(record.looks):
        if place == len(record.looks) // 2:
            doctor.rate_changed()
        doctor.look(look)
    doctor.end()
    return doctor


def test_a_rule_names_every_threshold_that_it_goes_by(records):
    asked = set()

    class Told(dict):
        def __getitem__(self, name):
            asked.add(name)
            return super().__getitem__(name)

    for rule in all_rules():
        asked.clear()
        for record in records:
            course = Course(record.facts, [rule], Told(default_thresholds()))
            for look in record.looks:
                course.look(look)
            course.end()
        assert [name for name in asked if not rule.goes_by(name)] == [], rule.name


def test_of_too_many_looks_every_second_old_one_goes_and_the_rest_is_judged_on(records):
    record = max(records, key=lambda one: len(one.looks))
    few = Doctor(record.facts, byte_budget=30_000)
    for look in record.looks:
        few.look(look)
    assert 8 <= len(few.looks) < len(record.looks)
    steps = [look.step for look in few.looks]
    assert steps == sorted(set(steps))
    assert steps[-1] == record.looks[-1].step
    assert len(few.lanes()) == 9
    few.set_threshold("dead_relu", 0.2)
    assert [look.step for look in few.looks] == steps
