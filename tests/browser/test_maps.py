"""A convolution on the page: its maps are met by pointer and keys, and one place of a map adds up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .network_page import NetworkPage
from .page_log import PageLog
from .sample_views import cnn_state, kinds_state, strips_state
from .voila_page import VoilaPage
from .widget_page import WidgetPage

ROW, COLUMN = 4, 5


@pytest.fixture
def widget(page: Page) -> WidgetPage:
    page.set_viewport_size({"width": 1400, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    shown = WidgetPage(page)
    shown.open(cnn_state((ROW, COLUMN)), width=1400)
    shown.network.wait_until_drawn()
    return shown


def selection(page: Page) -> Any:
    return page.evaluate("() => stand.model.get('selection')")


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-")) for text in texts]


def test_what_stands_in_the_inspector_adds_up_and_its_place_is_moved_by_keys(
    widget: WidgetPage, page_log: PageLog
) -> None:
    inspector = widget.network.inspector
    expect(inspector.get_by_role("heading", name="conv_1 · map 2")).to_be_visible()
    parts = numbers(inspector.locator(".nv-patch .nv-bar-number").all_inner_texts())
    facts = dict(
        zip(
            inspector.locator("section", has_text="One place of the map").locator("dt").all_inner_texts(),
            numbers(inspector.locator("section", has_text="One place of the map").locator("dd").all_inner_texts()),
            strict=True,
        )
    )
    assert len(parts) == 8
    assert abs(sum(parts) + facts["bias"] - facts["z"]) <= 1.5e-3
    assert facts["max(0, z)"] == max(0, facts["z"])
    row = inspector.get_by_label("row")
    assert row.input_value() == str(ROW)
    row.focus()
    widget.page.keyboard.press("ArrowUp")
    expect(row).to_have_value(str(ROW + 1))
    assert selection(widget.page)["place"] == [ROW + 1, COLUMN]
    row.fill("99")
    assert selection(widget.page)["place"] == [10, COLUMN]
    assert page_log.errors == []


def test_a_click_in_a_map_chooses_the_place_under_it_and_the_tile_of_the_rest_the_layer(widget: WidgetPage) -> None:
    page = widget.page
    ring = page.locator(".nv-canvas svg rect.selection")
    box = ring.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.86, box["y"] + box["height"] * 0.14)
    assert selection(page)["place"] == [1, 9]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tooltip = page.get_by_role("tooltip")
    expect(tooltip).to_contain_text("conv_1 · 2")
    expect(tooltip).to_contain_text("mean")
    rest = page.locator(".nv-canvas svg text", has_text="+8").first.bounding_box()
    assert rest is not None
    page.mouse.click(rest["x"] + rest["width"] / 2, rest["y"] + rest["height"] / 2)
    assert selection(page) == {"layer": selection(page)["layer"]}
    expect(widget.network.inspector.get_by_role("heading", name="conv_1")).to_be_visible()


def test_maps_are_walked_through_by_keys_and_named(widget: WidgetPage) -> None:
    page = widget.page
    widget.network.focus_picture()
    for key in ("ArrowRight", "Home", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    item = page.get_by_role("treeitem", selected=True)
    expect(item).to_have_accessible_name(re.compile(r"map \d+ of \d+.*mean .*least .*greatest"))
    page.get_by_role("radio", name="Network", exact=True).click()
    expect(page.get_by_role("group", name="Legend")).to_contain_text("Activation")


@pytest.mark.parametrize(
    ("layer", "place", "maps", "note"),
    [
        ("depthwise", (4, 5), ["1"], "kernel"),
        ("separable", (4, 5), [str(number) for number in range(8)], "depthwise · pointwise kernel"),
        ("transposed", (7, 10), [str(number) for number in range(6)], "kernel"),
    ],
)
def test_a_place_of_every_kind_of_convolution_adds_up(
    page: Page, page_log: PageLog, layer: str, place: tuple[int, int], maps: list[str], note: str
) -> None:
    shown = WidgetPage(page)
    shown.open(kinds_state(layer, place), width=1400)
    shown.network.wait_until_drawn()
    section = shown.network.inspector.locator("section", has_text="One place of the map")
    assert section.locator(".nv-patch > span:first-child").all_inner_texts() == maps
    expect(section).to_contain_text(f"× {note} (")
    parts = numbers(section.locator(".nv-patch .nv-bar-number").all_inner_texts())
    names = section.locator("dt").all_inner_texts()
    facts = dict(zip(names, numbers(section.locator("dd").all_inner_texts()), strict=True))
    assert abs(sum(parts) + facts["bias"] - facts["z"]) <= 1.5e-3
    assert facts["max(0, z)"] == max(0, facts["z"])
    assert page_log.errors == []


def test_a_sequence_is_strips_and_a_place_of_one_adds_up(page: Page, page_log: PageLog) -> None:
    shown = WidgetPage(page)
    shown.open(strips_state("conv_1", (0, 20)), width=1400)
    shown.network.wait_until_drawn()
    section = shown.network.inspector.locator("section", has_text="One place of the map")
    parts = numbers(section.locator(".nv-patch .nv-bar-number").all_inner_texts())
    facts = dict(
        zip(section.locator("dt").all_inner_texts(), numbers(section.locator("dd").all_inner_texts()), strict=True)
    )
    assert len(parts) == 8
    assert abs(sum(parts) + facts["bias"] - facts["z"]) <= 1.5e-3
    expect(section.get_by_label("row")).to_be_hidden()
    ring = page.locator(".nv-canvas svg rect.selection").bounding_box()
    assert ring is not None
    assert ring["height"] < 24 < ring["width"]
    page.mouse.click(ring["x"] + ring["width"] * 0.75, ring["y"] + ring["height"] / 2)
    row, column = selection(page)["place"]
    assert row == 0
    assert 44 <= column <= 48
    assert page_log.errors == []


def test_the_notebook_of_convolutions_shows_the_chosen_place_and_trains(
    voila_page: VoilaPage, page_log: PageLog
) -> None:
    voila_page.open("cnn.ipynb")
    network = NetworkPage(voila_page.page)
    network.wait_until_drawn()
    expect(network.inspector.get_by_role("heading", name="conv_1 · map 1")).to_be_visible()
    expect(network.inspector.get_by_label("column")).to_have_value("6")
    expect(network.inspector.locator(".nv-patch")).to_have_count(8)
    before = network.shown_step()
    network.train()
    network.wait_until_step_after(before)
    network.pause()
    expect(network.inspector.locator(".nv-patch")).to_have_count(8)
    assert not page_log.outside
    assert not page_log.errors


def test_every_map_of_a_layer_is_a_small_picture_that_leads_to_it(page: Page, page_log: PageLog) -> None:
    shown = WidgetPage(page)
    shown.open(cnn_state(is_whole=True), width=1400)
    grid = shown.network.inspector.locator("section", has_text="Maps of the layer")
    expect(grid.get_by_role("button")).to_have_count(20)
    last = grid.get_by_role("button", name="map 19, mean")
    last.focus()
    page.keyboard.press("Enter")
    assert selection(page)["unit"] == 19
    assert page_log.errors == []
