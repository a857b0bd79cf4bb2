"""What a person draws, by pointer and by keyboard, and what Python has of it."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .processes import wait_until
from .sample_views import digits_trainer
from .sight import bring_into_sight
from .test_languages import CODE, READ, spoken_by_nobody, uncatalogued
from .widget_page import WidgetPage, told_of


def plane(page: Page) -> Locator:
    return page.get_by_role("region", name="Points to draw").get_by_role("img")


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the plane is on the screen."""
    box = plane(page).bounding_box()
    assert box is not None
    return box["x"] + (x + 3) / 6 * box["width"], box["y"] + (3 - y) / 6 * box["height"]


def drag(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, *place), steps=12)
    page.mouse.up()


def test_points_are_drawn_scattered_erased_and_undone_with_the_pointer(joined: JoinedPage) -> None:
    pad, page = nv.PointPad(), joined.page
    joined.put(pad, width=500)
    expect(page.get_by_text("No points yet")).to_be_visible()
    page.mouse.click(*at(page, 1.5, -1.0))
    wait_until(lambda: len(pad.points) == 1, "the drawing")
    np.testing.assert_allclose(pad.points, [[1.5, -1.0]], atol=0.03)
    assert pad.classes.tolist() == [0]
    assert "1 of class 0" in str(pad.lacking)
    page.get_by_role("radio", name="Class 1").click()
    drag(page, (-2, 2), (0, 2))
    wait_until(lambda: (pad.classes == 1).sum() > 10, "the drawing")
    scattered = pad.points[pad.classes == 1]
    assert np.abs(scattered[:, 1] - 2).max() < 1.5
    assert scattered[:, 1].std() > 0.05
    count = len(pad.points)
    expect(page.get_by_text(f"{count} points: 1 of class 0")).to_be_visible()
    page.get_by_role("radio", name="Erase").click()
    drag(page, (1.4, -1), (1.6, -1))
    wait_until(lambda: len(pad.points) == count - 1, "the drawing")
    undo = page.get_by_role("button", name="Undo the last stroke")
    undo.click()
    wait_until(lambda: len(pad.points) == count, "the drawing")
    page.get_by_role("button", name="Clear: take all points away").click()
    wait_until(lambda: len(pad.points) == 0, "the drawing")
    expect(page.get_by_text("No points yet")).to_be_visible()
    for _ in range(2):
        undo.click()
    wait_until(lambda: len(pad.points) == 1, "the drawing")


def test_the_table_does_by_keyboard_what_the_pointer_does(joined: JoinedPage) -> None:
    pad, page = nv.PointPad(), joined.page
    joined.put(pad, width=500)
    page.get_by_text("Points as a table").press("Enter")
    page.get_by_role("button", name="Add a point").press("Enter")
    expect(page.get_by_label("x₁ of point 1", exact=True)).to_be_focused()
    page.keyboard.type("1.25")
    page.keyboard.press("Tab")
    expect(page.get_by_label("x₂ of point 1", exact=True)).to_be_focused()
    page.keyboard.type("-40")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    wait_until(lambda: pad.classes.tolist() == [1], "the drawing")
    np.testing.assert_allclose(pad.points, [[1.25, -3]])  # at the border
    page.get_by_role("button", name="Add a point").press("Enter")
    wait_until(lambda: pad.classes.tolist() == [1, 1], "the drawing")
    page.get_by_role("button", name="Remove point 1").press("Enter")
    wait_until(lambda: len(pad.points) == 1, "the drawing")
    np.testing.assert_allclose(pad.points, [[0, 0]])


def test_ten_thousand_points_are_shown_with_a_word_that_there_is_no_room_for_more(joined: JoinedPage) -> None:
    points = np.random.default_rng(0).uniform(-3, 3, (10_000, 2))
    points[5_000:] = points[:5_000]  # on top of those of the other class
    classes = np.repeat([0, 1], 5_000)
    pad, page = nv.PointPad(points, classes), joined.page
    joined.put(pad, width=500)
    expect(page.get_by_text("no room for more than 10,000")).to_be_visible()
    page.mouse.click(*at(page, 0, 0))
    page.get_by_role("radio", name="Erase").click()
    page.mouse.click(*at(page, 0, 0))
    wait_until(lambda: len(pad.points) < 10_000, "the drawing")
    page.get_by_text("Points as a table").click()
    page.get_by_role("button", name="Points after").click()
    expect(page.get_by_text(re.compile(r"21–40 of 9,\d+"))).to_be_visible()
    pad.draw([[1, 1], [2, 2]], [0, 1])
    expect(page.get_by_text("2 points: 1 of class 0, 1 of class 1.")).to_be_visible()


def test_a_drawn_digit_is_the_sample_of_the_view_until_one_goes_back(joined: JoinedPage) -> None:
    trainer, page = digits_trainer(0), joined.page
    view = nv.NetworkView(trainer, height=500)
    view.sample = 5
    pad = nv.DigitPad(view)
    joined.put(view, pad, width=1100)
    network, paper = NetworkPage(page), page.get_by_role("application")
    network.wait_until_drawn()
    expect(page.get_by_text("an empty picture is no sample")).to_be_visible()
    expect(network.picture.get_by_text("Sample 5")).to_be_visible()
    bring_into_sight(paper)
    box = paper.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 60)
    page.mouse.down()
    page.mouse.move(x, y + 200, steps=8)
    expect(network.picture.get_by_text("Your drawing")).to_be_visible()  # before the pointer goes up
    page.mouse.up()
    expect(page.get_by_text("The network looks at your drawing: paper is 0.00, ink 1.00")).to_be_visible()
    wait_until(lambda: bool(pad.picture[:, 13:15].max(axis=1).sum() > 255 * 10), "the stroke")
    expect(network.inspector.get_by_text("your drawing", exact=True)).to_be_visible()
    expect(network.inspector).to_contain_text("predicted")
    for judged in ("right", "wrong", "true"):
        expect(network.root).not_to_contain_text(judged)
    paper.focus()
    before = pad.picture
    for key in ("ArrowRight", "ArrowDown", " "):
        page.keyboard.press(key)
    wait_until(lambda: int(pad.picture[15, 15]) == 255 - 255 * int(before[15, 15] > 0), "a cell by keyboard")
    expect(page.get_by_role("application", name=re.compile("row 16, column 16: "))).to_be_focused()
    page.get_by_role("button", name="Back to the data").click()
    expect(network.picture.get_by_text("Sample 5")).to_be_visible()
    page.get_by_role("button", name="Show my drawing").click()
    expect(network.picture.get_by_text("Your drawing")).to_be_visible()
    page.get_by_role("button", name="Clear: take all ink away").click()
    expect(network.picture.get_by_text("Sample 5")).to_be_visible()
    expect(page.get_by_text("an empty picture is no sample")).to_be_visible()


def test_every_word_of_the_pads_is_in_the_catalogue(page: Page) -> None:
    points = nv.PointPad(np.zeros((10_000, 2)), np.zeros(10_000))
    digit = nv.DigitPad(digits_trainer(0))
    for pad, ready in ((points, "⟦Points as a table⟧"), (digit, "⟦Pen⟧")):
        widget, state = WidgetPage(page), spoken_by_nobody(pad.get_state())
        widget.furnish(state["_css"], "light", 500)
        page.evaluate("(told) => stand.open(...told)", told_of(state))
        widget.mount()
        expect(page.get_by_text(ready)).to_be_visible()
        for table in page.locator("summary").all():
            table.click()
        assert uncatalogued(page.evaluate(READ, CODE), []) == []
        pad.close()
