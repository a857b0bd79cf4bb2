"""Deep networks as rows of cards: opened level by level, by pointer, keys and search; drawn as columns when wanted."""

from __future__ import annotations

import re

import keras
from keras import layers
from playwright.sync_api import Locator, Page, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .sight import bring_into_sight
from .test_accessibility import findings
from .voila_page import VoilaPage
from .widget_page import WidgetPage


def deep() -> keras.Model:
    """Five stages of four blocks of three layers, with a way around each block."""
    keras.utils.set_random_seed(5)
    x = given = keras.Input((8, 8, 4), name="given")
    for name in (f"stage{s}_block{b}" for s in range(1, 6) for b in range(1, 5)):
        inner = layers.Conv2D(4, 3, padding="same", name=f"{name}_conv")(x)
        inner = layers.ReLU(name=f"{name}_relu")(inner)
        x = layers.Add(name=f"{name}_add")([inner, x])
    return keras.Model(given, layers.Dense(2, name="end")(layers.Flatten(name="flat")(x)), name="deep")


def row(network: NetworkPage, name: str) -> Locator:
    return network.root.get_by_role("group", name=name, exact=True)


def card(network: NetworkPage, name: str, level: str = "deep") -> Locator:
    return row(network, level).get_by_role("button", name=re.compile(f"^{name} "))


