from __future__ import annotations

from collections.abc import Callable

from .lab_page import LabPage
from .models import MOONS, VIEW
from .network_page import NetworkPage
from .servers import LAB_THEMES

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


def test_a_change_of_jupyterlabs_theme_redraws_the_canvas(lab: LabPage, new_notebook: NewNotebook) -> None:
    lab.open(new_notebook(MOONS, VIEW), mode="lab")
    lab.run_all()
    network = NetworkPage(lab.page)
    expect_hairline(network, LIGHT_HAIR)
    for theme, color in (("dark", DARK_HAIR), ("light", LIGHT_HAIR)):
        lab.choose_theme(LAB_THEMES[theme])
        expect_hairline(network, color)
