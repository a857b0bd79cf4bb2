"""Going back in time: to the last good step, along a replay, to a bookmark."""

from __future__ import annotations

import re

import keras
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .sample_views import mlp, moons, moons_trainer


def test_a_training_that_diverges_is_dated_and_one_can_go_back(joined: JoinedPage, page_log: PageLog) -> None:
    keras.utils.set_random_seed(3)
    model = mlp("diverging", 2, (6, "linear"), (1, "linear"))
    model.compile(keras.optimizers.SGD(0.01), "mse")
    trainer = nv.Trainer(model, moons())
    trainer.run_steps(60)
    trainer.wait()
    trainer.learning_rate = 3.0
    network = joined.show_one(nv.NetworkView(trainer))
    network.train()
    expect(network.state).to_have_text(re.compile(r"^Live · (NaN|not finite) since epoch \d+\.\d$"))
    became = re.compile(r"Train loss became (NaN|infinite) at epoch")
    expect(network.root.get_by_role("alert").filter(has_text=became)).to_be_visible()
    network.wait_until_step_after(network.shown_step())
    network.pause()
    bad = trainer.status.first_bad
    assert bad is not None
    good, clock = bad.last_good_step, trainer.run.clock
    assert good is not None
    since = re.escape(clock.text(bad.moment.step))
    expect(network.state).to_have_text(re.compile(rf"^Paused · (NaN|not finite) since {since}$"))
    network.root.get_by_role("button", name=f"Go to {clock.text(good)}").click()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(good))
    expect(network.state).to_contain_text("Viewing")

    marks = network.timeline.get_by_role("group", name="Marks in time").get_by_role("button")
    labels = " ".join(mark.get_attribute("aria-label") or "" for mark in marks.all())
    assert "learning_rate 0.01 → 3 at epoch 12.0 (step 60)" in labels
    assert "Train loss became" in labels
    assert not page_log.errors


def looking_back(joined: JoinedPage, rounds: int) -> tuple[nv.Trainer, NetworkPage]:
    """A training of so many rounds of five steps, looked at at the first kept step after its beginning."""
    trainer = moons_trainer(0)
    network = joined.show_one(nv.NetworkView(trainer))
    for _ in range(rounds):
        trainer.run_steps(5)
        trainer.wait()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(5 * rounds))
    network.training_time.focus()
    joined.page.keyboard.press("Home")
    joined.page.keyboard.press(".")
    expect(network.training_time).not_to_have_attribute("aria-valuenow", re.compile(rf"^(0|{5 * rounds})$"))
    return trainer, network


def test_a_bookmark_leads_back_and_a_replay_leads_to_the_newest_step(joined: JoinedPage, page_log: PageLog) -> None:
    trainer, network = looking_back(joined, rounds=12)
    page = joined.page
    marked = network.shown_step()
    page.keyboard.press("b")
    bookmark = network.timeline.get_by_role("button", name=f"Bookmark at {trainer.run.clock.text_with_step(marked)}")
    expect(bookmark).to_be_visible()

    page.keyboard.press("Space")
    expect(network.timeline.get_by_role("button", name="Pause replay")).to_be_visible()
    expect(network.training_time).to_have_attribute("aria-valuenow", "60")
    expect(network.timeline.get_by_role("button", name="Replay (Space)")).to_be_visible()
    expect(network.state).to_contain_text("Viewing")

    bookmark.click()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(marked))
    bookmark.focus()
    page.keyboard.press("Delete")
    expect(bookmark).to_have_count(0)
    middle = (network.training_time.bounding_box() or {"width": 0})["width"] / 2
    network.training_time.dblclick(position={"x": middle, "y": 30})
    expect(
        network.timeline.get_by_role("button", name=re.compile(r"^Bookmark at epoch \d+\.\d \(step \d+\)$"))
    ).to_be_visible()
    assert not page_log.errors


def test_in_the_past_another_sample_and_gradients_are_those_of_then(joined: JoinedPage, page_log: PageLog) -> None:
    trainer, network = looking_back(joined, rounds=4)
    page = joined.page
    expect(network.state).to_contain_text("Viewing")
    step = network.shown_step()
    before = network.picture_hash()
    network.focus_picture()
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(network.inspector).to_contain_text("#2,")
    expect(network.inspector).to_contain_text(re.compile("right|wrong"))
    network.root.get_by_role("radio", name="Gradient").click()
    expect(network.root).not_to_contain_text("not recorded")
    wait_until(lambda: has_gradients(trainer, step), "the gradients of then")
    network.wait_until_drawn()
    assert network.shown_step() == step
    assert network.picture_hash() != before
    assert 2 in trainer.run.at(step).samples
    assert not page_log.errors


def has_gradients(trainer: nv.Trainer, step: int) -> bool:
    return any(key.quantity == "gradient" for key in trainer.run.at(step).tensors)
