"""Groups of layers: opened and closed by pointer and by keys, told to the kernel, and kept."""

from __future__ import annotations

import keras
import pytest
from keras import layers
from playwright.sync_api import Locator, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .processes import wait_until


def deep() -> keras.Model:
    keras.utils.set_random_seed(5)
    x = given = keras.Input((2,), name="given")
    for name in (f"stage{s}_block{b}" for s in (1, 2) for b in (1, 2, 3)):
        for layer in (layers.Dense(2, name=f"{name}_dense"), layers.ReLU(name=f"{name}_relu")):
            x = layer(x)
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return keras.Model(given, layers.Dense(1, name="end")(x), name="deep")


def items(network: NetworkPage) -> Locator:
    return network.root.get_by_role("treeitem")


def test_a_group_is_opened_and_closed_by_keys_and_the_focus_goes_along(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    network.focus_picture()
    press = joined.page.keyboard.press
    card = items(network).filter(has_text="stage1, stage, 9 layers, closed, Enter opens it")
    expect(card).to_have_attribute("aria-expanded", "false")
    press("ArrowRight")
    expect(card).to_be_focused()
    press("Enter")
    first = items(network).filter(has_text="stage1_block1_dense, 2 units").first
    expect(first).to_be_focused()
    assert view.opened == ("stage1",)
    press("Escape")
    expect(card).to_be_focused()
    wait_until(lambda: view.opened == (), "nothing is open")


def test_a_click_opens_a_group_and_its_name_above_the_picture_closes_it(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    network.picture.get_by_text("stage2", exact=True).click(force=True)
    close = network.root.get_by_role("navigation", name="Open groups").get_by_role("button", name="Close stage2 (Esc)")
    expect(close).to_be_visible()
    expect(network.picture.get_by_text("stage2_block1_dense", exact=True).first).to_be_attached()
    assert view.opened == ("stage2",)
    close.click()
    expect(close).to_have_count(0)
    wait_until(lambda: view.opened == (), "nothing is open")


def test_a_layer_out_of_sight_is_found_and_its_groups_are_opened(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    network.focus_picture()
    joined.page.keyboard.press("/")
    field = network.root.get_by_role("combobox")
    field.fill("stage2_block3_norm")
    expect(network.root.get_by_role("option").first).to_contain_text("BatchNormalization, in stage2")
    field.press("Enter")
    expect(network.inspector_heading).to_have_text("stage2_block3_norm")
    assert view.opened == ("stage2",)


def test_what_python_opens_is_open_on_the_page(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    view.opened = ("stage1", "stage2")
    buttons = network.root.get_by_role("navigation", name="Open groups").get_by_role("button")
    expect(buttons).to_have_text(["stage1", "stage2"])


def test_what_is_not_known_of_own_code_stands_under_the_picture(joined: JoinedPage) -> None:
    class Failing(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="failing")
            self.one = layers.Dense(3, name="one")
            self.one.build((None, 2))
            self.built = True

        def call(self, inputs):  # type: ignore[no-untyped-def]
            return self.one(inputs) + keras.ops.zeros((7, 7))

    with pytest.warns(RuntimeWarning, match="cannot measure"):
        network = joined.show_one(nv.NetworkView(Failing(), data=nv.datasets.moons(20)))
    expect(network.root.locator(".nv-foot-note")).to_contain_text("Traced as far as 'failing' (Failing), whose call")
