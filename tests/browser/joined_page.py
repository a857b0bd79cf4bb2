from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

import nnvis_widget as nv

from .kernel_stand_in import KernelStandIn
from .network_page import NetworkPage
from .widget_page import WidgetPage, told_of

JOIN = "([i, url]) => { stands[i] = makeStand(); return stands[i].join(url) }"
SHOW = """
async ([i, told]) => {
  await stands[i].open(...told);
  await stands[i].mount(document.getElementById("host").appendChild(document.createElement("div")));
}
"""


class JoinedPage:
    """A bare page with views of this process: what happens on either side reaches the other, without a host.

    Views must be made while the fixture `joined` is there, which gives them their connection.
    """

    def __init__(self, page: Page, kernel: KernelStandIn) -> None:
        self.page = page
        self._kernel = kernel
        self._shown: list[Any] = []

    def put(self, *widgets: Any, theme: str = "light", width: int = 1100) -> None:
        """Put views and pads one above the other."""
        WidgetPage(self.page).furnish(str(widgets[0].get_state("_css")["_css"]), theme, width)
        self.page.evaluate("() => { globalThis.stands = [] }")
        self._shown += widgets
        for i, widget in enumerate(widgets):
            self.page.evaluate(JOIN, [i, self._kernel.url(widget.model_id)])
            self.page.evaluate(SHOW, [i, told_of(widget.get_state())])

    def show(self, *views: nv.NetworkView, theme: str = "light", width: int = 1100) -> list[NetworkPage]:
        """Show views one above the other, drawn."""
        self.put(*views, theme=theme, width=width)
        networks = [NetworkPage(self.page, i) for i in range(len(views))]
        for network in networks:
            network.wait_until_drawn()
        return networks

    def show_one(self, view: nv.NetworkView, theme: str = "light", width: int = 1100) -> NetworkPage:
        return self.show(view, theme=theme, width=width)[0]

    def close(self) -> None:
        """Close what was shown; no training of it goes on behind the next test."""
        for widget in self._shown:
            source = getattr(widget, "source", None)
            if isinstance(source, nv.Trainer):
                source.stop()
            widget.close()
