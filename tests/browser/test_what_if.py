"""Changes tried on a page by keyboard alone: a weight, a unit; what comes of them, undone one by one, and left."""

from __future__ import annotations

import re
from collections.abc import Iterator

import keras
import numpy as np
import pytest
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .processes import wait_until
from .sample_views import moons_trainer
from .test_accessibility import findings
from .test_step_through import weights


@pytest.fixture
def trainer() -> Iterator[nv.Trainer]:
    trainer = moons_trainer(1)
    yield trainer
    trainer.stop()


def test_a_weight_is_changed_a_unit_held_undone_and_left_by_keyboard(joined: JoinedPage, trainer: nv.Trainer) -> None:
    view = nv.NetworkView(trainer, height=760, selection={"layer": "L1", "unit": 1})
    network, press = joined.show_one(view), joined.page.keyboard.press
    before = weights(trainer)
    bar = network.root.get_by_role("region", name="What if")
    described = view.describe()
    network.inspector.get_by_role("button", name=re.compile("^What if")).focus()
    press("Enter")
    hold = network.inspector.get_by_role("spinbutton", name="Hold unit at")
    expect(hold).to_be_focused()
    joined.page.keyboard.type("0.5")
    press("Enter")
    expect(bar.get_by_role("listitem")).to_have_text([re.compile(r"dense.* · unit 1 is held at \+0\.500")])
    expect(network.state).to_have_text("What if: 1 change, not the model")
    weight = network.inspector.get_by_role("spinbutton", name="Its weight")
    network.inspector.get_by_role("spinbutton", name="Edge from").fill("1")
    weight.focus()
    press("Enter")
    expect(network.inspector.get_by_role("alert")).to_have_text("Expected a number, such as 0.5.")
    joined.page.keyboard.type("-2")
    press("Enter")
    expect(bar.get_by_role("listitem")).to_have_count(2)
    expect(bar.get_by_role("table")).to_contain_text(re.compile("loss.*before.*after"))
    expect(bar).to_contain_text(re.compile(r"\d+ of \d+ answers? flips?"))
    answer = view.what_if_answer
    assert answer is not None
    assert answer.loss is not None
    expect(bar.get_by_role("table")).to_contain_text(f"{answer.loss.after:.4f}")
    assert findings(joined.page) == []
    bar.get_by_role("button", name=re.compile("^Undo: .* is held")).focus()
    press("Enter")
    expect(bar.get_by_role("listitem")).to_have_count(1)
    expect(bar.get_by_role("button", name=re.compile("^Undo: .*kernel"))).to_be_focused()
    press("Tab")
    bar.get_by_role("button", name=re.compile("^Leave what if")).focus()
    press("Enter")
    expect(bar).to_be_hidden()
    expect(network.state).to_have_text("Paused")
    wait_until(lambda: view.describe() == described, "the former state")
    assert all(np.array_equal(one, other) for one, other in zip(before, weights(trainer), strict=True))
    network.inspector.get_by_role("button", name=re.compile("^Freeze")).focus()
    press("Enter")
    bar.get_by_role("button", name="Apply to the training: the model itself changes").focus()
    press("Enter")
    frozen = network.root.get_by_role("region", name="Frozen layers")
    expect(frozen.get_by_role("listitem")).to_have_text([re.compile("^dense.* is frozen$")])
    expect(network.state).to_have_text("Paused")
    expect(network.timeline.get_by_role("button", name=re.compile("^Applied: dense.* is frozen"))).to_be_visible()
    assert trainer.frozen == ("L1",)
    assert findings(joined.page) == []
    frozen.get_by_role("button", name=re.compile("^Thaw")).focus()
    press("Enter")
    expect(frozen).to_be_hidden()
    wait_until(lambda: trainer.frozen == (), "the layer to be thawed")


def test_a_weight_of_a_kernel_over_slices_is_changed_at_its_place(joined: JoinedPage) -> None:
    keras.utils.set_random_seed(3)
    kinds = [keras.layers.Conv3D(2, (3, 2, 2), name="over"), keras.layers.Flatten(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((4, 6, 6, 1)), *kinds])
    model.compile("sgd", "mse")
    data = (np.random.default_rng(0).normal(size=(8, 4, 6, 6, 1)).astype("float32"), np.zeros(8, "float32"))
    view = nv.NetworkView(model, data=data, height=760, selection={"layer": "L1", "unit": 1})
    network = joined.show_one(view)
    expect(network.inspector.get_by_role("heading", name="over · map 1")).to_be_visible()
    expect(network.inspector).to_contain_text("2 × 5 × 5")
    network.inspector.get_by_role("button", name=re.compile("^What if")).click()
    for name, place in (("slice", 2), ("row", 1), ("column", 0)):
        network.inspector.get_by_role("spinbutton", name=f"{name} of the kernel").fill(str(place))
    network.inspector.get_by_role("spinbutton", name="Its weight").fill("2.5")
    network.inspector.get_by_role("spinbutton", name="Its weight").press("Enter")
    bar = network.root.get_by_role("region", name="What if")
    expect(bar.get_by_role("listitem")).to_have_text([re.compile(r"over · kernel\[2, 1, 0, 0, 1\].*\+2\.500")])
    wait_until(lambda: view.what_if_answer is not None and view.what_if_answer.loss is not None, "the answer")
    assert view.what_if_answer is not None
    weight = np.array(model.get_layer("over").kernel)
    weight[2, 1, 0, 0, 1] = 2.5
    twin = keras.models.clone_model(model)
    twin.set_weights([weight, *model.get_weights()[1:]])
    expected = twin.predict(data[0][:1], verbose=0)[0, 0]
    assert abs(view.what_if_answer.outputs[0].after - expected) < 1e-5 * (1 + abs(expected))
