"""The view as a Python person meets it: two-way traits, any model, any source, and a clean end."""

import ast
import threading
from time import sleep

import keras
import pytest
from keras import layers
from traitlets import TraitError

from nnvis_widget import NetworkView, Trainer, WeightHeatmap
from nnvis_widget.errors import DataError, ModelError, PictureError
from nnvis_widget.stream.frame import decode_frame
from tests.door import Door
from tests.keras.models import plane, plane_net, rich_data, rich_net
from tests.keras.page import Comm, Page, deliver_state, until


def newest(page):
    until(lambda: page.frames)
    return page.frames[-1]


def shows(page):
    header = newest(page).header
    return header["step"], header["is_following"]


def last_order(page):
    return next(content for content in reversed(page.contents) if content["kind"] == "export")


def sender_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("nnvis-")]


@pytest.fixture
def page():
    page = Page(Trainer(plane_net(), plane(), batch_size=16))
    yield page
    page.close()


def test_a_choice_made_in_python_reaches_the_next_frame(page):
    layer = page.source.graph.layers[1].id
    page.selection = {"layer": layer, "unit": 2}
    until(lambda: page.frames and newest(page).find("incoming", layer) is not None)
    page.sample = 3
    until(lambda: newest(page).header["sample"] == 3)
    page.edges = "gradient"
    until(lambda: newest(page).find("gradient", layer) is not None)


def test_a_layer_chosen_as_a_whole_is_kept_and_nothing_more_is_measured_or_sent_for_it(page):
    layer = page.source.graph.layers[1].id
    page.selection = {"layer": layer, "unit": 2}
    until(lambda: page.frames and newest(page).find("incoming", layer) is not None)
    page.source.run_steps(1)
    page.source.wait(60)
    assert measured_units(page) == [f"{layer} 2"]
    deliver_state(page, {"selection": {"layer": layer}})
    assert page.selection == {"layer": layer}
    until(lambda: newest(page).find("incoming", layer) is None)
    page.source.run_steps(1)
    page.source.wait(60)
    assert measured_units(page) == []
    assert page.get_state()["selection"] == {"layer": layer}


def measured_units(page):
    """The units whose pre-activations are in the newest snapshot."""
    tensors = page.source.run.latest.tensors
    return [f"{key.layer} {key.name}" for key in tensors if key.quantity == "z_batch"]


def test_a_choice_made_in_the_browser_reaches_python_and_the_next_frame(page):
    layer = page.source.graph.layers[1].id
    deliver_state(
        page, {"selection": {"layer": layer, "unit": 1}, "sample": 5, "edges": "gradient", "units": "activation"}
    )
    assert (page.selection, page.sample) == ({"layer": layer, "unit": 1}, 5)
    assert (page.edges, page.units) == ("gradient", "activation")
    until(lambda: page.frames and newest(page).header["sample"] == 5)
    until(lambda: newest(page).find("gradient", layer) is not None)


def test_the_playhead_moves_by_trait_by_browser_and_by_operation(page):
    for _ in range(3):
        page.source.run_steps(2)
        page.source.wait(60)
    for move, step in (
        (lambda: setattr(page, "step", 2), 2),
        (lambda: deliver_state(page, {"step": 4}), 4),
        (lambda: page.ask("seek", step=2), 2),
        (lambda: page.ask("seek_by", count=1), 4),
    ):
        move()
        # A frame of the same step may still be on its way from when it was followed.
        until(lambda step=step: shows(page) == (step, False) and page.step == step)
    page.step = None
    until(lambda: newest(page).header["is_following"] and newest(page).header["step"] == 6)
    page.ask("seek", step=0)
    until(lambda: page.step == 0)
    page.ask("go_live")
    until(lambda: page.step is None and newest(page).header["step"] == 6)


def test_a_step_chosen_while_a_frame_is_made_is_not_lost(page):
    page.source.run_steps(4)
    page.source.wait(60)
    page.ask("seek", step=3)
    with page.hold_trait_notifications():  # as while the state that a page writes is taken
        page.step = 0
        until_a_frame_is_made(page)
    assert page.step == 0
    until(lambda: newest(page).header["step"] == 0)


def until_a_frame_is_made(page):
    count = len(page.frames)
    page.ask("hello")
    until(lambda: len(page.frames) > count)


def test_the_state_of_a_page_that_opens_holds_the_newest_frame(page):
    page.source.run_steps(3)
    page.source.wait(60)
    assert decode_frame(page.get_state()["frame"]).header["step"] == 3
    assert decode_frame(page.get_state("frame")["frame"]).header["step"] == 3
    assert "frame" not in page.get_state(["step"])
    assert decode_frame(page.scenery).find("points", name="train").values.shape == (64, 2)


