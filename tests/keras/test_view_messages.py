"""Whatever a browser sends: does it reach only what it may, and is the training as it was?"""

import logging
import random
import string

import pytest

from nnvis_widget import Trainer
from nnvis_widget.core.command import Resume
from nnvis_widget.errors import CommandError
from nnvis_widget.stream.protocol import OPERATIONS, read_request
from tests.keras.models import assert_same_state, plane, plane_net, state, train_on_batches
from tests.keras.page import Comm, Page, deliver, deliver_state, until

MESSAGES = 20_000
SEED = random.SystemRandom().randrange(2**32)
HARMLESS = [op for op in OPERATIONS if op in ("hello", "drawn", "set_visible", "seek", "seek_by", "go_live")]
NUMBERS = [0, 1, -1, 2, 7, 1.5, 10**9, 10**10, 10**400, -(10**400), 1e308, float("nan"), float("inf"), -0.0]
WRITTEN = (
    *("selection", "step", "sample", "edges", "units", "detail", "top_k", "bookmarks"),
    *("validation_points", "discrete", "opened", "layer_color", "size", "height"),
)


def anything(rng, depth=2):
    kind = rng.randrange(8 if depth else 5)
    if kind == 0:
        return rng.choice(NUMBERS)
    if kind == 1:
        return rng.choice([True, False, None])
    if kind == 2:
        return "".join(rng.choices(string.printable + "\u202e\ud800☠", k=rng.randrange(30)))
    if kind == 3:
        return rng.choice(["weight", "signal", "gradient", "field", "L0", "L1", "learning_rate", *OPERATIONS])
    if kind == 4:
        return rng.randrange(-5, 2_000)
    if kind == 5:
        return [anything(rng, depth - 1) for _ in range(rng.randrange(4))]
    names = ["layer", "unit", "count", "seq", "step", "value", "name", "is_visible", "v", "id", "op", "args", "x"]
    return {rng.choice(names): anything(rng, depth - 1) for _ in range(rng.randrange(4))}


def send_one(rng, page):
    """One message: traits, an operation that is nearly right, or any shape at all."""
    kind = rng.randrange(4)
    if kind == 0:
        names = [name for name in page.keys if name not in ("comm",)] + ["_model_module", "nothing"]
        deliver_state(page, {rng.choice(names): anything(rng) for _ in range(rng.randrange(1, 4))})
    elif kind == 1:
        op = rng.choice(HARMLESS)
        args = {name: anything(rng, 0) for name in OPERATIONS[op]}
        deliver(page, {"v": 1, "id": rng.randrange(9), "op": op, "args": args})
    elif kind == 2:
        args = {name: anything(rng, 1) for name in rng.sample(["count", "name", "value", "evil"], 2)}
        content = {"v": 1, "id": anything(rng, 0), "op": rng.choice([*OPERATIONS]), "args": args}
        if not is_a_wish(content):
            deliver(page, content)
    else:
        deliver(page, anything(rng, 3))


def is_a_wish(content):
    """Whether a message is by chance one that a person could have meant, and that changes the training."""
    try:
        return read_request(content).op not in HARMLESS
    except CommandError:
        return False


def assert_untouched(page, before):
    after = page.get_state()
    for name, value in before.items():
        if name not in (*WRITTEN, "frame"):
            assert after[name] == value, name
    assert page.step is None or 0 <= page.step <= 10**9
    assert 0 <= page.sample <= 10**9
    assert page.edges in ("weight", "signal", "gradient")
    assert page.units in ("field", "activation")
    assert 360 <= page.height <= 1200
    assert len(page.bookmarks) <= 100
    assert all(0 <= step <= 10**9 for step in page.bookmarks)
    assert set(page.selection) in (set(), {"layer"}, {"layer", "unit"})


