"""`python -m tests.browser.readme_pictures`: the pictures of the README, of the notebooks as they are today."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from .chromium import chromium
from .lab_page import LabPage
from .network_page import NetworkPage
from .servers import LabServer, demo_server, jupyterlab_server

ROOT = Path(__file__).parents[2]
NOTEBOOKS, DOCS = ROOT / "notebooks", ROOT / "docs"
HEIGHTS = {"dashboard": 1200, "playground": 900, "digits": 900}
EPOCHS = {"dashboard": 170, "playground": 120}
DIGITS_S = 4
STEPS_AFTER = 12
FIRST = "(document.querySelector('.nv-levels:not([hidden])') ?? document.querySelector('.nv-canvas'))"


THEMES = ("light", "dark")
IN_JUPYTERLAB = "JupyterLab Light", "JupyterLab Dark"


def main() -> None:
    expect.set_options(timeout=120_000)
    with chromium() as browser:
        for theme in THEMES:
            for name in HEIGHTS:
                keep(take(browser, name, theme), f"{name}-{theme}")
            for name in ("tutorial", "cnn", "deep"):
                keep(take_as_opened(browser, name, theme), f"{name}-{theme}")
            for name in ("transformer", "sequence"):
                keep(take_finished(browser, name, theme), f"{name}-{theme}")
            keep(take_finished(browser, "multimodal", theme, 1240), f"multimodal-{theme}")
            keep(take_steps(browser, "playground", theme), f"steps-{theme}")
            keep(take_in_jupyterlab(browser, "playground", theme), f"jupyterlab-{theme}")


def keep(picture: bytes, name: str) -> None:
    """A palette would tint what the colours say; all are 1.9 MB so, twice that as PNG."""
    Image.open(io.BytesIO(picture)).convert("RGB").save(DOCS / f"{name}.webp", lossless=True, quality=100, method=6)


def take(browser: Browser, name: str, theme: str) -> bytes:
    """A notebook whose network has learnt, at rest, with a unit chosen."""
    with opened(browser, name, theme, HEIGHTS[name]) as page:
        network = NetworkPage(page)
        network.wait_until_drawn()
        if name in EPOCHS:
            learn(page, network, EPOCHS[name])
            network.choose_a_unit()
        else:
            network.train()
            page.wait_for_timeout(1_000 * DIGITS_S)
            if network.pause_button.is_visible():
                network.pause()
        return settled(page, "scrollTo(0, 0)")


def take_as_opened(browser: Browser, name: str, theme: str) -> bytes:
    """A notebook as it is when its page has opened, at its first network: what is live waits for its button."""
    with opened(browser, name, theme, 900) as page:
        NetworkPage(page).wait_until_drawn()
        return settled(page, f"scrollBy(0, {FIRST}.getBoundingClientRect().top - 300)")


def take_finished(browser: Browser, name: str, theme: str, height: int = 960) -> bytes:
    """A notebook whose training has come to its end."""
    with opened(browser, name, theme, height) as page:
        network = NetworkPage(page)
        network.wait_until_drawn()
        network.train()
        expect(page.get_by_text("Finished").first).to_be_visible()
        return settled(page, "scrollTo(0, 0)")


def take_steps(browser: Browser, name: str, theme: str) -> bytes:
    """The next step of a training, gone through as far as the way back, with a hidden unit chosen."""
    with opened(browser, name, theme, 900) as page:
        network = NetworkPage(page)
        network.wait_until_drawn()
        learn(page, network, STEPS_AFTER)
        network.focus_picture()
        page.keyboard.press("s")
        stepper = page.get_by_role("dialog", name="Step through one batch")
        for phase in ("Forward", "Loss", "Backward"):
            stepper.get_by_role("button", name=phase).click()
            expect(stepper.locator("[aria-current=step]")).to_contain_text(phase)
        unit = stepper.get_by_role("button", name=re.compile("^hidden_2, unit 1"))
        unit.click()
        expect(unit).to_have_attribute("aria-pressed", "true")
        return settled(page, "document.querySelector('.nv').scrollIntoView({ block: 'nearest' })")


def take_in_jupyterlab(browser: Browser, name: str, theme: str) -> bytes:
    """A notebook in JupyterLab as a person has it, its cells run, its network a little trained."""
    with tempfile.TemporaryDirectory() as folder:
        shown = shutil.copytree(NOTEBOOKS, Path(folder) / "notebooks")  # JupyterLab leaves files beside them
        with jupyterlab_server(shown, Path(folder)) as server:
            return take_of(browser, server, name, theme)


def take_of(browser: Browser, server: LabServer, name: str, theme: str) -> bytes:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    lab = LabPage(page, server)
    lab.open(f"{name}.ipynb", "lab")
    lab.choose_theme(IN_JUPYTERLAB[THEMES.index(theme)])
    lab.run_all()
    network = NetworkPage(page)
    network.wait_until_drawn()
    learn(page, network, EPOCHS[name])
    network.choose_a_unit()
    picture = settled(page, "document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)")
    server.end_kernels()
    page.close()
    return picture


@contextmanager
def opened(browser: Browser, name: str, theme: str, height: int) -> Iterator[Page]:
    """A notebook as `nnvis demo` serves it."""
    notebook = NOTEBOOKS / f"{name}.ipynb"
    with tempfile.TemporaryDirectory() as state, demo_server(notebook, Path(state), None, theme) as server:
        page = browser.new_page(viewport={"width": 1440, "height": height})
        page.goto(server.url())
        yield page
        page.close()


def learn(page: Page, network: NetworkPage, epochs: int) -> None:
    network.train()
    page.wait_for_function(
        "(least) => parseFloat(document.querySelector('.nv-clock b').textContent.replace(',', '')) >= least",
        arg=epochs,
    )
    network.pause()


def settled(page: Page, scroll: str) -> bytes:
    """The window without focus or pointer on anything."""
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(5, 895)
    page.wait_for_timeout(1_500)
    page.evaluate(scroll)
    page.wait_for_timeout(500)
    return page.screenshot()


if __name__ == "__main__":
    main()
