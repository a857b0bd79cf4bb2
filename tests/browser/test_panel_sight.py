"""A panel that nobody sees costs nothing, and is up to date when it is seen again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .models import MOONS
from .page_log import PageLog
from .processes import wait_until
from .sight import bring_into_sight
from .test_panels import BUTTONS, panel, pictures
from .voila_page import VoilaPage

PANEL = """
weights = nv.WeightHeatmap(trainer, "dense_1")
ask, told = ipywidgets.Button(description="Ask"), ipywidgets.Label("not asked")
answers = iter(range(1, 10_000))
def answer(_):
    with weights._lock:  # a drawing under way is sent first
        sent = weights._link.sent
    told.value = f"{next(answers)}. {sent} sent, {weights._watching.is_followed}, step {trainer.step}"
ask.on_click(answer)
gap = ipywidgets.HTML('<div style="height:3000px"></div>')
ipywidgets.VBox([ask, told, gap, weights])
"""
SET_HIDDEN = """
(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


def ask(page: Page) -> tuple[int, bool, int]:
    """How many drawings the kernel has sent, whether the panel asks for new snapshots, and the training's step."""
    label = page.get_by_text(re.compile(r"^\d+\. \d+ sent|^not asked"))
    before = label.inner_text()
    page.get_by_role("button", name="Ask").dispatch_event("click")  # which scrolls nothing
    expect(label).not_to_have_text(before)
    found = re.search(r"(\d+) sent, (\w+), step (\d+)", label.inner_text())
    assert found is not None
    return int(found[1]), found[2] == "True", int(found[3])


def train_on(page: Page, steps: int = 150) -> int:
    """Wait until the training is so many steps further; return the step."""
    _, _, start = ask(page)
    while True:
        step = ask(page)[2]
        if step >= start + steps:
            return step


def wait_until_unfollowed(page: Page) -> None:
    while ask(page)[1]:
        pass


REACHED = """
([panel, least]) => {
  const found = /step ([\\d,]+)/.exec(panel.querySelector("[role=heading] [title]")?.title);
  return found !== null && Number(found[1].replaceAll(",", "")) >= least;
}
"""


def wait_until_shown(page: Page, step: int) -> None:
    """Wait until the panel shows this step or a later one."""
    place = panel(page, "Weights").element_handle()
    page.wait_for_function(REACHED, arg=[place, step])


def test_a_panel_with_a_name_gets_nothing_while_scrolled_away_or_hidden_and_then_the_newest(
    voila_page: VoilaPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    voila_page.open(new_notebook(MOONS, PANEL, BUTTONS))
    page = voila_page.page
    weights = panel(page, "Weights")
    expect(weights.locator("image")).to_have_count(2)
    expect(page.get_by_role("group", name="Weights").get_by_role("img", name="Weights")).to_have_count(1)
    described = re.compile(r"^Weights, epoch 0\.0 \(step 0\); dense_1, 6 by 4, from ")
    expect(page.get_by_role("group", name="Weights")).to_have_accessible_description(described)
    picture = pictures(weights)

    page.get_by_role("button", name="Start it").dispatch_event("click")
    step = train_on(page)
    # the one that was made before there was a page
    assert ask(page)[:2] == (1, False)
    assert pictures(weights) == picture

    bring_into_sight(weights)
    wait_until_shown(page, step)
    page.evaluate("() => document.querySelector('.widget-button').scrollIntoView()")
    wait_until_unfollowed(page)
    sent = ask(page)[0]
    assert sent > 1
    step = train_on(page)
    assert ask(page)[:2] == (sent, False)

    bring_into_sight(weights)
    wait_until_shown(page, step)
    page.evaluate(SET_HIDDEN, True)
    wait_until_unfollowed(page)
    sent = ask(page)[0]
    step = train_on(page)
    assert ask(page)[:2] == (sent, False)
    page.evaluate(SET_HIDDEN, False)
    wait_until_shown(page, step)
    assert not page_log.outside
    assert not page_log.errors


def test_a_panel_shown_twice_is_followed_while_one_of_them_is_seen_and_a_reloaded_page_goes_on(
    voila_page: VoilaPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    twice = PANEL.replace("VBox([ask, told, gap, weights])", "VBox([ask, told, weights, gap, weights])")
    voila_page.open(new_notebook(MOONS, twice, BUTTONS))
    page = voila_page.page
    expect(panel(page, "Weights")).to_have_count(2)
    page.get_by_role("button", name="Start it").dispatch_event("click")
    step = train_on(page)
    for place in (panel(page, "Weights").first, panel(page, "Weights").last, panel(page, "Weights").first):
        bring_into_sight(place)
        heading = place.get_by_role("heading")
        expect(heading).not_to_have_text(heading.inner_text())
        wait_until(lambda: ask(page)[1], "the panel followed")
        step = train_on(page)
    assert step > 0
    assert not page_log.errors