def test_another_source_takes_the_place_of_the_first():
    first = Trainer(plane_net(), plane(), batch_size=16)
    door = Door(first)
    page = Page(first)
    assert (len(door.open), door.watches.is_watched) == (3, True)
    page.selection, page.step = {"layer": "L1", "unit": 0}, 0
    other = rich_net()
    page.model = other
    assert (page.selection, page.step, page.sample) == ({}, None, 0)
    assert page.graph["name"] == "rich"
    assert page.model is other
    assert (door.open, door.watches.is_watched) == (set(), False)
    count = len(page.frames)
    until(lambda: len(page.frames) > count)
    assert len(newest(page).find("weight", "L1", "kernel").values[0]) == 8
    page.source = None
    assert page.graph is None
    assert page.source is None
    page.close()


def test_a_source_that_is_none_of_these_is_refused_and_the_first_one_stays(page):
    first = page.source
    with pytest.raises(ModelError):
        page.source = "model"
    assert page.source is first
    count = len(page.frames)
    page.source.run_steps(1)
    until(lambda: len(page.frames) > count)


def test_data_beside_a_trainer_is_refused():
    with pytest.raises(DataError, match=r"Expected no data beside a Trainer, .* Leave data out"):
        NetworkView(Trainer(plane_net(), plane()), data=plane())


def test_an_unknown_keyword_is_refused_with_the_known_ones():
    with pytest.raises(TypeError, match=r"unexpected keyword 'colour'; it takes source, data, "):
        NetworkView(plane_net(), colour="red")


@pytest.mark.parametrize("made_from", ["the trainer", "the view", "a panel"])
def test_two_views_of_one_source_look_at_the_same(page, made_from):
    page.source.run_steps(4)
    page.source.wait(60)
    panel = WeightHeatmap(page.source)
    other = Page({"the trainer": page.source, "the view": page, "a panel": panel}[made_from])
    assert other.source is page.source
    layer = page.source.graph.layers[1].id
    deliver_state(page, {"selection": {"layer": layer, "unit": 1}})
    other.sample = 4
    for view in (page, other):
        assert (view.selection, view.sample) == ({"layer": layer, "unit": 1}, 4)
        until(lambda view=view: view.frames and newest(view).header["sample"] == 4)
        until(lambda view=view: newest(view).find("incoming", layer) is not None)
    page.ask("seek", step=0)
    for view in (page, other):
        assert view.step == 0
        until(lambda view=view: newest(view).header["step"] == 0)
    other.ask("go_live")
    until(lambda: page.step is None and newest(page).header["is_following"])
    panel.close()
    other.close()


def test_how_a_view_draws_and_its_bookmarks_are_its_own(page):
    other = Page(page)
    other.edges, other.detail, other.units, other.bookmarks = "gradient", "top", "activation", [3]
    assert (page.edges, page.detail, page.units, page.bookmarks) == ("weight", "bundles", "field", [])
    other.close()


def test_a_view_that_is_not_linked_looks_by_itself_and_so_does_what_is_made_from_it(page):
    own = Page(page, linked=False)
    panel = WeightHeatmap(own, layer="selected")
    page.sample, page.step = 4, 0
    own.selection = {"layer": "L2", "unit": 0}
    assert (own.sample, own.step) == (0, None)
    assert page.selection == {}
    assert panel.selection == {"layer": "L2", "unit": 0}
    panel.sample = 2
    assert own.sample == 2
    assert page.sample == 4
    panel.close()
    own.close()


def test_each_page_hears_what_was_chosen_on_another(page):
    other = Page(page)
    comms = [Comm(), Comm()]
    page.comm, other.comm = comms
    deliver_state(page, {"selection": {"layer": "L1"}, "step": 0})
    page.ask("seek_by", count=1)
    updates = [[message["state"] for message in comm.sent if message["method"] == "update"] for comm in comms]
    assert updates[1] == [{"selection": {"layer": "L1"}}, {"step": 0}]
    assert updates[0] == []  # told by its own page, which has them; the echo is another message
    other.ask("go_live")
    assert comms[0].sent[-1]["state"] == comms[1].sent[-1]["state"] == {"step": None}
    page.comm = other.comm = None
    other.close()


