"""A layer chosen as a whole: by pointer, by key and by search, on a page without a kernel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from .demo_page import DemoPage, centre
from .test_accessibility import findings


def head(demo: DemoPage, name: str) -> Locator:
    return demo.picture.locator("text.head", has_text=re.compile(f"^{name}$"))


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None, f"Expected {part} on the screen."
    return box


def holds(outer: FloatRect, inner: FloatRect) -> bool:
    return (
        outer["x"] <= inner["x"]
        and outer["y"] <= inner["y"]
        and outer["x"] + outer["width"] >= inner["x"] + inner["width"]
        and outer["y"] + outer["height"] >= inner["y"] + inner["height"]
    )


def whole(layer: str) -> dict[str, object]:
    return {"layer": layer, "unit": None}


def test_a_click_on_its_name_chooses_a_layer_and_on_the_ground_lets_it_go(demo: DemoPage) -> None:
    demo.open("moons", free="")
    name = box_of(head(demo, "dense"))
    demo.page.mouse.click(*centre(name))
    assert demo.selection() == whole("L1")
    assert holds(demo.ring_box(), name)
    expect(demo.inspector_heading).to_have_text("dense")
    expect(demo.inspector.get_by_role("row", name="kernel bias output")).to_be_visible()
    expect(demo.inspector.get_by_role("listitem")).to_have_count(6)
    demo.inspector.get_by_role("listitem").nth(2).get_by_role("button").click()
    expect(demo.inspector_heading).to_have_text(re.compile(r"^dense · unit \d$"))
    demo.inspector.get_by_role("button", name="dense", exact=True).click()
    assert demo.selection() == whole("L1")
    canvas = box_of(demo.picture)
    demo.page.mouse.click(canvas["x"] + 30, canvas["y"] + canvas["height"] - 60)
    assert demo.selection() is None


def test_a_double_click_on_its_name_enlarges_a_layer_whose_name_still_chooses_it(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.page.mouse.dblclick(*centre(box_of(head(demo, "dense_1"))))
    expect(demo.zoom).to_be_visible()
    assert demo.selection() == whole("L2")
    demo.wait_until_still()
    name = box_of(head(demo, "dense_1"))
    assert holds(demo.ring_box(), name)
    demo.let_go()
    demo.page.mouse.click(*centre(name))
    assert demo.selection() == whole("L2")
    assert holds(demo.ring_box(), name)


def test_pointing_at_its_name_says_what_a_layer_is_and_dims_nothing(demo: DemoPage) -> None:
    demo.open("moons", free="")
    edges = "document.querySelector('.nnvis-stage > canvas').toDataURL()"
    before = demo.page.evaluate(edges)
    name = box_of(head(demo, "dense"))
    demo.page.mouse.move(*centre(name))
    expect(demo.tooltip).to_be_visible()
    expect(demo.tooltip).to_contain_text(re.compile("dense.*Dense.*tanh.*parameters.*18", re.DOTALL))
    demo.wait_until_still()
    assert demo.page.evaluate(edges) == before
    tooltip = box_of(demo.tooltip)
    assert tooltip["x"] >= name["x"] + name["width"] or tooltip["y"] >= name["y"] + name["height"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_alone_chooses_a_layer_reads_it_and_goes_up_and_out(demo: DemoPage, theme: str) -> None:
    demo.open("moons", free="", theme=theme)
    page = demo.page
    focused = page.locator("[role=treeitem]:focus")
    demo.root.get_by_role("button", name="More", exact=True).focus()
    for key in ("Tab", "ArrowRight", "Home", "ArrowUp"):
        page.keyboard.press(key)
    expect(focused).to_have_text("dense, 6 units, tanh")
    expect(focused).to_have_attribute("aria-level", "1")
    expect(focused).to_have_attribute("aria-posinset", "2")
    expect(focused).to_have_attribute("aria-setsize", "4")
    assert holds(box_of(demo.picture.locator("rect.focus")), box_of(head(demo, "dense")))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(focused).to_have_text("dense_1, 4 units, tanh")
    expect(focused).to_have_attribute("aria-selected", "true")
    assert demo.selection() == whole("L2")
    expect(demo.inspector_heading).to_have_text("dense_1")
    assert findings(page) == []

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert demo.selection() == {"layer": "L2", "unit": 0}
    page.keyboard.press("Escape")
    assert demo.selection() == whole("L2")
    page.keyboard.press("Escape")
    assert demo.selection() is None
    expect(focused).to_contain_text("dense_1, unit 0 of 4")
    page.keyboard.press("Tab")
    expect(focused).to_have_count(0)


def test_a_layer_is_found_by_name_and_chosen(demo: DemoPage) -> None:
    demo.open("moons", free="")
    demo.focus_picture()
    demo.page.keyboard.press("/")
    demo.page.keyboard.type("dense_1")
    demo.page.keyboard.press("Enter")
    expect(demo.page.locator("[role=treeitem]:focus")).to_have_text("dense_1, 4 units, tanh")
    assert demo.selection() == whole("L2")
    expect(demo.inspector_heading).to_have_text("dense_1")


def test_of_a_layer_drawn_as_sums_the_page_says_so(demo: DemoPage) -> None:
    demo.open("digits", free="")
    demo.page.mouse.click(*centre(box_of(demo.picture.locator("text.head").nth(1))))
    assert demo.selection() == whole("L1")
    expect(demo.inspector).to_contain_text(re.compile(r"kernel: only sums of its [\d,]+ values came\."))
    expect(demo.inspector.get_by_role("columnheader")).to_have_text(["bias", "output"])


def test_pointing_at_the_picture_lights_the_row_of_the_inspector_and_the_reverse(demo: DemoPage) -> None:
    demo.open("moons", free="")
    page = demo.page
    tile = centre(demo.place_of("L1", 3))
    lit = demo.inspector.locator(".nv-bar-lit .nv-bar-label")
    marks = demo.picture.locator("rect.hover")

    demo.select("L2", 1)
    expect(demo.inspector_heading).to_have_text("dense_1 · unit 1")
    page.mouse.move(*tile)
    expect(lit).to_have_text(["dense · 3"])
    page.mouse.move(2, 2)
    expect(lit).to_have_count(0)
    ring = demo.ring_box()
    page.mouse.move(ring["x"] - 12, ring["y"] + ring["height"] / 2)
    is_at = page.wait_for_function(
        "(demo.state.values.hover?.source ?? null) !== null && [demo.state.values.hover.source]"
    )
    (source,) = is_at.json_value()
    expect(lit).to_have_text([f"dense · {source}"])
    row = demo.inspector.locator(".nv-bar-link").nth(4)
    row.hover()
    page.wait_for_function("demo.state.values.hover?.source === 4")
    expect(marks).to_have_count(2)

    page.mouse.move(2, 2)
    expect(marks).to_have_count(0)
    page.evaluate("demo.state.set({ selection: { layer: 'L1', unit: null } })")
    expect(demo.inspector_heading).to_have_text("dense")
    page.mouse.move(*tile)
    expect(lit).to_have_text(["dense · 3"])
    demo.inspector.get_by_role("button", name=re.compile("^dense · 5: ")).hover()
    expect(marks).to_have_count(1)
    page.mouse.move(2, 2)
    expect(marks).to_have_count(0)
    mark = centre(demo.place_of("L1", 5))
    page.evaluate("demo.state.set({ selection: { layer: 'L1', unit: null } })")
    demo.inspector.get_by_role("button", name=re.compile("^dense · 5: ")).hover()
    expect(marks).to_have_count(1)
    assert centre(box_of(marks)) == pytest.approx(mark, abs=1)


@pytest.mark.parametrize("width", [1400, 960, 700])
def test_the_rows_of_a_sum_tell_their_units_apart(demo: DemoPage, width: int) -> None:
    demo.page.set_viewport_size({"width": width, "height": 900})
    demo.open("moons", free="")
    demo.select("L2", 1)
    labels = demo.inspector.locator(".nv-bar-link .nv-bar-label", has_text="dense")
    expect(labels).to_have_text([f"dense · {unit}" for unit in range(6)])
    for label in labels.all():
        assert holds(box_of(label), box_of(label.get_by_text("·")))
