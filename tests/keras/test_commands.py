"""Every command of the table, asked of every kind of source as a page asks; and what threads may do to each other."""

import threading

import keras
import pytest

from nnvis_widget import LiveCallback, Trainer
from nnvis_widget.core.command import BY_NAME, Pause, Resume, SetHyperparameter, Stop, Watch
from nnvis_widget.core.want import Want
from nnvis_widget.errors import CommandError, TrainerStateError
from nnvis_widget.run.run import Run
from tests.keras.models import assert_same_state, plane, plane_net, state
from tests.keras.page import Page, until

GATE_S = 60.0


@pytest.fixture(scope="module")
def shared():
    """A trainer for all that leaves it as it is, or says where it wants it."""
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    yield trainer
    trainer.stop()


def bring(trainer, wanted):
    """Bring a trainer to a state."""
    trainer.reset()
    if wanted != "idle":
        trainer.start()
    if wanted == "paused":
        trainer.pause()
    if wanted == "finished":
        trainer.stop()
    assert trainer.state == wanted


class At(keras.callbacks.Callback):
    """Acts once, before the batch with this number."""

    def __init__(self, batch, act):
        super().__init__()
        self.batch, self.act = batch, act

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.batch:
            self.act()


def ask(page, kind):
    return page.ask(kind.name, **{name: argument.example for name, argument in kind.arguments.items()})


def fit(model, callbacks):
    x, y = plane(640)
    model.fit(x, y, batch_size=2, epochs=1, verbose=0, callbacks=callbacks)


LACKING = {"apply_what_if": "Expected a weight, an edge", "thaw": "Expected the id of a frozen layer"}
"""What is offered and refused while nothing is tried and nothing frozen."""


@pytest.mark.parametrize("wanted", ["idle", "running", "paused", "finished"])
def test_a_trainer_obeys_what_it_offers_and_refuses_the_rest_in_words(shared, wanted):
    page = Page(shared)
    for kind in BY_NAME.values():
        bring(shared, wanted)
        step = shared.step
        states = [state for capability in shared.capabilities for state in kind.offered.get(capability, ())]
        assert (kind.name in shared.status.commands) == (wanted in states)
        is_offered = kind.name in shared.status.commands
        answer = ask(page, kind)
        if not is_offered:
            assert answer["reason"].startswith("Expected one of ")
            assert answer["reason"].endswith(f"while it is {wanted}, got {kind.name}.")
        elif kind.name in LACKING:
            assert answer["reason"].startswith(LACKING[kind.name])
        elif kind.leads_to == "running":
            until(lambda before=step: shared.step > before)
        elif kind.leads_to is not None:
            until(lambda state=kind.leads_to: shared.state == state)
        shared.pause()
        assert shared.status.problem is None
        assert answer["ok"] == (is_offered and kind.name not in LACKING)
    page.close()


def test_a_model_at_rest_and_a_recorded_run_offer_no_command(shared):
    bring(shared, "paused")
    run = Run(graph=shared.graph)
    run.append(shared.run.latest)
    for page in (Page(plane_net()), Page(run)):
        for kind in BY_NAME.values():
            assert ask(page, kind)["reason"].startswith("Expected one of no command while it is ")
        page.close()


def test_a_plain_fit_obeys_what_it_offers_and_refuses_the_rest_in_words():
    model = plane_net()
    page = Page(model, data=plane())
    answers = {}

    def ask_all():
        for kind in BY_NAME.values():
            answers[kind.name] = ask(page, kind)["reason"]

    fit(model, [LiveCallback(page), At(3, ask_all)])
    refusal = "Expected one of stop, set_hyperparameter, open_steps while it is running, got {}."
    assert answers == {name: "" if "steers" in kind.offered else refusal.format(name) for name, kind in BY_NAME.items()}
    assert float(model.optimizer.learning_rate) == pytest.approx(
        BY_NAME["set_hyperparameter"].arguments["value"].example
    )
    assert (page.source.status.state, page.source.status.problem) == ("finished", None)
    assert page.source.status.moment.step < 320
    page.close()


