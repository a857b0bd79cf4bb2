"""Network, result, time and the sum of the chosen unit on one screen, whatever the width."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from .network_page import NetworkPage
from .processes import wait_until
from .scene_page import OpenDemo, ScenePage

SPACER = "(height) => host.before(Object.assign(document.createElement('div'), { style: `height: ${height}px` }))"
BELOW_A_LESSON = """(height) => {
  const block = (style) => Object.assign(document.createElement("div"), { style })
  const frame = block(`height: ${height}px; overflow: auto`)
  const output = block("overflow: auto")
  host.before(frame)
  frame.append(block("height: 280px"), output, block(`height: ${height}px`))
  output.append(host)
}"""
WITHIN = """(height) => {
  const frame = document.createElement("div")
  frame.style.cssText = `height: ${height}px; overflow: auto`
  host.before(frame)
  frame.append(host)
}"""
OUT_OF_REACH = """() => [...document.querySelectorAll(".nv :is(button, select, input, [role=slider], [role=group])")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true }) && part.closest("[role=tree]") === null)
  .filter((part) => {
    part.scrollIntoView({ block: "center", inline: "center" })
    const { left, top, width, height } = part.getBoundingClientRect()
    const met = document.elementFromPoint(left + width / 2, top + height / 2)
    return met === null || !(part.contains(met) || met.contains(part))
  })
  .map((part) => part.ariaLabel ?? part.textContent)"""
LEAST_FOR_A_FIELD = 396
CUT = """(bench) => [...bench.querySelectorAll("button, label, .widget-label, select, .nv-pictures span")]
  .filter((part) => part.getClientRects().length > 0 && part.scrollWidth > part.clientWidth + 1)
  .map((part) => part.textContent)"""


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None
    return box


def is_within(inner: FloatRect, outer: FloatRect, slack: float = 1) -> bool:
    return (
        inner["x"] >= outer["x"] - slack
        and inner["y"] >= outer["y"] - slack
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + slack
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + slack
    )


def expect_a_playground_on_one_screen(page: Page) -> None:
    """Its choices and controls take little room above the view, and with them scrolled away all of it is in sight."""
    network, bench = NetworkPage(page), page.locator(".nnvis-bench")
    for width, most in ((960, 190), (700, 260)):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until(lambda: box_of(network.root)["x"] < box_of(bench)["x"] + 100, "the view below the choices")
        choices, view = box_of(bench), box_of(network.root)
        assert choices["height"] <= most
        assert choices["y"] + choices["height"] <= view["y"]
        cut = bench.evaluate(CUT)
        assert cut == []
        page.locator(".nv-header").evaluate("(header) => header.scrollIntoView()")
        window: FloatRect = {"x": 0, "y": 0, "width": width, "height": 900}
        for part in (page.locator(".nv-header"), network.picture, network.timeline):
            expect(part).to_be_in_viewport(ratio=0.99)
            assert is_within(box_of(part), window)


def choose_a_unit(demo: ScenePage) -> None:
    NetworkPage(demo.page).choose_a_unit()
    demo.settle()


def ring(demo: ScenePage) -> FloatRect:
    return box_of(demo.page.locator(".nv-canvas rect.selection"))


@pytest.mark.parametrize(("width", "height"), [(880, 900), (700, 720), (640, 720)])
def test_a_choice_opens_the_inspector_beside_the_picture_and_esc_closes_it(
    open_demo: OpenDemo, width: int, height: int
) -> None:
    demo = open_demo("moons", free="")
    demo.resize(width, height)
    inspector, stage = NetworkPage(demo.page).inspector, demo.page.locator(".nv-stage")
    whole = box_of(stage)
    expect(inspector).to_be_hidden()
    expect(demo.page.get_by_text("Click a neuron to see how its number adds up.")).to_be_visible()

    choose_a_unit(demo)
    expect(inspector.locator(".nv-bars").first).to_be_in_viewport()
    assert box_of(inspector)["x"] >= box_of(stage)["x"] + box_of(stage)["width"] - 1
    assert box_of(stage)["height"] == whole["height"]
    assert is_within(ring(demo), box_of(stage))
    assert demo.faults() == []

    inspector.get_by_role("button", name="Close the inspector").focus()
    demo.page.keyboard.press("Escape")
    demo.settle()
    expect(inspector).to_be_hidden()
    assert box_of(stage) == whole


@pytest.mark.parametrize("width", [780, 700, 600])
def test_a_narrow_view_in_a_high_window_grows_by_it_and_all_of_it_is_in_the_window(
    open_demo: OpenDemo, width: int
) -> None:
    demo = open_demo("moons", free="")
    demo.resize(width)
    network, view = NetworkPage(demo.page), demo.page.locator(".nv")
    canvas = demo.page.locator(".nv-canvas")
    whole, height = box_of(canvas), box_of(view)["height"]

    choose_a_unit(demo)
    window: FloatRect = {"x": 0, "y": 0, "width": width, "height": box_of(network.timeline)["y"]}
    assert box_of(canvas) == whole
    assert whole["width"] > width - 40
    assert whole["height"] >= LEAST_FOR_A_FIELD  # wholeNetwork.test.ts says that the field has 240 px then
    assert is_within(ring(demo), box_of(canvas))
    assert is_within(box_of(network.inspector.locator(".nv-bar-total").first), window)
    assert is_within(box_of(network.inspector), window)
    assert box_of(network.timeline)["y"] + box_of(network.timeline)["height"] <= 901
    assert demo.faults() == []

    network.inspector.get_by_role("button", name="Close the inspector").click()
    demo.settle()
    assert (box_of(canvas), box_of(view)["height"]) == (whole, height)


@pytest.mark.parametrize(("room", "seen"), [(788, 1.0), (688, 0.7), (608, 0.5)])
def test_as_jupyterlab_has_it_a_choice_brings_picture_sum_and_timeline_on_the_screen_together(
    open_demo: OpenDemo, room: int, seen: float
) -> None:
    """Below a lesson, in an output without a height of its own, in a notebook that scrolls."""
    demo = open_demo("moons", free="")
    demo.page.evaluate(BELOW_A_LESSON, room)
    demo.resize(612)
    network, stage = NetworkPage(demo.page), demo.page.locator(".nv-stage")
    canvas = box_of(demo.page.locator(".nv-canvas"))

    choose_a_unit(demo)
    timeline, picture = box_of(network.timeline), box_of(stage)
    above: FloatRect = {"x": 0, "y": 8, "width": 612, "height": timeline["y"] - 8}
    assert timeline["y"] + timeline["height"] <= 8 + room + 1
    assert is_within(box_of(network.inspector), above)
    fold = box_of(network.inspector.locator(".nv-fold-hint"))
    total = box_of(network.inspector.locator(".nv-bar-total").first)
    assert total["y"] + total["height"] <= fold["y"] + 1
    assert is_within(picture, above)
    assert picture["height"] >= seen * canvas["height"]
    assert box_of(demo.page.locator(".nv-canvas"))["height"] == canvas["height"]
    assert is_within(ring(demo), picture)
    assert demo.faults() == []

    network.inspector.get_by_role("button", name="Close the inspector").click()
    demo.settle()
    assert box_of(stage)["height"] == canvas["height"]


@pytest.mark.parametrize(("width", "height"), [(600, 720), (360, 900)])
def test_in_a_very_narrow_view_it_opens_below_and_the_chosen_unit_stays_in_sight(
    open_demo: OpenDemo, width: int, height: int
) -> None:
    demo = open_demo("moons", free="")
    demo.resize(width, height)
    inspector, stage = NetworkPage(demo.page).inspector, demo.page.locator(".nv-stage")
    whole, canvas = box_of(stage), box_of(demo.page.locator(".nv-canvas"))

    choose_a_unit(demo)
    for _ in range(2):
        expect(inspector.locator(".nv-bars").first).to_be_in_viewport()
        seen = box_of(stage)
        assert box_of(inspector)["y"] >= seen["y"] + seen["height"] - 1
        assert seen["height"] >= 0.4 * whole["height"]
        assert abs(box_of(demo.page.locator(".nv-canvas"))["height"] - canvas["height"]) <= 1
        assert is_within(ring(demo), seen)
        NetworkPage(demo.page).focus_picture()
        for key in ("ArrowDown", "Enter"):
            demo.page.keyboard.press(key)
        demo.settle()
    assert demo.faults() == []

    inspector.get_by_role("button", name="Close the inspector").click()
    demo.settle()
    expect(inspector).to_be_hidden()
    assert box_of(stage) == whole


@pytest.mark.parametrize("width", [1400, 960, 700])
@pytest.mark.parametrize("scene", ["moons", "inspected"])
def test_network_result_timeline_and_sum_are_in_the_window(open_demo: OpenDemo, scene: str, width: int) -> None:
    demo = open_demo(scene)
    demo.resize(width)
    window: FloatRect = {"x": 0, "y": 0, "width": width, "height": 900}
    texts = demo.page.locator(".nv-canvas svg text")
    result = "Prediction" if scene == "moons" else "Sample 4"
    parts = {
        "picture": demo.page.locator(".nv-canvas"),
        "output": texts.filter(has_text="output").first,
        "result": texts.get_by_text(result),
        "timeline": NetworkPage(demo.page).timeline,
        "sum": NetworkPage(demo.page).inspector.locator(".nv-bar-total").first,
    }
    outside = {name: box_of(part) for name, part in parts.items() if not is_within(box_of(part), window)}
    assert outside == {}


def timeline_bottom(demo: ScenePage) -> float:
    box = box_of(NetworkPage(demo.page).timeline)
    return box["y"] + box["height"]


def test_the_timeline_stays_at_the_lower_edge_of_the_window_while_its_view_is_on_screen(open_demo: OpenDemo) -> None:
    demo = open_demo("moons")
    demo.page.evaluate(SPACER, 500)
    demo.resize(960, 900)
    assert abs(timeline_bottom(demo) - 900) <= 1
    train = NetworkPage(demo.page).timeline.get_by_role("button").first
    assert train.evaluate(
        "(button) => { const { x, y } = button.getBoundingClientRect();"
        " return button.contains(document.elementFromPoint(x + 8, y + 8)) }"
    )
    header = box_of(demo.page.locator(".nv-header"))
    assert header["y"] > 0

    demo.page.evaluate("scrollTo(0, 1e6)")
    demo.settle()
    view = box_of(demo.page.locator(".nv"))
    assert abs(timeline_bottom(demo) - (view["y"] + view["height"])) <= 2

    demo.page.evaluate("scrollTo(0, 0)")
    demo.resize(960, 520)
    box = box_of(NetworkPage(demo.page).timeline)
    header = box_of(demo.page.locator(".nv-header"))
    assert box["y"] >= header["y"] + header["height"] - 1


def test_in_a_scrolling_element_the_timeline_stays_at_its_lower_edge(open_demo: OpenDemo) -> None:
    demo = open_demo("moons")
    demo.page.evaluate(WITHIN, 400)
    demo.resize(960, 900)
    frame = box_of(demo.page.locator("div:has(> #host)"))
    assert abs(timeline_bottom(demo) - (frame["y"] + frame["height"])) <= 1


def test_a_tile_that_is_pointed_at_or_has_the_focus_stands_large_in_place_of_the_prediction(
    open_demo: OpenDemo,
) -> None:
    demo = open_demo("moons", free="")
    title = demo.page.locator(".nv-canvas svg").get_by_text("Prediction field")
    large = demo.page.locator(".nv-canvas svg").get_by_text("dense_1 · unit 3", exact=True)
    expect(title).to_be_visible()
    NetworkPage(demo.page).focus_picture()
    for key in ("ArrowRight", "ArrowRight", "Home", "ArrowDown", "ArrowDown", "ArrowDown"):
        demo.page.keyboard.press(key)
    expect(large).to_be_visible()
    expect(title).to_be_hidden()
    tile = box_of(demo.page.locator(".nv-canvas rect.focus"))
    by_key = demo.page.locator(".nv-canvas").screenshot()
    demo.page.locator(".nv-timeline button:visible").first.focus()
    expect(title).to_be_visible()

    demo.page.mouse.move(tile["x"] + tile["width"] / 2, tile["y"] + tile["height"] / 2)
    expect(large).to_be_visible()
    demo.settle()
    assert demo.faults() == []
    demo.page.mouse.move(5, 5)
    expect(title).to_be_visible()
    demo.settle()
    assert demo.page.locator(".nv-canvas").screenshot() != by_key


@pytest.mark.parametrize("scene", ["moons", "inspected", "conv", "names"])
def test_in_a_very_small_window_all_that_is_used_can_be_reached(open_demo: OpenDemo, scene: str) -> None:
    demo = open_demo(scene)
    demo.resize(360, 480)
    network = NetworkPage(demo.page)
    for _ in range(2):
        assert demo.faults() == []
        assert demo.page.evaluate(OUT_OF_REACH) == []
        assert demo.page.evaluate("document.documentElement.scrollWidth") <= 360
        network.root.get_by_role("button", name="More", exact=True).click()
        expect(network.root.get_by_role("menu")).to_be_in_viewport(ratio=0.5)
        for entry in network.root.get_by_role("menu").locator("button:visible").all():
            entry.scroll_into_view_if_needed()
            expect(entry).to_be_in_viewport()
        demo.page.keyboard.press("Escape")
        choose_a_unit(demo)
    assert demo.errors == []