def test_any_messages_leave_the_view_valid_and_the_training_bit_equal():
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    expected = train_on_batches(plane_net(), plane(), epochs=40)
    trainer = Trainer(plane_net(), plane(), batch_size=16, epochs=40)
    page = Page(trainer)
    before = page.get_state()
    for index in range(MESSAGES):
        if index == MESSAGES // 2:
            trainer.post(Resume())
        send_one(rng, page)
        page.contents.clear()
        del page.frames[:-1]
    assert_untouched(page, before)
    assert trainer.wait(60) == "finished"
    assert_same_state(state(trainer.model), expected)
    page.ask("go_live")
    page.ask("hello")
    until(lambda: page.frames and page.frames[-1].header["state"] == "finished")
    page.close()


@pytest.fixture
def page():
    page = Page(Trainer(plane_net(), plane(), batch_size=16))
    yield page
    page.close()


def test_every_well_formed_operation_is_answered(page):
    good = {"seq": 0, "is_visible": True, "count": 1, "name": "learning_rate", "value": 0.1, "step": 0}
    good |= {"export": 0, "reason": "", "layers": [page.source.graph.layers[0].id]}
    good |= {"pace": "30 epochs/s", "language": "en", "sample": 0, "phase": "loss", "changes": [], "layer": "L1"}
    for op, schema in OPERATIONS.items():
        answer = page.ask(op, **{name: good[name] for name in schema})
        assert answer["ok"] or answer["reason"], op
    page.source.stop()


def test_what_the_state_does_not_allow_is_refused_with_a_reason(page):
    answer = page.ask("pause")
    assert not answer["ok"]
    assert "while it is idle, got pause" in answer["reason"]
    assert page.source.state == "idle"


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", 10**300), ("batch_size", 65), ("batch_size", 2.5), ("batch_size", 1e9), ("momentum", 0.5)],
)
def test_a_value_out_of_range_is_answered_and_not_applied(page, name, value):
    before = (page.source.learning_rate, page.source.batch_size)
    answer = page.ask("set_hyperparameter", name=name, value=value)
    page.source.pause()
    if name == "learning_rate":
        assert page.source.state == "idle"
        return
    assert not answer["ok"]
    assert (page.source.learning_rate, page.source.batch_size) == before


def test_the_logger_tells_what_the_page_asks_and_what_is_looked_at(page, caplog):
    with caplog.at_level(logging.DEBUG, "nnvis_widget"):
        page.ask("pause")
        page.ask("run_steps", count=3)
        page.source.wait(60)
    said = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("page: pause refused: ") for line in said)
    assert "page: run_steps" in said
    assert any(line.startswith("step 3: measured in ") for line in said)


def test_a_refused_value_is_never_echoed_to_other_pages(page):
    comm = Comm()
    page.comm = comm
    bad = {
        "_esm": "export default {}",
        "_css": "*{}",
        "graph": {"name": "evil"},
        "layout": "IPY_MODEL_evil",
        "scenery": "x",
        "frame": "x",
        "_model_module": "evil",
        "sample": -1,
        "step": float("nan"),
        "edges": "evil",
        "height": 10**6,
        "selection": {"layer": "L1", "unit": 0, "evil": 1},
    }
    deliver_state(page, bad)
    assert comm.sent == []
    deliver_state(page, bad | {"sample": 7, "edges": "signal"})
    echoes = [message["state"] for message in comm.sent if message["method"] == "echo_update"]
    assert echoes == [{"sample": 7, "edges": "signal"}]
    assert "evil" not in repr(comm.sent)
    assert (page.sample, page.edges) == (7, "signal")


def test_a_flood_of_settings_ends_with_the_last_one(page):
    page.source.start()
    for index in range(2_000):
        page.tell("set_hyperparameter", name="learning_rate", value=0.1 / (1 + index))
    until(lambda: page.source.learning_rate == pytest.approx(0.1 / 2_000))
    page.source.pause()


def test_a_page_may_choose_a_place_in_a_map_of_two_whole_numbers(page):
    for place in ([1], [0, -1], "xx", [1, 2, 3], [True, 0], [0.5, 0], None):
        deliver_state(page, {"selection": {"layer": "L1", "unit": 0, "place": place}})
        assert page.selection == {}
    deliver_state(page, {"selection": {"layer": "L1", "unit": 0, "place": [2, 6]}})
    assert page.selection == {"layer": "L1", "unit": 0, "place": [2, 6]}
