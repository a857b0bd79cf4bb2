"""A whole task with the keyboard alone: pace, a unit, its sum, another sample, pause, go back, go live, undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .learning_page import tab_to
from .network_page import NetworkPage
from .processes import wait_until
from .sample_views import moons_trainer

MOST_TABS = 30


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def tab_into_the_network(page: Page) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('[role=tree]') !== null"):
            return
    pytest.fail(f"{MOST_TABS} times Tab did not lead into the network")


def test_a_task_without_a_mouse(joined: JoinedPage) -> None:
    trainer = moons_trainer(0)
    page, network = joined.page, joined.show_one(nv.NetworkView(trainer))
    page.keyboard.press("Control+Home")
    tab_into_the_network(page)
    tab_to(page, network.timeline.get_by_role("combobox", name="Pace of the training"))
    page.keyboard.press("ArrowUp")
    wait_until(lambda: trainer.status.pace == "1 epoch/redraw", "the pace before 30 epochs/s")
    network.focus_picture()

    page.keyboard.press("Space")
    network.wait_until_running()
    network.wait_until_step_after(5)
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(network.inspector_heading).to_have_text(re.compile(r"^dense_2 · unit \d$"))

    page.keyboard.press("Space")
    expect(network.train_button).to_be_visible()
    step = network.shown_step()
    terms, total = shown_sum(network)
    assert len(terms) == 7
    assert abs(sum(terms) - total) <= 0.0011, (terms, total)

    page.keyboard.press("]")
    expect(network.inspector).to_contain_text("#1,")
    page.keyboard.press(",")
    page.wait_for_function(
        "([slider, step]) => Number(slider.getAttribute('aria-valuenow')) < step",
        arg=[network.training_time.element_handle(), step],
    )
    expect(network.state).to_contain_text("Viewing")
    page.keyboard.press("l")
    expect(network.training_time).to_have_attribute("aria-valuenow", str(step))
    expect(network.state).to_contain_text("Paused")

    trained = shown_sum(network)
    trainer.reset()
    expect(network.training_time).to_have_attribute("aria-valuemax", "0")
    tab_to(page, network.timeline.get_by_role("button", name="Back to the trained network"))
    page.keyboard.press("Enter")
    expect(network.training_time).to_have_attribute("aria-valuenow", str(step))
    wait_until(lambda: shown_sum(network) == trained, "the sum of the trained network")
    assert page.evaluate("() => document.activeElement.closest('.nv-timeline') !== null"), "the focus stays beside it"


def shown_sum(network: NetworkPage) -> tuple[list[float], float]:
    """The bars' numbers, the bias last, and the total under them."""
    text = network.inspector.inner_text()
    part = text[text.index("z = Σ") : text.index("Activation")]
    numbers = [number(found) for found in re.findall(r"^\s*([+−]\d+\.\d{3})\s*$", part, flags=re.MULTILINE)]
    return numbers[:-1], numbers[-1]
