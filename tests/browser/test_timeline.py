"""Going back in time: to the last good step, along a replay, to a bookmark."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]

DIVERGING = """
model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(6, name="one"), keras.layers.Dense(1, name="two")], name="diverging"
)
model.compile(keras.optimizers.SGD(0.01), "mse")
trainer = nv.Trainer(model, data)
trainer.run_steps(60)
trainer.wait(60)
trainer.learning_rate = 3.0
"""


def test_a_training_that_diverges_is_dated_and_one_can_go_back(
    lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    told = "bad = trainer.status.first_bad; print('bad', bad and bad.moment.step, bad and bad.last_good_step)"
    lab.open(new_notebook(MOONS, DIVERGING, VIEW, told))
    lab.run_all()
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    network.train()
    expect(network.state).to_have_text(re.compile(r"^Live · (NaN|not finite) since step \d+$"))
    expect(network.root.get_by_role("alert")).to_contain_text(re.compile(r"Loss became (NaN|infinite) at epoch"))
    network.wait_until_step_after(network.shown_step())
    network.pause()
    lab.run_cell(3)
    expect(lab.output(3)).to_contain_text(re.compile(r"bad \d+ \d+"))
    bad, good = lab.output(3).inner_text().split()[1:3]
    expect(network.state).to_have_text(re.compile(rf"^Paused · (NaN|not finite) since step {bad}$"))
    network.root.get_by_role("button", name=f"Go to step {good}").click()
    expect(network.training_time).to_have_attribute("aria-valuenow", good)
    expect(network.state).to_contain_text("Viewing")

    marks = network.timeline.get_by_role("group", name="Marks in time").get_by_role("button")
    labels = " ".join(mark.get_attribute("aria-label") or "" for mark in marks.all())
    assert "learning_rate 0.01 → 3 at step 60" in labels
    assert "Loss became" in labels
    assert not page_log.errors


def test_a_bookmark_leads_back_and_a_replay_leads_to_the_newest_step(
    voila_page: VoilaPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    slow = "for _ in range(12):\n    trainer.run_steps(5)\n    trainer.wait(60)"
    voila_page.open(new_notebook(MOONS, VIEW, slow))
    page, network = voila_page.page, NetworkPage(voila_page.page)
    network.wait_until_drawn()
    expect(network.training_time).to_have_attribute("aria-valuenow", "60")
    network.training_time.focus()
    page.keyboard.press("Home")
    page.keyboard.press(".")
    expect(network.training_time).not_to_have_attribute("aria-valuenow", "0")
    marked = network.shown_step()
    page.keyboard.press("b")
    bookmark = network.timeline.get_by_role("button", name=f"Bookmark at step {marked}")
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
    expect(network.timeline.get_by_role("button", name=re.compile(r"^Bookmark at step \d+$"))).to_be_visible()
    assert not page_log.errors
