"""The canvas follows the theme of its page; that of JupyterLab in test_panel_pictures.py."""

from __future__ import annotations

from .demo_page import DemoPage
from .network_page import NetworkPage
from .processes import wait_until
from .scene_page import SET_THEME

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
    # the picture of the moment: a host may make its output anew
    wait_until(lambda: network.picture.evaluate(HAIRLINE) == color, f"a hairline of {color}")


# As JupyterLab does with its whole page at a change of theme: the drawing's turn comes while there is no place for it.
GONE_FOR_A_FRAME = f"""root => {{
  ({SET_THEME})(true)
  return new Promise(isOver => Promise.resolve().then(() => {{
    requestAnimationFrame(() => {{ root.style.display = ""; isOver() }})
    root.style.display = "none"
  }}))
}}"""


def test_a_page_that_is_out_of_the_layout_for_a_frame_is_drawn_in_its_new_theme(demo: DemoPage) -> None:
    demo.open("moons")
    network = NetworkPage(demo.page)
    expect_hairline(network, LIGHT_HAIR)
    network.root.evaluate(GONE_FOR_A_FRAME)
    expect_hairline(network, DARK_HAIR)
