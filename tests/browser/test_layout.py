"""The view at every size: nothing over another, nothing cut, no target too small, whatever a model brings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .network_page import NetworkPage
from .scene_page import OpenDemo, ScenePage

WIDTHS = (1400, 700, 320, 200)
SCENES = (
    "moons",
    "inspected",
    "iris",
    "conv",
    "nan",
    "none",
    "waiting",
    "names",
    "outputs40",
    "classes30",
    "one",
    "thousand",
    "constant",
    "huge",
    "tiny",
    "infinite",
    "zeros",
)


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_overlaps_and_nothing_is_cut_at_any_width(open_demo: OpenDemo, scene: str) -> None:
    demo = open_demo(scene)
    faults = {}
    for width in WIDTHS:
        demo.resize(width)
        faults[width] = demo.faults()
    assert faults == {width: [] for width in WIDTHS}
    assert demo.errors == []


@pytest.mark.parametrize("height", [360, 640, 1200])
def test_every_height_keeps_its_parts(open_demo: OpenDemo, height: int) -> None:
    demo = open_demo("moons", height=str(height))
    for width in WIDTHS:
        demo.resize(width)
        assert demo.faults() == [], width
        assert demo.page.locator(".nv-canvas").bounding_box()["height"] >= 160


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans"])
def test_a_wide_font_fits_as_well(open_demo: OpenDemo, font: str) -> None:
    demo = open_demo("inspected", font=font)
    for width in WIDTHS:
        demo.resize(width)
        assert demo.faults() == [], width


@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_the_canvas_has_the_pixels_of_the_screen_also_after_a_resize(open_demo: OpenDemo, ratio: int) -> None:
    demo = open_demo("moons", {"device_scale_factor": ratio})
    for width in (1400, 700, 2000):
        demo.resize(width)
        sizes = demo.page.locator(".nv-canvas canvas").evaluate_all(
            "all => all.map((c) => [c.width, c.clientWidth, c.height, c.clientHeight])"
        )
        assert sizes
        for pixel_width, css_width, pixel_height, css_height in sizes:
            assert abs(pixel_width - ratio * css_width) <= ratio
            assert abs(pixel_height - ratio * css_height) <= ratio
        assert demo.faults() == []


def test_with_the_colours_of_the_system_all_text_reads_and_the_choice_shows(open_demo: OpenDemo) -> None:
    demo = open_demo("moons", {"forced_colors": "active"})
    for scheme in ("light", "dark"):
        demo.page.emulate_media(forced_colors="active", color_scheme="dark" if scheme == "dark" else "light")
        demo.page.mouse.move(0, 0)
        demo.set_theme(scheme)
        expect_all_text_reads_and_the_choice_shows(demo)


def expect_all_text_reads_and_the_choice_shows(demo: ScenePage) -> None:
    page = demo.page
    assert demo.faults() == []
    assert demo.low_contrasts() == []
    grounds = page.locator(".nv-seg button").evaluate_all("all => all.map((b) => getComputedStyle(b).backgroundColor)")
    assert len(set(grounds)) > 1

    row = page.locator(".nv-bar-link").first
    row.hover()
    assert row.evaluate("(row) => getComputedStyle(row).outlineStyle") == "solid"


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans"])
def test_a_unit_shows_its_activation_at_the_default_height(open_demo: OpenDemo, font: str) -> None:
    demo = open_demo("moons", layer="L1", unit="1", font=font)
    for layer, unit, terms, share in (("L1", 1, 2, 1.0), ("L3", 0, 4, 1.0), ("L2", 1, 6, 0.75)):
        demo.page.evaluate("([layer, unit]) => demo.state.set({ selection: { layer, unit } })", [layer, unit])
        expect(NetworkPage(demo.page).inspector.locator(".nv-bars").first.locator(".nv-bar-link")).to_have_count(terms)
        demo.settle()
        expect_activation_in_sight(demo, share)


def expect_activation_in_sight(demo: ScenePage, share: float) -> None:
    inspector = NetworkPage(demo.page).inspector
    terms = inspector.locator(".nv-bars").first.locator(".nv-bar-link")
    for term in terms.all():
        box = term.bounding_box()
        assert box is not None
        assert box["height"] >= 24
    expect(inspector.locator(".nv-plot")).to_be_in_viewport(ratio=share)
    expect(inspector.locator(".nv-plot-dot")).to_be_in_viewport(ratio=1)
    assert demo.faults() == []


def test_the_inspector_hints_at_what_is_below_its_fold(open_demo: OpenDemo) -> None:
    demo = open_demo("moons")
    inspector = NetworkPage(demo.page).inspector
    hint = inspector.locator(".nv-fold-hint")
    votes = inspector.get_by_role("heading", name="Votes to output")
    expect(votes).not_to_be_in_viewport()
    expect(hint).to_have_text("Votes to output")
    hint.click()
    expect(votes).to_be_in_viewport(ratio=1)
    expect(inspector.locator(".nv-bars").nth(1)).to_be_in_viewport(ratio=1)

    demo.open("moons", height="1000")
    expect(inspector.locator(".nv-plot")).to_be_in_viewport(ratio=1)


def selected(page: Page) -> dict[str, Any]:
    selection: dict[str, Any] = page.evaluate("demo.state.values.selection")
    return selection


def test_a_term_lights_its_edge_in_the_picture_and_leads_to_its_unit(open_demo: OpenDemo) -> None:
    demo = open_demo("moons")
    page = demo.page
    picture = page.locator(".nv-canvas")
    before = picture.screenshot()
    row = page.locator(".nv-bar-link").nth(3)
    row.hover()
    demo.settle()
    assert page.evaluate("demo.state.values.hover") == {"layer": "L2", "unit": 1, "source": 3, "sourceLayer": "L1"}
    expect(picture.locator("rect.hover")).to_have_count(2)
    assert picture.screenshot() != before
    row.focus()
    page.keyboard.press("Enter")
    assert selected(page) == {"layer": "L1", "unit": 3}
    expect(NetworkPage(page).inspector_heading).to_have_text("dense · unit 3")


def test_the_sample_is_chosen_beside_its_name(open_demo: OpenDemo) -> None:
    demo = open_demo("iris")
    page = demo.page
    sample = page.get_by_role("group", name="Sample").first
    expect(sample).to_contain_text("#7, 1 versicolor")
    sample.get_by_role("button", name="Next sample").click()
    expect(sample).to_contain_text("#8, 2 virginica")
    expect(sample.locator(".nv-true, .nv-false")).to_have_count(1)


def test_where_outputs_are_no_numbers_nothing_claims_a_prediction(open_demo: OpenDemo) -> None:
    demo = open_demo("infinite", layer="L2", unit="1")
    page = demo.page
    finite = "[...demo.store.frame.section('activation', 'L2').values].map(Number.isFinite)"
    assert page.evaluate(finite) == [False, True, False]
    said = page.locator(".nv-canvas svg text").all_text_contents()
    assert "no prediction: NaN" in said
    assert not [text for text in said if "true" in text]
    expect(NetworkPage(page).inspector.get_by_role("group", name="Sample").first).to_contain_text("no prediction: NaN")
    item = page.get_by_role("treeitem", name="unit 1 of 3")
    expect(item.last).to_have_accessible_name(re.compile("no prediction: NaN"))
