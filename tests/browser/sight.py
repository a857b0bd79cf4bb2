"""Brought into sight: what nobody sees is not drawn."""

from __future__ import annotations

from playwright.sync_api import Locator

from .processes import wait_until

SCROLL = "(part) => { part.scrollIntoViewIfNeeded(); return part.isConnected }"


def bring_into_sight(part: Locator) -> None:
    """Scroll to it; where it is made anew at that moment, to what takes its place."""
    wait_until(lambda: bool(part.evaluate(SCROLL)), "a part in sight")
