"""The page that `nnvis demo` serves: a template of ours around what the notebook shows."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage
from .sample_notebooks import SLIDER
from .servers import VoilaServer
from .test_accessibility import findings
from .test_one_screen import box_of

Preheated = Callable[..., VoilaServer]
NewNotebook = Callable[..., str]


@pytest.fixture
def server(preheated_voila: Preheated, new_notebook: NewNotebook) -> VoilaServer:
    return preheated_voila(new_notebook(SLIDER), theme=None)


def ground(page: Page) -> str:
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return color


def test_it_asks_no_other_machine_and_has_the_theme_of_the_system_until_another_is_chosen(
    server: VoilaServer, open_page: OpenPage
) -> None:
    light, dark = open_page(), open_page(dark=True)
    asked: list[str] = []
    for page in (light, dark):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server.url())
        expect(page.locator(".widget-slider")).to_be_visible()
    assert {urlsplit(url).hostname for url in asked} - {None} == {"127.0.0.1"}
    assert ground(light) == "rgb(255, 255, 255)" != ground(dark)
    grounds = ground(light), ground(dark)

    light.get_by_role("button", name="Dark theme").focus()
    light.keyboard.press("Enter")
    assert ground(light) == grounds[1]
    expect(light.get_by_role("button", name="Light theme")).to_be_focused()
    assert light.locator("body").get_attribute("data-jp-theme-light") == "false"
    light.reload()
    expect(light.locator(".widget-slider")).to_be_visible()
    assert ground(light) == grounds[1]
    dark.get_by_role("button", name="Light theme").click()
    assert ground(dark) == grounds[0]

    # A page without a heading has a row for the switch.
    switch = box_of(dark.get_by_role("button", name="Dark theme"))
    assert switch["y"] + switch["height"] <= box_of(dark.locator(".widget-slider"))["y"]


def test_while_it_opens_it_tells_how_far_the_notebook_has_run(server: VoilaServer, open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(server.url())
    expect(page).to_have_title(server.notebook.removesuffix(".ipynb"))
    expect(page.get_by_role("status")).to_contain_text("Opening")
    expect(page.get_by_role("progressbar", name="Cells that have run")).to_have_js_property("value", 1)
    assert findings(page, "body") == []