def test_a_choice_made_while_a_view_opens_is_told_to_its_page(page):
    class ChosenMeanwhile(Page):
        def get_state(self, key=None, drop_defaults=False):
            state = super().get_state(key, drop_defaults)
            if getattr(self, "comm", None) is None:
                page.sample = 5  # as from another page, on another thread
            return state

        def send_state(self, key=None):
            told.append(super().get_state(key))
            super().send_state(key)

    told = []
    other = ChosenMeanwhile(page)
    assert {"sample": 5} in told
    other.close()


def test_an_observer_that_fails_keeps_nobody_from_looking(page):
    other = Page(page)
    page.observe(lambda change: 1 / 0, "sample")
    with pytest.warns(RuntimeWarning, match="observes sample of .* raised ZeroDivisionError"):
        page.sample = 1
    with pytest.warns(RuntimeWarning, match="observes sample"):
        other.sample = 2
    until(lambda: page.frames and newest(page).header["sample"] == 2)
    until(lambda: other.frames and newest(other).header["sample"] == 2)
    other.close()


def test_a_view_that_nobody_sees_asks_for_nothing_new_when_another_chooses(page):
    watches = Door(page.source).watches
    other = Page(page)
    assert watches.is_followed
    for view in (page, other):
        view.ask("set_visible", is_visible=False)
    page.selection = {"layer": "L1", "unit": 0}
    assert watches.is_watched
    assert not watches.is_followed
    other.close()


def test_a_view_that_turns_to_another_source_looks_as_the_others_there_do(page):
    trainer = Trainer(rich_net(), rich_data())
    there = NetworkView(trainer, sample=3)
    page.selection, page.sample = {"layer": "L1", "unit": 2}, 5
    page.source = trainer
    assert (page.selection, page.sample) == ({}, 3)
    page.sample = 1
    assert there.sample == 1
    there.close()


def test_networks_that_are_shown_one_after_the_other_share_no_generation(page):
    first, other = page.source, Trainer(rich_net(), rich_data())
    told = [page.graph["generation"]]
    for source in (other, first):
        page.source = source
        told.append(page.graph["generation"])
        assert decode_frame(page.scenery).header["generation"] == told[-1]
        until(lambda: page.frames[-1].header["generation"] == told[-1])
    assert len(set(told)) == 3


def test_observers_hear_the_old_and_the_new_value(page):
    heard = []
    page.observe(lambda change: heard.append((change["name"], change["old"], change["new"])), ["step", "selection"])
    WeightHeatmap(page).step = 2
    page.selection = {"layer": "L1"}
    page.step = 2
    assert heard == [("step", None, 2), ("selection", {}, {"layer": "L1"})]


class Bare(keras.Model):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("model", "layer_count"),
    [
        (lambda: None, None),
        (lambda: keras.Sequential(), 0),
        (lambda: keras.Sequential([layers.Dense(3), layers.Dense(1)]), 2),
        (Bare, 2),
    ],
    ids=["none", "empty", "unbuilt", "subclassed"],
)
def test_what_has_nothing_to_draw_yet_is_a_view_all_the_same(model, layer_count):
    page = Page(model())
    assert page.describe()
    assert repr(page).startswith("<NetworkView")
    state = page.get_state()
    if layer_count is None:
        assert (state["graph"], state["frame"]) == (None, b"")
        assert not page.ask("start")["ok"]
    else:
        assert len(state["graph"]["layers"]) == layer_count
        assert decode_frame(state["frame"]).header["step"] == 0
    page.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"unit": 0},
        {"layer": "L1", "unit": -1},
        {"layer": "L1", "unit": None},
        {"layer": 3, "unit": 0},
        {"layer": 3},
        {"layer": ""},
        {"layer": "L1", "evil": 1},
    ],
)
def test_a_selection_that_is_none_is_refused_with_a_way_out(page, bad):
    with pytest.raises(TraitError, match=r"Expected a unit or a layer, got selection=.*\. Choose one such as"):
        page.selection = bad
    assert page.selection == {}


def test_describe_says_what_is_there(page):
    page.source.run_steps(3)
    page.source.wait(60)
    text = page.describe()
    kernels = [layer.kernel.numpy() for layer in page.model.layers if hasattr(layer, "kernel")]
    strongest = max(abs(kernel).max() for kernel in kernels)
    lines = text.split("\n")
    assert lines[0].startswith("plane: ")
    assert "37 parameters" in lines[0]
    assert lines[1] == "Paused."
    assert "(step 3)." in next(line for line in lines if line.startswith("Time: epoch "))
    assert any(line.startswith("No epoch has ended yet; loss of the probe batch: ") for line in lines)
    assert f"{strongest:.3f}" in next(line for line in lines if line.startswith("Strongest weights"))


