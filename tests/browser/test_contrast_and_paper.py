"""The view for those who need more contrast, the system's colours or a zoom of 400 %, and on paper."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import expect

from .scene_page import OpenDemo, ScenePage

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# The middle of the ramp `value`, visual.md section 2.
ZERO = {"light": "rgb(240, 241, 242)", "dark": "rgb(43, 45, 48)"}
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}

RAMP_COLORS = (
    """() => getComputedStyle(document.querySelector(".nv-legend .nv-ramp")).backgroundImage.match(/rgb\\([^)]*\\)/g)"""
)
PICTURE = """() => [...document.querySelectorAll(".nv-canvas canvas")].map((canvas) => canvas.toDataURL()).join()"""
LUMINANCES = """([selector, property]) => {
  const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  const seen = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility())
  return seen.map((element) => {
    const channels = getComputedStyle(element)[property].match(/[\\d.]+/g)
    const [r, g, b] = channels.map((c) => toLinear(c / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  })
}"""
LINKS = ".nv-bar-link, .nv-fact-link, .nv-learning-fold"
CONTROLS = f".nv button:not({LINKS}), .nv input, .nv select, .nv [role=slider], .nv [role=radio]"
# What the canvas shows at once in the answer to `beforeprint`, when no animation frame will come.
PRINTED = """() => {
  dispatchEvent(new Event("beforeprint"))
  const view = document.querySelector(".nv")
  const [canvas] = view.querySelectorAll("canvas")
  const column = canvas.getContext("2d").getImageData(40, 0, 1, 100).data
  const hairline = [...column.keys()].find((i) => i % 4 === 3 && column[i] === 255)
  const seen = {
    hairline: [...column.slice(hairline - 3, hairline)],
    canvas: canvas.clientWidth,
    stage: view.querySelector(".nv-stage").clientWidth,
    ground: getComputedStyle(view).backgroundColor,
  }
  dispatchEvent(new Event("afterprint"))
  return seen
}"""


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def changes_with_strong_edges(demo: ScenePage) -> bool:
    demo.page.evaluate("demo.state.set({ selection: null })")
    demo.settle()
    before = demo.page.evaluate(PICTURE)
    demo.page.evaluate("demo.state.set({ hasStrongEdges: true })")
    demo.settle()
    return bool(demo.page.evaluate(PICTURE) != before)


def test_the_systems_colours_decide_where_zero_lies_not_the_theme_of_the_page(open_demo: OpenDemo) -> None:
    demo = open_demo("moons", {"forced_colors": "active", "color_scheme": "light"})
    for scheme in THEMES:
        demo.page.emulate_media(forced_colors="active", color_scheme=scheme)
        for theme in THEMES:
            demo.set_theme(theme)
            colors = demo.page.evaluate(RAMP_COLORS)
            assert colors[len(colors) // 2] == ZERO[scheme], (scheme, theme)
            assert demo.low_contrasts() == [], (scheme, theme)


def test_the_picture_follows_when_the_systems_colours_change(open_demo: OpenDemo) -> None:
    demo = open_demo("moons", {"forced_colors": "active", "color_scheme": "light"})
    before = demo.page.evaluate(PICTURE)
    demo.page.emulate_media(forced_colors="active", color_scheme="dark")
    demo.settle()
    assert demo.page.evaluate(PICTURE) != before
    colors = demo.page.evaluate(RAMP_COLORS)
    assert colors[len(colors) // 2] == ZERO["dark"]


def test_edges_are_strong_without_being_asked_where_contrast_is(open_demo: OpenDemo) -> None:
    assert changes_with_strong_edges(open_demo("moons"))
    assert not changes_with_strong_edges(open_demo("moons", {"contrast": "more"}))
    forced = open_demo("moons", {"forced_colors": "active"})
    assert not changes_with_strong_edges(forced)
    expect(forced.page.locator(".nv-legend-note")).to_contain_text("Dashed: negative")


@pytest.mark.parametrize("width", [1400, 700, 320])
def test_with_more_contrast_every_control_has_a_border_that_is_seen(open_demo: OpenDemo, width: int) -> None:
    demo = open_demo("moons", {"contrast": "more", "viewport": {"width": width, "height": 900}})
    for theme in THEMES:
        demo.page.emulate_media(contrast="more", color_scheme=theme)
        demo.set_theme(theme)
        expect_borders_that_are_seen(demo)


def expect_borders_that_are_seen(demo: ScenePage) -> None:
    (ground,) = demo.page.evaluate(LUMINANCES, [".nv", "backgroundColor"])
    for selector, which in ((".nv .nv-btn", "borderTopColor"), (".nv .nv-pill", "outlineColor")):
        found = demo.page.evaluate(LUMINANCES, [f"{selector}:not(.nv-btn-primary, .nv-btn.nv-pill)", which])
        assert found
        assert min(contrast(ground, border) for border in found) >= 3, selector
    assert demo.low_contrasts() == []
    assert demo.faults() == []


@pytest.mark.parametrize("scene", ["moons", "digits", "iris", "nan", "conv", "names"])
def test_on_paper_the_view_is_white_and_dashed_and_has_nothing_to_press(open_demo: OpenDemo, scene: str) -> None:
    demo = open_demo(scene)
    for theme in THEMES:
        demo.set_theme(theme)
        expect_true_paper(demo)
    assert demo.errors == []


def expect_true_paper(demo: ScenePage) -> None:
    page = demo.page
    before = page.evaluate(PICTURE)
    page.emulate_media(media="print")
    demo.settle()
    assert page.locator(CONTROLS).filter(visible=True).count() == 0
    for selector in (".nv", ".nv-legend", ".nv-timeline", ".nnvis-picture"):
        grounds = page.evaluate(LUMINANCES, [selector, "backgroundColor"])
        assert grounds == [pytest.approx(1)], selector
    colors = page.evaluate(RAMP_COLORS)
    assert colors[len(colors) // 2] == ZERO["light"]
    expect(page.locator(".nv-legend-note")).to_contain_text("Dashed: negative")
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.locator(".nv-clock")).to_contain_text("epoch")
    assert demo.faults() == []
    assert demo.low_contrasts() == []

    page.emulate_media(media="screen")
    demo.settle()
    assert page.evaluate(PICTURE) == before
    assert demo.faults() == []


def test_the_picture_is_drawn_for_the_paper_before_the_browser_takes_it(open_demo: OpenDemo) -> None:
    demo = open_demo("moons", theme="dark")
    seen = demo.page.evaluate(PRINTED)
    assert seen == {
        "hairline": [231, 233, 236],
        "canvas": seen["stage"],
        "stage": seen["stage"],
        "ground": "rgb(255, 255, 255)",
    }
    assert seen["stage"] < 700


def test_one_view_fits_one_sheet(open_demo: OpenDemo) -> None:
    demo = open_demo("moons", theme="dark")
    assert re.search(rb"/Type /Pages[^>]*/Count 1\b", demo.page.pdf(format="A4"), re.DOTALL)


@pytest.mark.parametrize("scene", ["moons", "digits", "iris", "nan", "names"])
def test_at_400_percent_everything_stands_in_one_column(open_demo: OpenDemo, scene: str) -> None:
    demo = open_demo(scene, ZOOMED)
    body = demo.page.locator(".nv-inspector-body")
    for theme in THEMES:
        demo.set_theme(theme)
        assert demo.faults() == [], theme
        for part in (".nv-header", ".nv-main", ".nv-legend", ".nv-timeline"):
            box = demo.page.locator(part).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320
        expect(body).to_be_visible()
        assert demo.faults(".nv-inspector") == [], theme
    demo.page.get_by_role("button", name="Close the inspector").click()
    expect(body).to_be_hidden()
    demo.settle()
    assert demo.faults() == []


@pytest.mark.parametrize(("scene", "title"), [("moons", "Prediction"), ("digits", "Sample 4"), ("conv", "Sample 4")])
def test_in_a_low_view_the_title_of_a_picture_stays_below_the_heads(
    open_demo: OpenDemo, scene: str, title: str
) -> None:
    demo = open_demo(scene, height="360", theme="light", font="DejaVu Sans")
    for width in (1400, 700):
        demo.resize(width)
        expect_title_below_heads(demo, title)


def expect_title_below_heads(demo: ScenePage, title: str) -> None:
    picture = demo.page.locator(".nv-canvas")
    own = picture.get_by_text(title, exact=True).bounding_box()
    stage = picture.bounding_box()
    assert own is not None
    assert stage is not None
    heads = [text.bounding_box() for text in picture.locator("svg text.head").all()]
    assert heads
    # the hairline lies 70 px below the top, 34 below the baselines of the names
    assert own["y"] >= stage["y"] + 70
    omission = picture.locator("svg text.muted").all_text_contents()
    assert not [text for text in omission if text.endswith("…")]
    assert demo.faults() == []
