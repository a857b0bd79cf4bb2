"""A step of the training gone through and taken by keyboard, wherever the view is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from .network_page import NetworkPage

PHASES = ("Init", "Forward", "Loss", "Backward", "Update")


def current(stepper: Locator) -> Locator:
    """The phase that is shown."""
    return stepper.locator("[aria-current=step]")


def walk_and_take(network: NetworkPage, look: Callable[[str], object] = lambda _: None) -> None:
    """From the picture to the end of the step and back; `look` is called with each phase once it is shown."""
    press = network.page.keyboard.press
    network.focus_picture()
    press("s")
    stepper = network.page.get_by_role("dialog", name="Step through one batch")
    for phase in PHASES:
        expect(current(stepper)).to_contain_text(phase)
        look(phase)
        press(".")
    press("t")
    expect(stepper.get_by_role("status")).to_contain_text("loss went from")
    press("Escape")
    expect(stepper).to_be_hidden()
    expect(network.picture.locator(":focus")).to_have_count(1)
