from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from .models import CONTROLS, MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog
from .sample_views import moons_state
from .servers import VoilaServer
from .standing_still import standing_still
from .test_one_screen import expect_a_playground_on_one_screen
from .test_theme import DARK_HAIR, LIGHT_HAIR, expect_hairline
from .voila_page import VoilaPage
from .widget_page import WidgetPage

NewNotebook = Callable[..., str]


def test_the_playground_learns_and_is_rebuilt(
    page: Page, preheated_voila: Callable[..., VoilaServer], page_log: PageLog
) -> None:
    opened = VoilaPage(page, preheated_voila("playground.ipynb", theme="dark"))
    opened.open()
    network = NetworkPage(page)
    network.wait_until_drawn()
    expect(network.root).to_contain_text("67 in all")
    expect(network.root).to_have_attribute("data-nnvis-theme", "dark")
    expect_hairline(network, DARK_HAIR)
    untrained = network.picture_hash()
    with standing_still(page):
        network.train()
        step = network.wait_until_step_after(0)
        network.wait_until_step_after(step)
    assert network.picture_hash() != untrained
    network.pause()
    expect(network.state).to_have_text("Paused")
    expect_a_playground_on_one_screen(page)
    # The switch went with its page, and lies over nothing.
    expect(page.get_by_role("button", name="Light theme")).not_to_be_in_viewport()

    # another architecture takes the same place: 2 → 6 → 6 → 6 → 1
    layers = page.get_by_role("slider").nth(1)
    layers.focus()
    page.keyboard.press("ArrowRight")
    expect(network.root).to_contain_text("109 in all")
    expect(network.training_time).to_have_attribute("aria-valuenow", "0")
    network.train()
    network.wait_until_step_after(0)
    network.pause()
    opened.leave()
    assert not page_log.outside
    assert not page_log.errors


def test_digits_are_drawn_and_another_sample_is_chosen_by_key(voila_page: VoilaPage, page_log: PageLog) -> None:
    voila_page.open("digits.ipynb")
    network = NetworkPage(voila_page.page)
    network.wait_until_drawn()
    expect(network.root).to_contain_text("50,890 in all")
    expect(network.root).to_contain_text("50,176 + 640 edges")
    expect(network.picture).to_contain_text("Sample 0")
    network.focus_picture()
    voila_page.page.keyboard.press("]")
    expect(network.picture).to_contain_text("Sample 1")
    assert not page_log.outside


def test_the_controls_steer_the_training(voila_page: VoilaPage, new_notebook: NewNotebook) -> None:
    voila_page.open(new_notebook(MOONS, VIEW, CONTROLS))
    page, network = voila_page.page, NetworkPage(voila_page.page)
    network.wait_until_drawn()
    expect_hairline(network, LIGHT_HAIR)

    def button(text: str) -> Locator:
        return page.locator("button.widget-button", has_text=re.compile(rf"^\s*{text}\s*$"))

    button("Train").click()
    network.wait_until_step_after(0)
    button("Pause").click()
    expect(network.state).to_have_text("Paused")
    step = network.shown_step()
    button("One step").click()
    expect(network.training_time).to_have_attribute("aria-valuenow", str(step + 1))

    button("Train").click()
    network.wait_until_step_after(step + 1)
    button("Reset").click()
    button("Really reset").click()
    expect(network.training_time).to_have_attribute("aria-valuenow", "0")


def test_a_unit_is_chosen_by_key(page: Page) -> None:
    widget = WidgetPage(page)
    widget.open(moons_state())
    network = widget.network
    network.wait_until_drawn()
    network.focus_picture()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(network.inspector_heading).to_have_text(re.compile(r"^dense_1 · unit \d$"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(network.inspector_heading).to_have_text(re.compile(r"^dense_2 · unit \d$"))
    expect(network.inspector).to_contain_text("z = Σ")
