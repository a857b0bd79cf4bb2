"""Views of a training on one page: what they share, and what becomes of an error in a person's model."""

from __future__ import annotations

import re

import keras
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .processes import wait_until
from .sample_views import moons, moons_trainer
from .sight import bring_into_sight


class Broken(keras.layers.Layer):
    def call(self, inputs, training=False):  # type: ignore[no-untyped-def]
        if training:
            raise RuntimeError("the person's own mistake")
        return inputs


def test_two_views_of_one_training_look_at_the_same_and_one_that_is_not_linked_by_itself(joined: JoinedPage) -> None:
    trainer = moons_trainer(0)
    views = [nv.NetworkView(trainer, height=400), nv.NetworkView(trainer, height=400)]
    one, two, own = joined.show(*views, nv.NetworkView(trainer, height=400, linked=False))
    one.focus_picture()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        joined.page.keyboard.press(key)
    expect(one.inspector_heading).to_contain_text(re.compile(r"dense_2 · unit \d"))
    chosen = one.inspector_heading.inner_text()
    expect(two.inspector_heading).to_contain_text(chosen)
    one.train()
    one.wait_until_step_after(0)
    two.training_time.focus()
    joined.page.keyboard.press("Home")
    for network in (two, one):
        network.come_into_view()
        expect(network.training_time).to_have_attribute("aria-valuenow", "0")
        expect(network.state).to_contain_text("Viewing")
    own.come_into_view()
    own.wait_until_step_after(own.shown_step())
    expect(own.state).to_contain_text("Live")
    expect(own.inspector).not_to_contain_text(chosen)
    own.pause()


ACKNOWLEDGED = "() => stands[0].asked.filter(({ op }) => op === 'drawn').at(-1)?.args.seq"


def test_a_view_of_which_only_the_timeline_is_in_sight_keeps_up_with_its_training(joined: JoinedPage) -> None:
    view = nv.NetworkView(moons_trainer(0), height=1000)
    joined.page.set_viewport_size({"width": 1280, "height": 120})
    network = joined.show_one(view)
    bring_into_sight(network.timeline)
    assert joined.page.evaluate("() => document.querySelector('.nv-canvas').getBoundingClientRect().bottom") <= 0
    network.train()
    for _ in range(3):
        network.wait_until_step_after(network.shown_step())
    network.pause()
    wait_until(lambda: joined.page.evaluate(ACKNOWLEDGED) == view.sent_frames, "the last frame to be acknowledged")


def test_an_error_in_the_users_model_is_shown_with_its_traceback(joined: JoinedPage) -> None:
    layers = [keras.Input((2,)), Broken(name="broken"), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential(layers, name="broken_mlp")
    model.compile("sgd", "binary_crossentropy")
    network = joined.show_one(nv.NetworkView(nv.Trainer(model, moons())))
    network.train_button.click()
    expect(network.root.get_by_role("alert")).to_contain_text("the person's own mistake")
    network.root.get_by_role("button", name="Details").click()
    expect(network.root.locator("pre")).to_contain_text("Traceback")
