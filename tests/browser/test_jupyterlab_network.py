from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from .lab_page import LabPage
from .learning_page import copy, open_learning, table
from .models import CONTROLS, MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .step_walk import walk_and_take
from .test_accessibility import findings

NewNotebook = Callable[..., str]

FIT = (
    """
plain = keras.models.clone_model(model)
plain.compile("sgd", "binary_crossentropy")
view = nv.NetworkView(plain, data=data)
view
""",
    "history = plain.fit(*data.training, epochs=2000, verbose=0, callbacks=[nv.LiveCallback(view)])",
)


def test_a_network_is_trained_steered_and_looked_back_at(
    lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cells = ("print('state', trainer.state, trainer.step)", "nv.FindingsPanel(trainer)")
    lab.open(new_notebook(MOONS, VIEW, CONTROLS, *cells))
    lab.run_all()
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    expect(network.root).to_contain_text("moons_mlp")
    expect(network.root).to_contain_text("51 parameters")
    untrained = network.picture_hash()

    network.train()
    first = network.wait_until_step_after(0)
    moving = network.picture_hash()
    assert moving != untrained
    network.wait_until_step_after(first)

    # the slider's wish becomes the training's value, seen in the view's header from the next snapshot
    expect(network.root).to_contain_text("Adam 0.01")
    slider = lab.output(2).get_by_role("slider").first
    slider.focus()
    for _ in range(4):
        lab.page.keyboard.press("ArrowRight")
    expect(network.root).to_contain_text(re.compile(r"Adam 0\.015[89]"))
    expect(lab.output(2)).to_contain_text("0.0158")

    network.pause()
    expect(network.state).to_have_text("Paused")
    lab.run_cell(3)
    expect(lab.output(3)).to_contain_text(re.compile(r"state paused \d+"))
    trained = network.picture_hash()
    paused_at = int(lab.output(3).inner_text().split()[-1])
    assert network.shown_step() == paused_at

    learning = open_learning(network)
    expect(table(learning).get_by_role("row")).to_have_count(8)
    copy(learning, "Copy as numpy")
    expect(learning).to_contain_text("Copied.")
    assert "import numpy as np" in lab.page.evaluate("() => navigator.clipboard.readText()")

    network.training_time.focus()
    lab.page.keyboard.press("Home")
    expect(network.state).to_contain_text("Viewing")
    expect(network.training_time).to_have_attribute("aria-valuenow", "0")
    expect(learning).to_contain_text("had kept at this step was not recorded")
    assert network.picture_hash() != trained

    network.go_live_button.click()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(paused_at))
    assert findings(lab.page) == []
    doctor = lab.output(4).locator(".nnvis-panel")
    doctor.scroll_into_view_if_needed()
    expect(doctor.get_by_role("listitem").filter(has_text="units")).to_be_visible()
    assert findings(lab.page, ".nnvis-panel") == []
    assert not page_log.errors
    assert not page_log.outside


def test_a_reload_brings_back_the_picture_and_what_is_done_by_keyboard_and_a_plain_fit_is_seen(
    lab: LabPage, new_notebook: NewNotebook
) -> None:
    notebook = new_notebook(MOONS, VIEW, "trainer.run_steps(50); trainer.wait(60)", *FIT)
    lab.open(notebook)
    for cell in range(3):
        lab.run_cell(cell)
    lab.wait_until_idle()
    lab.page.mouse.move(0, 0)  # nothing is pointed at, before and after
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    expect(network.training_time).to_have_attribute("aria-valuenow", "50")
    lab.page.keyboard.press("Control+s")
    before = network.picture_hash()
    lab.page.reload()
    network.wait_until_drawn()
    expect(network.training_time).to_have_attribute("aria-valuenow", "50")
    expect.soft(network.state).to_have_text("Paused")
    assert network.picture_hash() == before
    network.choose_a_unit()
    expect_saved_by_key(lab, notebook)
    network.hold_the_unit_at_zero()
    expect(network.state).to_have_text("What if: 1 change, not the model")
    assert findings(lab.page) == []
    network.undo_what_is_tried()
    expect(network.state).to_have_text("Paused")
    found: dict[str, list[str]] = {}
    walk_and_take(network, lambda phase: found.update({phase: findings(lab.page)}) if phase == "Backward" else None)
    assert found == {"Backward": []}
    expect(network.training_time).to_have_attribute("aria-valuenow", "51")
    network.train()
    network.wait_until_step_after(51)
    network.pause()
    lab.run_cell(3)
    lab.run_cell(4)
    expect_seen_while_its_cell_runs(lab, NetworkPage(lab.page, 1))
    lab.expect_no_error_output()


def expect_saved_by_key(lab: LabPage, notebook: str) -> None:
    file = lab.server.folder / notebook
    before = file.stat().st_mtime_ns
    lab.page.keyboard.press("Control+s")
    wait_until(lambda: file.stat().st_mtime_ns > before, "the notebook is saved")


def expect_seen_while_its_cell_runs(lab: LabPage, network: NetworkPage) -> None:
    network.come_into_view()
    network.wait_until_drawn()
    step = network.wait_until_step_after(0)
    network.wait_until_step_after(step)
    expect(lab.notebook.get_by_text("[*]:")).to_have_count(1)
    expect(network.state).to_contain_text("Live")