def test_a_picture_goes_from_the_page_to_the_file(page, tmp_path):
    with pytest.raises(PictureError, match="Show the view first"):
        page.save_png(tmp_path / "a.png")
    page.ask("attached")
    picture = page.save_svg(tmp_path / "a.svg", theme="dark")
    order = last_order(page)
    assert (order["kind"], order["format"], order["theme"]) == ("export", "svg", "dark")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    answer = page.ask("exported", buffers=[memoryview(b"<html>")], export=order["id"])
    assert not answer["ok"]
    assert "Expected a whole SVG" in answer["reason"]
    assert page.ask("exported", buffers=[memoryview(svg)], export=order["id"])["ok"]
    assert picture.wait(20).read_bytes() == svg
    assert not page.ask("exported", buffers=[memoryview(svg)], export=order["id"])["ok"]


def test_a_page_that_cannot_draw_is_told_by_wait(page, tmp_path):
    page._repr_mimebundle_()
    picture = page.save_png(tmp_path / "a.png")
    assert page.ask("export_failed", export=last_order(page)["id"], reason="no canvas")["ok"]
    with pytest.raises(PictureError, match="no canvas"):
        picture.wait(20)


def test_a_closed_view_leaves_no_listener_and_no_thread_and_the_training_goes_on():
    others = set(sender_threads())
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    door = Door(trainer)
    page = Page(trainer, edges="gradient")
    trainer.start()
    until(lambda: len(page.frames) > 2)
    page.close()
    step = trainer.step
    until(lambda: trainer.step > step)
    trainer.stop()
    assert (door.open, door.watches.is_watched) == (set(), False)
    until(lambda: others.issuperset(sender_threads()))


def test_two_hundred_views_come_and_go_without_a_trace():
    others = set(sender_threads())
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    trainer.run_steps(1)
    trainer.wait(60)
    door = Door(trainer)
    for _ in range(200):
        view = NetworkView(trainer)
        view.close()
    until(lambda: others.issuperset(sender_threads()))
    assert (door.open, door.watches.is_watched, door.watches.is_followed) == (set(), False, False)
    trainer.run_steps(1)
    assert trainer.wait(60) == "paused"


def test_closing_twice_does_nothing(page):
    page.close()
    page.close()
    assert page.source is None


class OpenedWhileTraining(Page):
    """A page whose comm takes its time to open, with a training that goes on meanwhile."""

    def __init__(self, trainer):
        self.trainer = trainer
        self.told = []
        super().__init__(trainer)

    def get_state(self, key=None, drop_defaults=False):
        state = super().get_state(key, drop_defaults)
        if getattr(self, "comm", None) is None:
            self.trainer.run_steps(1)
            self.trainer.wait(60)
            sleep(0.3)
            self.told.append(state)
        return state

    def send_state(self, key=None):
        self.told.append(super().get_state(key))
        super().send_state(key)


def test_a_view_that_opens_while_it_trains_gets_its_graph():
    page = OpenedWhileTraining(Trainer(plane_net(), plane(), batch_size=16))
    graphs = [state["graph"] for state in page.told if "graph" in state]
    assert graphs[0] is None
    assert graphs[-1]["name"] == "plane"
    page.close()


SHOWN = {
    "nothing chosen": {},
    "everything chosen": {
        "selection": {"layer": "L1", "unit": 2},
        "step": 0,
        "sample": 4,
        "edges": "gradient",
        "units": "activation",
        "detail": "top",
        "top_k": 300,
        "bookmarks": [0, 3],
        "validation_points": False,
        "discrete": True,
        "size": 1.35,
        "height": 480,
    },
}


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_a_view_is_brought_back_by_its_line_of_python(shown, linked):
    trainer = Trainer(plane_net(), plane(), batch_size=16)
    trainer.run_steps(3)
    trainer.wait(60)
    view = NetworkView(trainer, linked=linked, **shown)
    line = view.to_python()
    call = ast.parse(line, mode="eval").body
    assert (ast.unparse(call.func), ast.unparse(call.args[0])) == ("nv.NetworkView", "trainer")
    given = {argument.arg: ast.literal_eval(argument.value) for argument in call.keywords}
    assert given == shown | ({} if linked else {"linked": False})
    back = NetworkView(trainer, **given)
    assert back.to_python() == line
    for one in (view, back):
        one.close()


@pytest.mark.parametrize("source", ["", "1 +", "a b", "x\0", 3])
def test_a_line_of_python_names_its_source_by_an_expression(source, page):
    with pytest.raises(ModelError, match="Expected the name of what the view is made from"):
        page.to_python(source)
    assert page.to_python("runs[3]").startswith("nv.NetworkView(runs[3]")
