from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .servers import VoilaServer
from .voila_page import VoilaPage

NewNotebook = Callable[..., str]

LIGHT_HAIR, DARK_HAIR = [231, 233, 236], [52, 53, 55]

# The hairline under the column heads is painted on the canvas, where a style sheet does not reach by itself.
HAIRLINE = """picture => {
  const canvas = picture.querySelector("canvas")
  const ratio = canvas.width / canvas.clientWidth
  const column = canvas.getContext("2d").getImageData(30 * ratio, 0, 1, 100 * ratio).data
  for (let i = 0; i < column.length; i += 4) if (column[i + 3] === 255) return [...column.slice(i, i + 3)]
  return null
}"""


def expect_hairline(network: NetworkPage, color: list[int]) -> None:
    network.wait_until_drawn()
    handle = network.picture.element_handle()
    network.page.wait_for_function(
        f"([picture, color]) => JSON.stringify(({HAIRLINE})(picture)) === JSON.stringify(color)", arg=[handle, color]
    )


@pytest.mark.parametrize(("theme", "color"), [("dark", DARK_HAIR), ("light", LIGHT_HAIR)])
def test_the_canvas_has_the_theme_of_voila(
    page: Page,
    preheated_voila: Callable[..., VoilaServer],
    new_notebook: NewNotebook,
    theme: str,
    color: list[int],
) -> None:
    server = preheated_voila(new_notebook(MOONS, VIEW), theme=theme)
    VoilaPage(page, server).open()
    expect_hairline(NetworkPage(page), color)


def test_a_change_of_jupyterlabs_theme_redraws_the_canvas(lab: LabPage, new_notebook: NewNotebook) -> None:
    lab.open(new_notebook(MOONS, VIEW), mode="lab")
    lab.run_all()
    network = NetworkPage(lab.page)
    expect_hairline(network, LIGHT_HAIR)
    for theme, color in (("JupyterLab Dark", DARK_HAIR), ("JupyterLab Light", LIGHT_HAIR)):
        lab.page.get_by_role("menubar").get_by_role("menuitem", name="Settings", exact=True).click()
        # A submenu's role has no name in JupyterLab 4.6.6.
        lab.page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).click()
        lab.page.locator(".lm-Menu-itemLabel").get_by_text(theme, exact=True).click()
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        expect_hairline(network, color)
