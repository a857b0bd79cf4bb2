"""The section of the inspector that tells how a unit learns, opened, read and copied from by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .network_page import NetworkPage


def open_learning(network: NetworkPage) -> Locator:
    """Choose a unit and open the section, by keys; the section."""
    network.focus_picture()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        network.page.keyboard.press(key)
    section = network.inspector.locator(".nv-learning")
    fold = section.get_by_role("button", name="Learning", exact=True)
    expect(fold).to_have_attribute("aria-expanded", "false")
    tab_to(network.page, fold)
    network.page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    return section


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("not to be reached by Tab")


def table(section: Locator) -> Locator:
    return section.get_by_role("table", name="How each weight would change")


def copy(section: Locator, name: str) -> None:
    page = section.page
    tab_to(page, section.get_by_role("button", name="More of learning"))
    page.keyboard.press("Enter")
    while section.get_by_role("menuitem", name=name).evaluate("(item) => item !== document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
