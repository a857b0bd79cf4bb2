"""What every source holds: which commands it accepts, in which order they are obeyed, and what becomes of one that
fails. Every row of the table is asked of every combination of capabilities."""

import threading
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnvis_widget.control.source_core import SourceCore
from nnvis_widget.control.watch_list import WatchList
from nnvis_widget.core.command import (
    BY_NAME,
    COMMANDS,
    Capability,
    Command,
    Pause,
    Reset,
    Resume,
    RunSteps,
    SetHyperparameter,
    Stop,
    Unwatch,
    Watch,
    read_command,
)
from nnvis_widget.core.status import State
from nnvis_widget.errors import CommandError

CAPABILITIES = [set(some) for count in range(5) for some in combinations(get_args(Capability), count)]
STATES = get_args(State)
WITH_ARGUMENTS = [(kind, name) for kind in COMMANDS for name in kind.arguments]


def core_of(capabilities, handlers=None, **options):
    """A source that notes what it obeys."""
    obeyed = []
    noting = {kind.command: obeyed.append for kind in COMMANDS if kind.name is not None}
    core = SourceCore(capabilities, "Expected less than {command}.", WatchList(), noting | (handlers or {}), **options)
    return core, obeyed


def example(kind):
    return kind.command(**{name: argument.example for name, argument in kind.arguments.items()})


@pytest.mark.parametrize("kind", BY_NAME.values(), ids=lambda kind: kind.name)
def test_a_command_is_obeyed_by_whom_the_table_says_and_refused_by_others(kind):
    arguments = {name: argument.example for name, argument in kind.arguments.items()}
    command = read_command(kind.name, arguments)
    assert command == example(kind)
    for capabilities in CAPABILITIES:
        core, obeyed = core_of(capabilities)
        if capabilities & set(kind.offered):
            core.post(command)
            core.obey()
            assert obeyed == [command], capabilities
        else:
            with pytest.raises(CommandError, match=f"Expected less than {kind.command.__name__}"):
                core.post(command)
            assert len(core.queue) == 0, capabilities


@pytest.mark.parametrize("state", STATES)
def test_a_source_offers_what_it_obeys_in_its_state_and_nothing_else(state):
    for capabilities in CAPABILITIES:
        core, _ = core_of(capabilities)
        core.tell(state)
        for name, kind in BY_NAME.items():
            is_offered = any(state in kind.offered.get(capability, ()) for capability in capabilities)
            assert (name in core.status.commands) == is_offered, (name, capabilities)


def test_what_each_kind_of_source_offers():
    trainer, fit, run = (core_of(some)[0] for some in ({"looks", "trains"}, {"looks", "steers", "blocks"}, {"looks"}))
    offered = {}
    for state in STATES:
        for core in (trainer, fit, run):
            core.tell(state)
        assert run.status.commands == ()
        steered = {"running": ("stop", "set_hyperparameter", "open_steps"), "idle": (), "failed": ()}
        assert fit.status.commands == steered.get(state, ("open_steps",))
        offered[state] = set(trainer.status.commands)
    beginnings = {"start", "run_steps", "run_epochs", "open_steps"}
    always = {"set_hyperparameter", "set_pace", "apply_what_if", "thaw"}
    assert offered == {
        "idle": beginnings | always,
        "running": {"pause", "stop", "reset", "open_steps"} | always,
        "paused": beginnings | {"stop", "reset"} | always,
        "finished": beginnings | {"reset"} | always,
        "failed": {"start", "reset"} | always,
    }


@pytest.mark.parametrize(("kind", "name"), WITH_ARGUMENTS, ids=lambda some: getattr(some, "name", some))
@given(value=st.none() | st.booleans() | st.text(max_size=9) | st.integers() | st.floats() | st.lists(st.integers()))
def test_a_field_that_its_argument_does_not_accept_never_comes_on_the_queue(kind, name, value):
    core, _ = core_of({"trains", "steers", "looks", "steps"})
    fields = {other: argument.example for other, argument in kind.arguments.items()} | {name: value}
    if kind.arguments[name].accepts(value):
        core.post(kind.command(**fields))
        assert len(core.queue) == 1
        return
    with pytest.raises(CommandError, match=rf"Expected {kind.command.__name__} with {name} as .*, got {name}="):
        core.post(kind.command(**fields))
    assert len(core.queue) == 0


def test_numbers_of_numpy_are_numbers():
    core, obeyed = core_of({"trains"})
    core.post(RunSteps(np.int64(3)))
    core.post(SetHyperparameter("learning_rate", np.float32(0.5)))
    core.obey()
    assert len(obeyed) == 2
    for count in (np.bool_(True), np.array([1]), 10**5000):
        with pytest.raises(CommandError, match="Expected RunSteps with count as a whole number"):
            core.post(RunSteps(count))


def test_a_command_that_is_not_in_the_table_is_refused():
    class Own(Command):
        pass

    core, _ = core_of({"trains", "looks"})
    with pytest.raises(CommandError, match="got Own"):
        core.post(Own())


def test_commands_of_many_threads_are_obeyed_each_once_and_each_thread_s_in_its_order():
    core, obeyed = core_of({"trains"})
    barrier = threading.Barrier(5)

    def ask(first):
        barrier.wait()
        for count in range(first, first + 200):
            while len(core.queue) > 50:
                pass
            core.post(RunSteps(count))

    threads = [threading.Thread(target=ask, args=[first]) for first in (1_000, 2_000, 3_000, 4_000)]
    for thread in threads:
        thread.start()
    barrier.wait()
    while any(thread.is_alive() for thread in threads) or len(core.queue):
        core.obey()
    counts = [command.count for command in obeyed]
    assert len(counts) == 800
    for first in (1_000, 2_000, 3_000, 4_000):
        assert [count for count in counts if first <= count < first + 200] == list(range(first, first + 200))