def test_a_deep_network_is_opened_level_by_level_by_keys_alone(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    press = joined.page.keyboard.press
    expect(row(network, "deep").get_by_role("button")).to_have_count(8)
    expect(network.picture).to_be_hidden()
    row(network, "deep").get_by_role("button").first.focus()
    for _ in range(3):
        press("ArrowRight")
    stage = card(network, "stage3")
    expect(stage).to_be_focused()
    expect(stage).to_have_attribute("aria-expanded", "false")
    press("Enter")
    blocks = row(network, "deep › stage3").get_by_role("button")
    expect(blocks.first).to_be_visible()
    expect(stage).to_have_attribute("aria-expanded", "true")
    press("ArrowDown")
    expect(blocks.first).to_be_focused()
    press("ArrowUp")
    expect(stage).to_be_focused()
    press("ArrowDown")
    press("Escape")
    expect(stage).to_be_focused()
    expect(stage).to_have_attribute("aria-expanded", "false")
    wait_until(lambda: view.opened == (), "nothing is open")


def test_of_a_long_row_at_most_twelve_cards_are_there_and_keys_bring_the_others(joined: JoinedPage) -> None:
    keras.utils.set_random_seed(5)
    kinds = (layers.Dense, layers.Dense, layers.LayerNormalization)
    given = [keras.Input((4,), name="given")]
    named = [
        kinds[n % 3](*([4] if n % 3 < 2 else []), name="abcdefghijklmnopqrstuvwxyz"[n % 26] * 3) for n in range(26)
    ]
    plain = [layers.Dense(4, name=f"{name * 2}") for name in "abcdefghijklmnopqrstuvwxyz"]
    view = nv.NetworkView(keras.Sequential([*given, *named, *plain], name="long"))
    network = joined.show_one(view, width=1300)
    cards = row(network, "long").get_by_role("button")
    told = row(network, "long").get_by_text(re.compile(r"^cards 1–\d+ of \d+$"))
    expect(told).to_be_visible()
    assert cards.count() <= 14  # twelve, and one on either side
    count = int((told.text_content() or "").rpartition(" ")[2])
    assert count > 12
    cards.first.focus()
    joined.page.keyboard.press("End")
    expect(row(network, "long").get_by_text(re.compile(rf"^cards \d+–{count} of {count}$"))).to_be_visible()
    expect(joined.page.locator(":focus")).to_be_in_viewport()
    joined.page.keyboard.press("Home")
    expect(told).to_be_visible()


def test_of_a_row_one_group_is_open_at_a_time_and_a_layer_is_chosen_by_a_click(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    card(network, "stage2").click()
    expect(row(network, "deep › stage2")).to_be_visible()
    card(network, "stage4").click()
    expect(row(network, "deep › stage4")).to_be_visible()
    expect(row(network, "deep › stage2")).to_have_count(0)
    assert view.opened == ("stage4",)
    card(network, "flat").click()
    expect(network.inspector_heading).to_have_text("flat")
    expect(card(network, "flat")).to_have_attribute("aria-current", "true")


def test_a_search_leads_through_the_levels_and_nothing_serious_is_found_by_axe(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep(), opened=["stage1"])
    network = joined.show_one(view)
    joined.page.keyboard.press("Tab")
    row(network, "deep").get_by_role("button").first.focus()
    joined.page.keyboard.press("/")
    field = network.root.get_by_role("combobox")
    field.fill("stage5_block2_conv")
    field.press("Enter")
    expect(card(network, "block2_conv", "deep › stage5")).to_be_focused()
    expect(network.inspector_heading).to_have_text("stage5_block2_conv")
    assert findings(joined.page) == []


def test_groups_that_were_opened_are_open_in_what_a_notebook_saved(page: Page) -> None:
    view = nv.NetworkView(deep())
    view.opened = ("stage3",)
    saved = view.get_state()
    view.close()
    WidgetPage(page).open(saved, has_kernel=False)
    network = NetworkPage(page)
    network.wait_until_drawn()
    expect(row(network, "deep › stage3").get_by_role("button").first).to_be_visible()
    expect(card(network, "stage3")).to_have_attribute("aria-expanded", "true")
    expect(network.state).to_have_text("Saved picture")


def test_the_list_in_the_inspector_is_the_same_tree_opened_and_closed_by_keys(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view, width=1400)
    press = joined.page.keyboard.press
    tree = network.inspector.get_by_role("tree", name="Layers")
    items = tree.get_by_role("treeitem")
    expect(items).to_have_count(8)
    items.first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        press(key)
    wait_until(lambda: view.opened == ("stage2",), "the stage is open")
    expect(row(network, "deep › stage2")).to_be_visible()
    stage = tree.get_by_role("treeitem", name=re.compile("stage2 · Stage"))
    expect(stage).to_have_attribute("aria-expanded", "true")
    expect(stage).to_be_focused()
    press("ArrowRight")
    expect(items.nth(3)).to_be_focused()
    expect(items.nth(3)).to_have_attribute("aria-level", "2")
    press("ArrowLeft")
    expect(stage).to_be_focused()
    press("ArrowLeft")
    expect(row(network, "deep › stage2")).to_have_count(0)
    assert findings(joined.page) == []
    view.opened = tuple(group.path for group in view.source.structure.groups)
    assert items.count() < 20  # only those in view
    items.first.focus()
    press("End")
    expect(tree.get_by_role("treeitem", name=re.compile("end · Dense"))).to_be_focused()
    press("Enter")
    expect(network.inspector_heading).to_have_text("end")


def test_the_same_network_is_drawn_as_columns_when_wanted(joined: JoinedPage) -> None:
    view = nv.NetworkView(deep())
    network = joined.show_one(view)
    network.root.get_by_role("radio", name="Columns").click()
    expect(network.picture).to_be_visible()
    expect(network.picture.get_by_text("stage3", exact=True)).to_be_attached()
    expect(row(network, "deep")).to_have_count(0)
    network.root.get_by_role("radio", name="Levels").click()
    expect(row(network, "deep")).to_be_visible()


def test_a_training_goes_on_showing_itself_beside_the_rows(joined: JoinedPage) -> None:
    import numpy as np

    model = deep()
    model.compile("sgd", "mse")
    random = np.random.default_rng(0)
    x, y = random.normal(size=(64, 8, 8, 4)).astype(np.float32), random.normal(size=(64, 2)).astype(np.float32)
    network = joined.show_one(nv.NetworkView(nv.Trainer(model, (x, y), epochs=None)))
    network.train()
    step = network.wait_until_step_after(0)
    network.wait_until_step_after(step)
    network.pause()


def test_the_layers_are_coloured_by_their_gradients_with_the_numbers_of_the_scale(joined: JoinedPage) -> None:
    import numpy as np

    model = deep()
    model.compile("sgd", "mse")
    random = np.random.default_rng(0)
    x, y = random.normal(size=(8, 8, 8, 4)).astype(np.float32), random.normal(size=(8, 2)).astype(np.float32)
    view = nv.NetworkView(model, data=(x, y))
    network = joined.show_one(view)
    expect(card(network, "end")).not_to_contain_text("g/w")
    row(network, "deep").get_by_role("button").first.focus()
    network.root.get_by_role("radiogroup", name="Colours").get_by_role("radio", name="Gradient").click()
    expect(card(network, "end")).to_contain_text(re.compile(r"g/w \d"))
    expect(card(network, "stage1")).to_contain_text("≤")
    assert view.layer_color == "gradient"
    colours = network.root.get_by_role("radiogroup", name="Colours")
    colours.get_by_role("radio", name="Dead").click()
    expect(card(network, "stage1")).to_contain_text(re.compile(r"\d% dead"))
    expect(network.root).to_contain_text("0 for all 8 samples of the probe")
    colours.get_by_role("radio", name="Rest").click()
    expect(network.root).to_contain_text("Known from the second kept step on.")
    colours.get_by_role("radio", name="Size").click()
    expect(network.root).to_contain_text("share of all")
    expect(card(network, "stage1")).not_to_contain_text("dead")
    assert findings(joined.page) == []


def test_the_notebook_of_deep_networks_shows_where_gradients_vanish_and_trains(
    voila_page: VoilaPage, page_log: PageLog
) -> None:
    voila_page.open("deep.ipynb")
    plain, residual = (NetworkPage(voila_page.page, place) for place in range(2))
    plain.wait_until_drawn()
    expect(row(plain, "plain › stage2").get_by_role("button").first).to_be_visible()
    expect(card(plain, "stage1", "plain")).to_contain_text(re.compile(r"g/w ≤|≤ \d"))
    flow = voila_page.page.locator(".nnvis-panel").filter(has_text="Gradient flow").first
    bring_into_sight(flow)
    expect(flow.locator(".nnvis-note").last).to_contain_text("least gradients: stem (")
    expect(row(residual, "residual › stage1 › block2")).to_be_visible()
    expect(row(residual, "residual").get_by_text(re.compile("dead$")).first).to_be_visible()
    plain.train()
    plain.wait_until_step_after(0)
    plain.pause()
    expect(row(plain, "plain › stage2").get_by_role("button").first).to_be_visible()
    assert not page_log.outside
    assert not page_log.errors
