from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from .lab_page import LabPage
from .models import CONTROLS, MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog

NewNotebook = Callable[..., str]

FIT = """
plain = keras.models.clone_model(model)
plain.compile("sgd", "binary_crossentropy")
view = nv.NetworkView(plain, data=data)
view
"""


def test_a_network_is_trained_steered_and_looked_back_at(
    lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    lab.open(new_notebook(MOONS, VIEW, CONTROLS, "print('state', trainer.state, trainer.step)"))
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

    network.training_time.focus()
    lab.page.keyboard.press("Home")
    expect(network.state).to_contain_text("Viewing")
    expect(network.training_time).to_have_attribute("aria-valuenow", "0")
    assert network.picture_hash() != trained

    network.go_live_button.click()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(paused_at))
    assert not page_log.errors
    assert not page_log.outside


def test_a_reload_brings_the_picture_back(lab: LabPage, new_notebook: NewNotebook) -> None:
    lab.open(new_notebook(MOONS, VIEW, "trainer.run_steps(50); trainer.wait(60)"))
    lab.run_all()
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
    network.train()
    network.wait_until_step_after(50)


def test_two_views_of_one_training_look_at_the_same_and_one_that_is_not_linked_by_itself(
    lab: LabPage, new_notebook: NewNotebook
) -> None:
    other = "other = nv.NetworkView(trainer, height=400)\nother"
    alone = "alone = nv.NetworkView(trainer, height=400, linked=False)\nalone"
    lab.open(new_notebook(MOONS, VIEW, other, alone))
    lab.run_all()
    one, two, own = (NetworkPage(lab.page, number) for number in range(3))
    for network in (one, two, own):
        network.wait_until_drawn()
    one.picture.locator("[tabindex='0']").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        lab.page.keyboard.press(key)
    for network in (one, two):
        expect(network.inspector_heading).to_contain_text("dense_1 · unit 2")
    one.train()
    one.wait_until_step_after(0)
    two.training_time.focus()
    lab.page.keyboard.press("Home")
    for network in (two, one):
        network.root.scroll_into_view_if_needed()
        expect(network.training_time).to_have_attribute("aria-valuenow", "0")
        expect(network.state).to_contain_text("Viewing")
    own.root.scroll_into_view_if_needed()
    own.wait_until_step_after(own.shown_step())
    expect(own.state).to_contain_text("Live")
    expect(own.inspector).not_to_contain_text("unit 2")
    own.pause()


def test_a_plain_fit_is_seen_while_its_cell_runs(lab: LabPage, new_notebook: NewNotebook) -> None:
    fit = "history = plain.fit(*data.training, epochs=2000, verbose=0, callbacks=[nv.LiveCallback(view)])"
    lab.open(new_notebook(MOONS, FIT, fit))
    lab.start_all()
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    step = network.wait_until_step_after(0)
    network.wait_until_step_after(step)
    expect(lab.notebook.get_by_text("[*]:")).to_have_count(1)
    expect(network.state).to_contain_text("Live")


def test_an_error_in_the_users_model_is_shown_with_its_traceback(lab: LabPage, new_notebook: NewNotebook) -> None:
    broken = """
class Broken(keras.layers.Layer):
    def call(self, inputs, training=False):
        if training:
            raise RuntimeError("the person's own mistake")
        return inputs

layers = [keras.Input((2,)), Broken(name="broken"), keras.layers.Dense(1, "sigmoid")]
model = keras.Sequential(layers, name="broken_mlp")
model.compile("sgd", "binary_crossentropy")
trainer = nv.Trainer(model, data)
"""
    lab.open(new_notebook(MOONS, broken, VIEW))
    lab.run_all()
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    network.train_button.click()
    expect(network.root.get_by_role("alert")).to_contain_text("the person's own mistake")
    network.root.get_by_role("button", name="Details").click()
    expect(network.root.locator("pre")).to_contain_text("Traceback")