def test_of_a_kind_so_many_wait_and_no_more_and_no_other_kind_suffers():
    core, obeyed = core_of({"trains"})
    for count in range(1, 65):
        core.post(RunSteps(count))
    with pytest.raises(CommandError, match="at most 64 RunSteps to wait, got one more"):
        core.post(RunSteps(65))
    for rate in range(1, 1000):
        core.post(SetHyperparameter("learning_rate", rate))
    core.post(Pause())
    core.obey()
    assert [type(command) for command in obeyed[64:]] == [SetHyperparameter, Pause]
    assert [command.count for command in obeyed[:64]] == list(range(1, 65))
    assert obeyed[64].value == 999


def test_a_command_that_fails_is_told_and_neither_the_state_nor_the_next_command_suffers():
    core, obeyed = core_of({"trains"}, {Reset: lambda _: 1 / 0})
    core.tell("running")
    heard = []
    core.subscribe(heard.append)
    for command in (Pause(), Reset(), Stop()):
        core.post(command)
    with pytest.warns(RuntimeWarning, match=r"did not carry out reset: ZeroDivisionError.*Everything else goes on"):
        core.obey()
    assert obeyed == [Pause(), Stop()]
    assert core.status.state == "running"
    assert core.status.problem.title == "reset was not carried out: ZeroDivisionError: division by zero"
    assert "Traceback" in core.status.problem.text
    assert [status.problem is None for status in heard] == [False]


def test_a_command_refused_when_it_is_obeyed_is_told_in_its_own_words():
    def refuse(command):
        raise CommandError("Expected a constant learning rate, got a schedule.")

    core, _ = core_of({"trains"}, {SetHyperparameter: refuse})
    core.post(SetHyperparameter("learning_rate", 0.1))
    with pytest.warns(RuntimeWarning, match="did not carry out set_hyperparameter: Expected a constant learning rate"):
        core.obey()
    assert core.status.problem.title.endswith("not carried out: Expected a constant learning rate, got a schedule.")


def test_why_a_training_failed_is_not_covered_by_a_command_that_fails():
    core, _ = core_of({"trains"}, {Reset: lambda _: 1 / 0})
    core.tell("failed", problem="why it failed")
    core.post(Reset())
    with pytest.warns(RuntimeWarning, match="ZeroDivisionError"):
        core.obey()
    assert (core.status.state, core.status.problem) == ("failed", "why it failed")


def test_at_rest_all_that_ask_together_are_answered_by_one_look():
    looks = []
    core, _ = core_of({"looks"}, look=lambda: looks.append(core.status.state))
    for obey in (core.obey, core.obey_at_rest):
        looks.clear()
        for view in "abcabc":
            core.post(Watch(view))
        obey()
        assert looks == ["idle"]
        core.post(Watch("a"))  # the model may have changed since
        obey()
        assert looks == ["idle", "idle"]
        core.post(Unwatch("b"))
        obey()
        assert looks == ["idle", "idle"]


def test_beside_a_training_a_wish_is_left_to_whoever_takes_the_steps():
    looks, watches = [], WatchList()
    core = SourceCore({"looks"}, "", watches, {}, look=lambda: looks.append(1))
    core.tell("running")
    core.post(Watch("a"))
    core.obey()
    assert (looks, watches.is_asked) == ([], True)
    core.tell("paused")
    core.obey()
    assert (looks, watches.is_asked) == ([1], False)


def test_a_look_that_fails_is_told_and_changes_no_state():
    core, _ = core_of({"looks"}, look=lambda: 1 / 0)
    core.post(Watch("a"))
    with pytest.warns(RuntimeWarning, match="did not carry out a look: ZeroDivisionError"):
        core.obey()
    assert core.status.state == "idle"


def test_who_reads_at_rest_is_done_before_a_training_begins():
    core, _ = core_of({"trains"})
    has_begun = threading.Event()
    core.subscribe(lambda status: has_begun.set())
    beginner = threading.Thread(target=core.tell, args=["running"])

    def read():
        beginner.start()
        assert not has_begun.wait(0.2)  # it must not, however long it has
        return core.status.state

    assert core.at_rest(read, lambda: "kept") == "idle"
    beginner.join()
    assert core.at_rest(lambda: "read", lambda: "kept") == "kept"


def test_commands_that_come_at_the_end_of_a_training_wake_somebody():
    wakes = []
    core, _ = core_of({"steers"}, wake=lambda: wakes.append(core.status.state))
    core.tell("running")
    core.post(Stop())
    assert wakes == ["running"]
    core.tell("finished")
    assert wakes == ["running", "finished"]
    core.obey_at_rest()
    core.tell("running")
    core.tell("finished")
    assert wakes == ["running", "finished"]


def test_beside_a_training_nobody_else_obeys():
    core, obeyed = core_of({"steers"})
    core.tell("running")
    core.post(Stop())
    core.obey_at_rest()
    assert obeyed == []
    core.obey()
    assert obeyed == [Stop()]


def test_a_check_sees_all_that_wait_and_keeps_a_command_off_the_queue():
    core, _ = core_of({"trains"})
    seen = []

    def refuse(pending):
        seen.append(list(pending))
        raise CommandError("not now")

    core.post(Resume())
    core.queue.take()
    core.post(Pause())
    with pytest.raises(CommandError, match="not now"):
        core.post(Stop(), refuse)
    assert seen == [[Resume(), Pause()]]
    assert len(core.queue) == 1
