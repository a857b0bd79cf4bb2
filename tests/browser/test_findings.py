"""Does a person see what is wrong with a training: at its place, in time, once as an alert, in words?"""

from __future__ import annotations

import re
from collections.abc import Callable

import keras
import pytest
from playwright.sync_api import expect

import nnvis_widget as nv

from .joined_page import JoinedPage
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .sample_views import moons
from .test_accessibility import findings
from .voila_page import VoilaPage
from .widget_page import WidgetPage

pytestmark = pytest.mark.usefixtures("looks_by_steps")
DEAD = re.compile(r"Fault since epoch [\d.]+ \(step \d+\): Dead units in 'hidden': 6 of 6\.")


def dying() -> nv.Trainer:
    """Hidden units that never put out anything."""
    keras.utils.set_random_seed(0)
    start = keras.initializers.Constant(-30.0)
    hidden = keras.layers.Dense(6, "relu", bias_initializer=start, name="hidden")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1, "sigmoid", name="out")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return nv.Trainer(model, moons(), epochs=30)


def test_dead_units_are_a_badge_a_mark_a_sentence_and_one_alert_that_leads_there(joined: JoinedPage) -> None:
    trainer = dying()
    trainer.pace = None
    view = nv.NetworkView(trainer, height=760)
    network = joined.show_one(view)
    network.train_button.click()
    alert = network.root.get_by_role("alert")
    expect(alert).to_contain_text(DEAD)
    expect(alert).to_contain_text("they cannot learn any more")
    expect(network.picture.locator("text", has_text="✗ 6/6 dead")).to_be_visible()
    hidden = network.root.get_by_role("treeitem", name=re.compile(r"^hidden, 6 units, .*6.6 dead$"))
    expect(hidden).to_have_count(1)
    mark = network.timeline.get_by_role("button", name=DEAD)
    expect(mark).to_have_count(1)
    expect(network.state).to_contain_text("Finished")
    rows = network.inspector.get_by_role("list").get_by_role("listitem")
    expect(rows.filter(has_text=DEAD)).to_have_count(1)
    for theme in ("light", "dark"):
        WidgetPage(joined.page).set_theme(theme)
        assert findings(joined.page) == []

    since = next(one.since_step for one in trainer.findings if one.rule == "dead_relu")
    mark.press("Enter")
    expect(network.state).to_contain_text("Viewing")
    wait_until(lambda: view.step == since, "the view at the step of its mark")
    network.training_time.focus()
    joined.page.keyboard.press("Home")
    expect(network.picture.locator("text", has_text="6/6 dead")).to_have_count(0)
    expect(mark).to_have_count(1)  # what came later is still there to go to
    network.go_live_button.click()
    expect(network.picture.locator("text", has_text="✗ 6/6 dead")).to_be_visible()


DYING = """
import keras, ipywidgets
import nnvis_widget as nv
keras.utils.set_random_seed(0)
hidden = keras.layers.Dense(6, "relu", bias_initializer=keras.initializers.Constant(-30.0), name="hidden")
model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1, "sigmoid", name="out")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
trainer = nv.Trainer(model, nv.datasets.moons(n=200, noise=0.15, seed=0))
while not any(one.rule == "dead_relu" for one in trainer.findings.faults):  # a busy machine looks less often
    trainer.run_steps(50)
    trainer.wait()
ipywidgets.VBox([nv.NetworkView(trainer, height=560), nv.FindingsPanel(trainer)])
"""


def test_in_a_host_the_panel_has_lanes_and_a_slider_judges_anew_what_the_view_shows(
    voila_page: VoilaPage, new_notebook: Callable[..., str], page_log: PageLog
) -> None:
    voila_page.open(new_notebook(DYING))
    page = voila_page.page
    network = NetworkPage(page)
    network.wait_until_drawn()
    badge = network.picture.locator("text", has_text="✗ 6/6 dead")
    expect(badge).to_be_visible()
    panel = page.locator(".nnvis-panel").filter(has=page.get_by_role("heading", name="Findings"))
    card = panel.locator(".nnvis-finding").filter(has_text="Dead units in 'hidden': 6 of 6")
    expect(card).to_be_visible()
    units = panel.get_by_role("listitem").filter(has_text="units")
    expect(units).to_contain_text("✗ fault")
    assert findings(page, ".nnvis-panel") == []

    threshold = panel.locator(".widget-hslider").filter(has_text="dead_relu").locator(".widget-readout")
    threshold.fill("1")
    threshold.press("Enter")
    expect(card).to_be_hidden()
    expect(units).to_contain_text("✓ fine")
    expect(badge).to_have_count(0)
    panel.get_by_role("button", name="The rule's own").click()
    expect(card).to_be_visible()
    expect(badge).to_be_visible()
    assert not page_log.errors