def test_a_command_that_a_source_can_never_obey_is_refused_also_without_a_page(shared):
    bring(shared, "idle")
    run, view = Page(shared.run), Page(plane_net())
    for capability, source in (("trains", shared), ("steers", view.source), ("", run.source)):
        assert not capability or capability in source.capabilities
        for kind in BY_NAME.values():
            if not set(kind.offered) & set(source.capabilities):
                with pytest.raises(CommandError, match=rf"^Expected .*{kind.command.__name__}"):
                    source.post(kind.command(*(argument.example for argument in kind.arguments.values())))
    run.close()
    view.close()


def test_a_bad_setting_is_refused_by_each_source_and_changes_nothing(shared):
    bring(shared, "idle")
    view = Page(plane_net())
    for source in (shared, view.source):
        rate = float(source.model.optimizer.learning_rate)
        for name in ("learning_rate", "batch_size", "momentum", None, 3):
            for value in (None, "0.1", True, float("nan"), 0, -1, 1e300, 10**400, 10**5000, [0.1]):
                with pytest.raises(CommandError, match="Expected "):
                    source.post(SetHyperparameter(name, value))
        assert float(source.model.optimizer.learning_rate) == rate
    assert shared.batch_size == 16
    view.close()


class Wrapped(keras.optimizers.SGD):
    """An optimiser that takes no rate, and does not look like it."""

    @property
    def learning_rate(self):
        return super().learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        raise TypeError("this optimiser has the rate of another")


def wrapped_net():
    model = plane_net()
    model.compile(Wrapped(), "binary_crossentropy")
    return model


def test_a_command_that_fails_is_told_and_the_training_goes_on():
    trainer = Trainer(wrapped_net(), plane(), batch_size=16)
    trainer.start()
    with pytest.warns(RuntimeWarning, match="did not carry out set_hyperparameter: TypeError: this optimiser"):
        trainer.learning_rate = 0.2
    assert trainer.state == "running"
    assert "this optimiser has the rate of another" in trainer.status.problem.title
    step = trainer.step
    until(lambda: trainer.step > step)
    trainer.stop()
    trainer.run_steps(1)
    assert trainer.wait(GATE_S) == "paused"
    assert trainer.status.problem is None


def test_a_command_that_fails_in_a_plain_fit_leaves_the_watching_and_the_model_as_they_are():
    reference, model = wrapped_net(), wrapped_net()
    fit(reference, [])
    page = Page(model, data=plane())
    steer = At(3, lambda: page.source.post(SetHyperparameter("learning_rate", 0.2)))
    with pytest.warns(RuntimeWarning, match="did not carry out set_hyperparameter"):
        fit(model, [LiveCallback(page), steer])
    assert page.source.status.state == "finished"
    assert page.source.run.latest.step == 320
    assert_same_state(state(model), state(reference))
    page.close()


class Gate:
    """Holds the thread that appends the next snapshot, until it is opened."""

    def __init__(self, run):
        self.is_reached, self._opening = threading.Event(), threading.Event()
        self._forget = run.subscribe(self._hold)

    def _hold(self, step):
        self._forget()
        self.is_reached.set()
        assert self._opening.wait(GATE_S)

    def open(self):
        self._opening.set()


BEGINNINGS = [("start", ()), ("resume", ()), ("run_steps", (2,)), ("run_epochs", (1,))]


@pytest.mark.parametrize(("begin", "count"), BEGINNINGS)
def test_of_two_threads_that_start_a_training_at_once_one_is_refused(shared, begin, count):
    trainer = shared
    bring(trainer, "idle")
    gate = Gate(trainer.run)
    trainer.post(Watch("a view"))
    assert gate.is_reached.wait(GATE_S)  # the training thread obeys nothing now, so both find a trainer at rest
    refused, barrier, reasons = threading.Event(), threading.Barrier(2), []

    def start():
        barrier.wait()
        try:
            getattr(trainer, begin)(*count)
        except TrainerStateError as error:
            reasons.append(str(error))
            refused.set()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert refused.wait(GATE_S)
    gate.open()
    for thread in threads:
        thread.join(GATE_S)
    trainer.stop()
    assert [reason.startswith(f"Expected a trainer at rest for {begin}()") for reason in reasons] == [True]


