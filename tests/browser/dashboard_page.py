"""A dashboard on a page, as a person finds its parts."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from .network_page import NetworkPage

EPOCH = re.compile(r"\bepoch ([\d,]+\.\d)\b")


class DashboardPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".nnvis-dashboard")
        self.network = NetworkPage(page)

    @property
    def headings(self) -> Locator:
        """Of the panels, in the order in which they are read."""
        return self.root.locator(".nnvis-panel").get_by_role("heading")

    @property
    def titles(self) -> list[str]:
        titles: list[str] = self.headings.locator("b").all_inner_texts()
        return titles

    def panel(self, title: str) -> Locator:
        return self.root.get_by_role("group", name=title, exact=True)

    def button(self, name: str) -> Locator:
        """The names of ipywidgets' buttons begin with the glyph of their icon."""
        return self.root.get_by_role("button", name=re.compile(rf"^\W*{re.escape(name)}$"))

    def control(self, name: str) -> Locator:
        """A button of the controls, not of the view."""
        return self.root.locator(".nnvis-dashboard-side").get_by_role("button", name=name)

    def epoch_of(self, title: str) -> float:
        """The epoch that a panel says it shows."""
        found = EPOCH.search(self.panel(title).inner_text())
        assert found is not None, f"no epoch in {title}"
        return float(found[1].replace(",", ""))
