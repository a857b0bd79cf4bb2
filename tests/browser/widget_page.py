from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from .network_page import NetworkPage

MODEL = Path(__file__).parent / "widget_model.js"
BINARY = ("frame", "scenery", "drawing")
NOT_SENT = ("_esm", "_css", "layout")
FONT = "--jp-ui-font-family:&quot;DejaVu Sans&quot;,sans-serif"
GROUND = {"light": "#ffffff", "dark": "#212121"}

SET_THEME = """
([isLight, ground]) => {
  document.body.style.background = ground;
  document.body.style.setProperty("--jp-layout-color1", ground);
  document.body.dataset.jpThemeLight = String(isLight);
}
"""

STILL = """
async () => {
  let quiet = 0;
  const observer = new MutationObserver(() => { quiet = 0; });
  observer.observe(document.querySelector(".nv"), { subtree: true, childList: true, attributes: true });
  while (quiet < 3) {
    await new Promise(requestAnimationFrame);
    quiet += 1;
  }
  observer.disconnect();
}
"""


class WidgetPage:
    """The built front end on a bare page, with the state of a real NetworkView and no kernel behind it.

    Frames come when the test pushes them, so that a picture depends on nothing else.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.network = NetworkPage(page)

    def open(self, state: dict[str, Any], *, theme: str = "light", width: int = 1100, has_kernel: bool = True) -> None:
        """Draw the state of `NetworkView.get_state()` into an element of this width in px."""
        self.furnish(state["_css"], theme, width)
        self.page.evaluate("(isThere) => stand.setKernel(isThere)", has_kernel)
        self.page.evaluate("(told) => stand.open(...told)", told_of(state))
        self.mount()

    def furnish(self, css: str, theme: str, width: int) -> None:
        """An empty page with all that a view needs."""
        self.page.set_content(
            '<!doctype html><html lang="en"><head><title>A network</title></head>'
            f'<body style="margin:0;{FONT}"><main id="host"></main></body></html>'
        )
        self.set_width(width)
        self.set_theme(theme)
        self.page.add_style_tag(content=css)
        self.page.add_script_tag(content=MODEL.read_text())

    def set_width(self, width: int) -> None:
        self.page.evaluate("(width) => { document.getElementById('host').style.width = `${width}px` }", width)

    def set_theme(self, theme: str) -> None:
        """As a host does: by an attribute and variables of the page."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.evaluate(SET_THEME, [theme == "light", GROUND[theme]])

    def set_kernel(self, is_there: bool) -> None:
        """The kernel goes away, or comes back."""
        self.page.evaluate("(isThere) => stand.setKernel(isThere)", is_there)

    def wait_until_still(self) -> None:
        """Wait until nothing in the view has changed for three animation frames."""
        self.page.evaluate(STILL)

    def mount(self) -> None:
        self.page.evaluate("() => stand.mount(document.getElementById('host'))")

    def unmount(self) -> None:
        self.page.evaluate("() => stand.unmount(document.getElementById('host'))")

    def push(self, frame: bytes) -> None:
        """A frame as the kernel sends it; returns once it has been drawn and acknowledged."""
        seq = self.page.evaluate("(frame) => stand.push(stand.bytes(frame))", text_of(frame))
        self.page.wait_for_function(
            "(seq) => stand.asked.some((ask) => ask.op === 'drawn' && ask.args.seq === seq)", arg=seq
        )

    def asked(self) -> list[dict[str, Any]]:
        """The operations that the page has sent so far."""
        operations: list[dict[str, Any]] = self.page.evaluate("() => stand.asked")
        return operations


def told_of(state: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, str]]:
    """What a page gets of a view's state: the script, the plain values, the binary ones as text."""
    plain = {name: value for name, value in state.items() if name not in (*BINARY, *NOT_SENT)}
    plain = {name: value for name, value in plain.items() if not str(value).startswith("IPY_MODEL_")}
    return state["_esm"], plain, {name: text_of(state[name]) for name in BINARY if name in state}


def text_of(data: bytes) -> str:
    return base64.b64encode(bytes(data)).decode()