def test_a_start_is_allowed_where_what_waits_brings_the_training_to_rest(shared):
    trainer = shared
    bring(trainer, "running")
    goals = []

    def go_on(_):
        if not goals:
            goals.append(trainer.step + 3)
            trainer.post(Pause())
            trainer.run_steps(3)  # asked by the training thread itself, so that both wait

    forget = trainer.run.subscribe(go_on)
    until(lambda: [trainer.step] == goals)
    assert trainer.wait(GATE_S) == "paused"
    assert [trainer.step] == goals
    forget()


class Watched(keras.optimizers.SGD):
    """An optimiser that tells when its rate is read; another thread can be held after it has read it."""

    is_read, is_read_anew, may_go_on = threading.Event(), threading.Event(), threading.Event()

    @property
    def learning_rate(self):
        value = super().learning_rate
        if threading.current_thread().name == "reader":
            value = float(value)
            self.is_read.set()
            assert self.may_go_on.wait(GATE_S)
        else:
            self.is_read_anew.set()
        return value

    @learning_rate.setter
    def learning_rate(self, value):
        keras.optimizers.SGD.learning_rate.fset(self, value)


def test_a_rate_read_by_another_thread_never_takes_the_place_of_a_newer_one():
    model = plane_net()
    model.compile(Watched(0.125), "binary_crossentropy")
    trainer = Trainer(model, plane(), batch_size=16)
    gate = Gate(trainer.run)
    trainer.post(Watch("a view", is_following=False))
    assert gate.is_reached.wait(GATE_S)
    for command in (SetHyperparameter("learning_rate", 0.5), Resume()):
        trainer.post(command)
    rates = []
    reader = threading.Thread(target=lambda: rates.append(trainer.learning_rate), name="reader")
    reader.start()
    assert Watched.is_read.wait(GATE_S)
    Watched.is_read_anew.clear()
    gate.open()
    assert Watched.is_read_anew.wait(GATE_S)  # by the training, which is about to begin
    Watched.may_go_on.set()
    reader.join(GATE_S)
    until(lambda: trainer.state == "running")
    assert (rates, trainer.learning_rate) == ([0.125], 0.5)
    trainer.stop()


def test_what_is_asked_for_as_a_fit_ends_is_not_lost():
    model = plane_net()
    page = Page(model, data=plane())
    wish = Watch("another view", frozenset({Want("activation", sample=3)}))
    last_word = keras.callbacks.LambdaCallback(on_train_end=lambda logs: page.source.post(wish))
    fit(model, [last_word, LiveCallback(page)])
    until(lambda: 3 in page.source.run.latest.samples)
    page.close()


def test_a_fit_begins_when_the_look_at_the_model_at_rest_is_over():
    model = plane_net()
    page = Page(model, data=plane())
    gate = Gate(page.source.run)
    page.source.post(Watch("another view", frozenset({Want("activation", sample=3)})))
    assert gate.is_reached.wait(GATE_S)
    order = []

    def release():
        order.append("look")
        gate.open()

    begin = keras.callbacks.LambdaCallback(on_train_begin=lambda logs: threading.Thread(target=release).start())
    fit(model, [begin, LiveCallback(page), At(0, lambda: order.append("batch"))])
    assert order == ["look", "batch"]
    page.close()


def test_a_stop_that_a_callback_of_the_person_breaks_off_fails_the_training_as_in_a_step():
    class Broken(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            raise RuntimeError("my own mistake")

    trainer = Trainer(plane_net(), plane(), batch_size=16, callbacks=[Broken()])
    trainer.start()
    trainer.post(Stop())
    assert trainer.wait(GATE_S) == "failed"
    assert trainer.status.problem.title == "RuntimeError: my own mistake"
