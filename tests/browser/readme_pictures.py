"""`python -m tests.browser.readme_pictures`: the pictures of the README, of the notebooks as they are today."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from .chromium import chromium
from .network_page import NetworkPage
from .servers import demo_server

ROOT = Path(__file__).parents[2]
HEIGHTS = {"dashboard": 1200, "playground": 900, "digits": 900}
EPOCHS = {"dashboard": 170, "playground": 120}
DIGITS_S = 4


def main() -> None:
    expect.set_options(timeout=120_000)
    with chromium() as browser:
        for name in HEIGHTS:
            for theme in ("light", "dark"):
                picture = take(browser, name, theme)
                file = ROOT / "docs" / f"{name}-{theme}.webp"
                # a palette would tint what the colours say; 1.6 MB in all, 2.8 as PNG
                Image.open(io.BytesIO(picture)).convert("RGB").save(file, lossless=True, quality=100, method=6)


def take(browser: Browser, name: str, theme: str) -> bytes:
    """A notebook whose network has learnt, at rest, with a unit chosen."""
    notebook = ROOT / "notebooks" / f"{name}.ipynb"
    with tempfile.TemporaryDirectory() as state, demo_server(notebook, Path(state), None, theme) as server:
        page = browser.new_page(viewport={"width": 1440, "height": HEIGHTS[name]})
        page.goto(server.url())
        network = NetworkPage(page)
        network.wait_until_drawn()
        network.train()
        if name in EPOCHS:
            page.wait_for_function(
                "(least) => parseFloat(document.querySelector('.nv-clock b').textContent.replace(',', '')) >= least",
                arg=EPOCHS[name],
            )
        else:
            page.wait_for_timeout(1_000 * DIGITS_S)
        if network.pause_button.is_visible():
            network.pause()
        if name in EPOCHS:
            network.choose_a_unit()
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(5, HEIGHTS[name] - 5)
        page.wait_for_timeout(1_500)
        page.evaluate("scrollTo(0, 0)")
        picture = page.screenshot()
        page.close()
        return picture


if __name__ == "__main__":
    main()
