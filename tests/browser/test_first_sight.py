"""What a person sees of a network before touching it: all of it, or how much more there is and the way there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from .scene_page import OpenDemo, ScenePage

SIX_OF_64 = {"sizes": "10,64,64,64,64,64,64,10"}
TWELVE_OF_16 = {"hidden": ",".join(["16"] * 12), "free": ""}


def more_layers(demo: ScenePage, arrow: str) -> Locator:
    return demo.page.get_by_role("button").filter(has_text=re.compile(rf"more layers?.*{arrow}|{arrow}.*more layers?"))


def heads_in_view(demo: ScenePage) -> list[str]:
    return demo.page.locator(".nv-canvas svg text.head").all_text_contents()


@pytest.mark.parametrize(
    ("scene", "options", "width"),
    [
        ("moons", {}, 700),
        ("digits", {}, 960),
        ("sizes", SIX_OF_64, 960),
        ("sizes", SIX_OF_64, 1400),
        ("playground", TWELVE_OF_16, 1400),
    ],
)
def test_the_output_is_in_view_beside_the_inputs(
    open_demo: OpenDemo, scene: str, options: dict[str, str], width: int
) -> None:
    demo = open_demo(scene, **options)
    demo.resize(width)
    expect(more_layers(demo, "→")).to_be_hidden()
    expect(demo.page.locator(".nv-minimap")).to_be_hidden()
    names = heads_in_view(demo)
    layers = demo.page.evaluate("demo.store.graph.layers.length")
    assert len(names) == layers
    assert demo.faults() == []


@pytest.mark.parametrize("width", [1400, 960, 700, 320])
def test_layers_out_of_view_are_counted_and_one_press_shows_more(open_demo: OpenDemo, width: int) -> None:
    demo = open_demo("cards", free="")
    demo.resize(width)
    count = more_layers(demo, "→")
    expect(count).to_be_visible()
    expect(demo.page.locator(".nv-minimap")).to_be_visible()
    expect(demo.page.locator(".nv-fade[data-side=right]")).to_be_visible()
    assert demo.faults() == []
    seen = demo.page.locator(".nv-canvas svg text.bold")
    before = seen.all_text_contents()
    assert "conv2d_11" not in before
    assert int((count.text_content() or "").split()[0]) == 12 - len(before)

    for _ in range(12):
        if not count.is_visible():
            break
        count.click()
        demo.settle()
    expect(seen.filter(has_text="conv2d_11")).to_be_visible()
    expect(more_layers(demo, "←")).to_be_visible()
    expect(demo.page.locator(".nv-fade[data-side=left]")).to_be_visible()


def test_a_press_on_the_minimap_leads_there(open_demo: OpenDemo) -> None:
    demo = open_demo("cards", free="")
    demo.resize(700)
    minimap = demo.page.locator(".nv-minimap")
    box = minimap.bounding_box()
    assert box is not None
    demo.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(demo.page.locator(".nv-canvas svg text.bold").filter(has_text="conv2d_11")).to_be_visible()


def test_texts_below_the_picture_stay_where_they_are_when_it_is_enlarged_and_moved(open_demo: OpenDemo) -> None:
    demo = open_demo("digits")
    note = demo.page.get_by_text(re.compile("drawn as"))
    before = note.bounding_box()
    stage = demo.page.locator(".nv-canvas").bounding_box()
    assert before is not None
    assert stage is not None
    assert before["y"] >= stage["y"] + stage["height"]
    demo.page.locator(".nv-canvas [tabindex='0']").first.focus()
    for key in ("+", "+", "Shift+ArrowRight"):
        demo.page.keyboard.press(key)
    demo.settle()
    after = note.bounding_box()
    assert after is not None
    assert (after["x"], after["y"]) == (before["x"], before["y"])
