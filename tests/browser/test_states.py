"""What is said below a network that was never trained, and below one whose numbers have not come."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .page_log import PageLog
from .sample_views import moons_state
from .scenes import RUNNING, SCENES, with_header
from .widget_page import WidgetPage

WIDTHS = (1400, 700, 320)


def opened(page: Page, name: str) -> WidgetPage:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(reduced_motion="reduce")
    widget = WidgetPage(page)
    widget.open(SCENES[name].state(), width=WIDTHS[0])
    widget.network.wait_until_drawn()
    return widget


def invitation(widget: WidgetPage) -> Locator:
    return widget.network.root.get_by_role("region", name="Ready to train")


@pytest.mark.parametrize("name", ["state-untrained", "state-rest"])
def test_the_invitation_stands_in_the_middle_below_the_whole_network(page: Page, page_log: PageLog, name: str) -> None:
    widget = opened(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        widget.set_width(width)
        for theme in ("light", "dark"):
            widget.set_theme(theme)
            widget.wait_until_still()
            expect_invitation_in_the_middle(widget)
    assert page_log.errors == []


def expect_invitation_in_the_middle(widget: WidgetPage) -> None:
    invited = invitation(widget)
    expect(invited).to_be_visible()
    box, picture = invited.bounding_box(), widget.network.picture.bounding_box()
    assert box is not None
    assert picture is not None
    assert picture["y"] + picture["height"] <= box["y"] + 0.5
    assert picture["height"] >= 198
    parts = [part.bounding_box() for part in invited.locator("> :not([hidden])").all()]
    assert len(parts) == 3
    left = min(part["x"] for part in parts if part)
    right = max(part["x"] + part["width"] for part in parts if part)
    assert (left + right) / 2 == pytest.approx(box["x"] + box["width"] / 2, abs=1)


def test_train_is_reached_by_tab_and_pressed_by_enter_and_leaves_the_focus_with_pause(
    page: Page, page_log: PageLog
) -> None:
    widget = opened(page, "state-untrained")
    button = invitation(widget).get_by_role("button", name="Train")
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("(button) => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    assert [ask["op"] for ask in widget.asked()].count("start") == 1
    expect(invitation(widget)).to_be_visible()

    running = with_header(moons_state(), state="running", commands=RUNNING)
    widget.push(running["frame"])
    expect(invitation(widget)).to_be_hidden()
    expect(widget.network.pause_button).to_be_focused()
    assert page_log.errors == []


def test_a_model_at_rest_is_told_a_call_that_can_be_copied(page: Page) -> None:
    widget = opened(page, "state-rest")
    code = invitation(widget).get_by_text("nv.LiveCallback(view)")
    assert code.inner_text() == "model.fit(x, y, callbacks=[nv.LiveCallback(view)])"
    assert code.evaluate("(code) => getComputedStyle(code).userSelect") != "none"
    expect(invitation(widget).get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("name", ["playground", "state-live", "state-past", "state-diverged", "state-empty"])
def test_other_states_invite_to_nothing(page: Page, name: str) -> None:
    widget = WidgetPage(page)
    widget.open(SCENES[name].state())
    widget.wait_until_still()
    expect(page.locator(".nv-notice").filter(visible=True)).to_have_count(0)


def test_a_saved_picture_of_an_untrained_network_invites_to_nothing(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open(SCENES["state-untrained"].state(), has_kernel=False)
    expect(widget.network.state).to_have_text("Saved picture")
    expect(page.locator(".nv-notice").filter(visible=True)).to_have_count(0)


def test_what_is_awaited_is_said_until_the_first_frame_comes(page: Page, page_log: PageLog) -> None:
    widget = opened(page, "state-loading")
    said = page.get_by_role("status").filter(has_text="4 layers read")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Waiting for the first weights and activations.")
    expect(widget.network.state).to_have_text("Loading the first picture")
    widget.push(moons_state()["frame"])
    expect(said).to_be_hidden()
    expect(widget.network.state).not_to_have_text("Loading the first picture")
    assert page_log.errors == []
