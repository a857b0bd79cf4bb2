"""Pointer, touch and keyboard in the picture, in a real browser on a page without a kernel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .demo_page import DemoPage, centre
from .test_accessibility import findings

INK = """
([plane, x, y]) => {
  const canvas = document.querySelectorAll(".nnvis-stage > canvas")[plane];
  const box = canvas.getBoundingClientRect();
  const ratio = canvas.width / box.width;
  const pixel = (px, py) => canvas.getContext("2d").getImageData((px - box.x) * ratio, (py - box.y) * ratio, 1, 1).data;
  return pixel(x, y)[3];
}
"""


def zoom_at(demo: DemoPage, x: float, y: float, notches: int) -> None:
    demo.page.mouse.move(x, y)
    demo.page.keyboard.down("Control")
    for _ in range(abs(notches)):
        demo.page.mouse.wheel(0, -100 if notches > 0 else 100)
    demo.page.keyboard.up("Control")
    demo.wait_until_still()


def text_height(demo: DemoPage) -> float:
    box = demo.picture.locator("text.head").nth(1).bounding_box()
    assert box is not None
    return box["height"]


def test_ctrl_and_wheel_zoom_to_the_pointer_in_all_planes_and_texts_keep_their_size(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.select("L2", 1)
    before = demo.ring_box()
    height = text_height(demo)
    x, y = centre(before)
    zoom_at(demo, x, y, 4)
    expect(demo.zoom).to_be_visible()
    after = demo.ring_box()
    scale = demo.scale
    assert 2 < scale < 4
    assert centre(after) == pytest.approx((x, y), abs=1.5)
    assert after["width"] == pytest.approx(before["width"] * scale, rel=0.06)
    assert text_height(demo) == pytest.approx(height, abs=0.1)
    # the tile is painted inside its ring and not above it; an edge arrives at its left side
    assert demo.page.evaluate(INK, [1, after["x"] + 4, after["y"] + 4]) == 255
    assert demo.page.evaluate(INK, [1, after["x"] - 8, after["y"] - 8]) == 0
    left = after["x"] - 4
    arrivals = [demo.page.evaluate(INK, [0, left, after["y"] + step]) for step in range(0, int(after["height"]), 2)]
    assert max(arrivals) > 100

    zoom_at(demo, x, y, -12)
    expect(demo.zoom).to_be_hidden()
    assert demo.ring_box() == pytest.approx(before, abs=0.5)


def test_a_plain_wheel_scrolls_the_page_also_over_an_enlarged_network(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.page.evaluate("document.body.style.paddingBottom = '2000px'")
    x, y = centre(demo.place_of("L1", 2))
    zoom_at(demo, x, y, 2)
    scale = demo.scale
    demo.page.mouse.wheel(0, 120)
    demo.page.wait_for_function("scrollY > 0")
    assert demo.scale == scale


def test_dragging_pans_and_selects_nothing_a_click_selects(demo: DemoPage) -> None:
    demo.open("moons", free="")
    x, y = centre(demo.place_of("L1", 2))
    zoom_at(demo, x, y, 3)
    before = demo.place_of("L1", 2)
    demo.page.mouse.move(x, y)
    demo.page.mouse.down()
    demo.page.mouse.move(x + 40, y - 30, steps=4)
    demo.page.mouse.up()
    assert demo.selection() is None
    after = demo.place_of("L1", 2)
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((40, -30), abs=2)
    demo.page.mouse.click(*centre(after))
    assert demo.selection() == {"layer": "L1", "unit": 2}


def test_shift_and_wheel_and_shift_and_arrows_pan(demo: DemoPage) -> None:
    demo.open("moons", free="")
    x, y = centre(demo.place_of("L1", 2))
    zoom_at(demo, x, y, 3)
    before = demo.place_of("L1", 2)
    demo.page.keyboard.down("Shift")
    demo.page.mouse.wheel(0, 50)
    demo.page.keyboard.up("Shift")
    moved = demo.place_of("L1", 2)
    assert (moved["x"] - before["x"], moved["y"] - before["y"]) == pytest.approx((-50, 0), abs=1.5)
    demo.focus_picture()
    settled = demo.place_of("L1", 2)
    demo.page.keyboard.press("Shift+ArrowLeft")
    demo.wait_until_still()
    last = demo.place_of("L1", 2)
    assert last["x"] > settled["x"]
    assert last["y"] == pytest.approx(settled["y"], abs=1)


def test_two_fingers_pinch(demo: DemoPage) -> None:
    demo.open("moons", free="")
    x, y = centre(demo.place_of("L1", 2))
    fingers = demo.page.context.new_cdp_session(demo.page)

    def touch(kind: str, *spread: float) -> None:
        points = [{"x": x + side * half, "y": y, "id": i} for half in spread for i, side in enumerate((-1, 1))]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    touch("touchStart", 40)
    for spread in (50, 60, 70, 80, 90, 100):
        touch("touchMove", spread)
    touch("touchEnd")
    expect(demo.zoom).to_be_visible()
    demo.wait_until_still()
    assert demo.scale == pytest.approx(2.5, abs=0.1)
    assert centre(demo.place_of("L1", 2)) == pytest.approx((x, y), abs=2)


def test_a_double_click_looks_closer_and_on_the_ground_shows_all(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.page.mouse.dblclick(*centre(demo.place_of("L1", 5)))
    expect(demo.zoom).to_be_visible()
    assert demo.selection() == {"layer": "L1", "unit": 5}
    demo.wait_until_still()
    canvas = demo.picture.bounding_box()
    ring = demo.ring_box()
    assert canvas is not None
    assert canvas["x"] <= ring["x"] <= canvas["x"] + canvas["width"] - ring["width"]
    assert canvas["y"] <= ring["y"] <= canvas["y"] + canvas["height"] - ring["height"]
    demo.root.get_by_role("button", name="Fit the network").click()
    expect(demo.zoom).to_be_hidden()

    demo.page.mouse.dblclick(*centre(demo.place_of("L1", 0)))
    expect(demo.zoom).to_be_visible()
    demo.wait_until_still()
    demo.page.mouse.dblclick(canvas["x"] + 30, canvas["y"] + canvas["height"] - 60)
    expect(demo.zoom).to_be_hidden()


@pytest.mark.parametrize(("layer", "unit"), [("L1", 0), ("L2", 3), ("L0", 1)])
def test_the_tooltip_is_beside_its_unit_and_can_be_reached(demo: DemoPage, layer: str, unit: int) -> None:
    demo.open("moons", free="")
    item = demo.place_of(layer, unit)
    x, y = centre(item)
    demo.page.mouse.move(x, y)
    expect(demo.tooltip).to_be_visible()
    box = demo.tooltip.bounding_box()
    assert box is not None
    apart = (
        box["x"] >= item["x"] + item["width"]
        or box["x"] + box["width"] <= item["x"]
        or box["y"] >= item["y"] + item["height"]
        or box["y"] + box["height"] <= item["y"]
    )
    assert apart, f"tooltip {box} lies over its unit {item}"
    text = demo.tooltip.inner_text()
    demo.page.mouse.move(*centre(box), steps=6)
    demo.page.wait_for_timeout(600)  # longer than a tooltip stays that was left
    assert demo.tooltip.inner_text() == text
    demo.page.keyboard.press("Escape")
    expect(demo.tooltip).to_be_hidden()


def test_a_bundle_says_its_inputs_and_their_sum(demo: DemoPage) -> None:
    demo.open("digits", free="")
    unit = demo.place_of("L1", 30)
    demo.page.mouse.move(unit["x"] - 90, unit["y"] - 40)
    expect(demo.tooltip).to_be_visible()
    expect(demo.tooltip).to_contain_text(re.compile(r"inputs \d+–\d+ → .+ · \d+"))
    expect(demo.tooltip).to_contain_text("sum of w")


def test_a_click_on_an_edge_of_the_selected_unit_follows_it(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.select("L2", 1)
    ring = demo.ring_box()
    demo.page.mouse.move(ring["x"] - 12, ring["y"] + ring["height"] / 2)
    demo.page.wait_for_function("demo.state.values.hover?.source !== undefined")
    hover = demo.page.evaluate("demo.state.values.hover")
    assert (hover["layer"], hover["unit"], hover["sourceLayer"]) == ("L2", 1, "L1")
    demo.page.mouse.down()
    demo.page.mouse.up()
    assert demo.selection() == {"layer": "L1", "unit": hover["source"]}


def test_the_keyboard_alone_walks_follows_searches_and_leaves(demo: DemoPage) -> None:
    demo.open("moons", free="")
    page = demo.page
    page.evaluate("document.addEventListener('keydown', (e) => (window.heard ??= []).push(e.key))")
    focused = page.locator("[role=treeitem]:focus")
    demo.root.get_by_role("button", name="More", exact=True).focus()
    page.keyboard.press("Tab")
    expect(focused).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(focused).to_contain_text(re.compile(r"^\S+, unit \d of 6, tanh, output"))
    expect(demo.picture.locator("rect.focus")).to_have_count(1)
    page.keyboard.press("Enter")
    assert demo.selection() is not None
    page.keyboard.press("o")
    expect(focused).to_contain_text("of 4")
    expect(demo.tooltip).to_contain_text("weight w")
    page.keyboard.press("Escape")
    expect(demo.tooltip).to_be_hidden()
    page.keyboard.press("+")
    expect(demo.zoom).to_be_visible()
    page.keyboard.press("0")
    expect(demo.zoom).to_be_hidden()
    page.keyboard.press("/")
    field = demo.root.get_by_role("combobox", name="Find a layer")
    expect(field).to_be_focused()
    page.keyboard.type("dense_1 2")
    expect(demo.root.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(focused).to_contain_text("unit 2 of 4")
    assert demo.selection() == {"layer": "L2", "unit": 2}
    expect(demo.zoom).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(demo.root.get_by_role("button", name="More", exact=True)).to_be_focused()
    heard = page.evaluate("window.heard ?? []")
    assert not [key for key in heard if key not in ("Tab", "Shift")], heard


def test_with_reduced_motion_a_jump_is_one_frame(demo: DemoPage) -> None:
    demo.page.emulate_media(reduced_motion="reduce")
    demo.open("moons", free="")
    demo.focus_picture()
    transforms = demo.page.evaluate(
        """async () => {
          const world = document.querySelector(".nnvis-stage > svg > svg > g");
          const seen = new Set([world.getAttribute("transform")]);
          const key = new KeyboardEvent("keydown", { key: "+", bubbles: true });
          document.activeElement.dispatchEvent(key);
          for (let i = 0; i < 20; i++) {
            await new Promise((done) => requestAnimationFrame(done));
            seen.add(world.getAttribute("transform"));
          }
          return [...seen];
        }"""
    )
    assert len(transforms) == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_navigation_opens(demo: DemoPage, theme: str) -> None:
    demo.open("digits", theme=theme)
    demo.focus_picture()
    demo.page.keyboard.press("ArrowRight")
    demo.page.keyboard.press("i")
    expect(demo.tooltip).to_be_visible()
    assert findings(demo.page) == []
    demo.page.keyboard.press("+")
    expect(demo.zoom).to_be_visible()
    demo.page.keyboard.press("/")
    demo.page.keyboard.type("dense")
    expect(demo.root.get_by_role("option").first).to_be_visible()
    assert findings(demo.page) == []


def test_the_view_may_have_the_whole_screen_and_gives_it_back(demo: DemoPage) -> None:
    demo.open("moons", free="")
    more = demo.page.get_by_role("button", name="More")
    before = demo.page.locator(".nv").bounding_box()
    more.click()
    demo.page.get_by_role("menuitemcheckbox", name="Full screen").click()
    demo.page.wait_for_function("document.fullscreenElement?.matches('.nv') === true")
    demo.wait_until_still()
    box = demo.page.locator(".nv").bounding_box()
    assert box is not None
    assert [box["width"], box["height"]] == demo.page.evaluate("[innerWidth, innerHeight]")
    more.click()
    item = demo.page.get_by_role("menuitemcheckbox", name="Full screen")
    expect(item).to_have_attribute("aria-checked", "true")
    item.click()
    demo.page.wait_for_function("document.fullscreenElement === null")
    demo.wait_until_still()
    assert demo.page.locator(".nv").bounding_box() == before
