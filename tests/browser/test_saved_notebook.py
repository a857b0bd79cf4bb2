"""What a notebook keeps of a view when "Save Widget State Automatically" is on, and shows without a kernel."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .lab_page import LabPage
from .models import CONTROLS, MOONS, VIEW
from .network_page import NetworkPage
from .page_log import PageLog
from .processes import wait_until
from .servers import StartLab

NewNotebook = Callable[..., str]
WAITING = "trainer.run_steps(40); trainer.wait(60)"


@pytest.fixture
def saving_lab(page: Page, start_jupyterlab: StartLab) -> Iterator[LabPage]:
    """`page` with a JupyterLab that saves the state of widgets into the notebook."""
    server = start_jupyterlab(saves_widgets=True)
    yield LabPage(page, server)
    server.end_kernels()


def save(lab: LabPage, notebook: str) -> dict[str, Any] | None:
    """Press Ctrl+S and return the view's saved model; `None` while JupyterLab is busy with a save."""
    file = lab.server.folder / notebook
    before = file.stat().st_mtime_ns
    lab.page.keyboard.press("Control+s")
    try:
        wait_until(lambda: file.stat().st_mtime_ns != before, f"{notebook} saved", 2)
    except TimeoutError:
        return None
    try:
        return view_model(json.loads(file.read_text()))
    except json.JSONDecodeError:
        return None


def save_step(lab: LabPage, notebook: str, step: int) -> dict[str, Any]:
    """Save until the notebook holds the frame of this step: the view keeps its newest frame every two seconds."""
    saved: list[dict[str, Any]] = []

    def holds_it() -> bool:
        model = save(lab, notebook)
        saved.extend([] if model is None else [model])
        return model is not None and header_of(_buffers(model)["frame"])["step"] == step

    wait_until(holds_it, f"a notebook with step {step}")
    return saved[-1]


def view_model(notebook: dict[str, Any]) -> dict[str, Any]:
    """The saved model of the one NetworkView."""
    states = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    (model,) = [model for model in states if "scenery" in _buffers(model)]
    found: dict[str, Any] = model
    return found


def _buffers(model: dict[str, Any]) -> dict[str, bytes]:
    return {
        buffer["path"][0]: base64.b64decode(buffer["data"])
        for buffer in model.get("buffers", [])
        if buffer["encoding"] == "base64"
    }


def header_of(frame: bytes) -> dict[str, Any]:
    length = struct.unpack_from("<I", frame, 8)[0]
    header: dict[str, Any] = json.loads(frame[16 : 16 + length])
    return header


def open_anew(lab: LabPage, notebook: str) -> NetworkPage:
    """Leave the notebook, end its kernel and open it with a new one, which knows no widget.

    A page that is still there when its kernel ends may save once more, without its widgets. And where a second
    connection to the kernel comes before the notebook's widgets are read, JupyterLab says "model not found"
    (jupyterlab-widgets 3.0: `restoreWidgets` of the connection ends first); a person reloads then.
    """
    lab.page.goto("about:blank")
    lab.server.end_kernels()
    network = NetworkPage(lab.page)
    not_found = lab.notebook.get_by_text("model not found")
    for _ in range(3):
        lab.page.goto(lab.server.url(notebook))
        expect(network.root.or_(not_found)).to_be_visible()
        if not_found.count() == 0:
            break
    network.wait_until_drawn()
    return network


def test_a_saved_notebook_still_shows_its_last_picture_and_the_bookmarks(
    saving_lab: LabPage, new_notebook: NewNotebook, page_log: PageLog
) -> None:
    lab = saving_lab
    notebook = new_notebook(MOONS, VIEW, CONTROLS, WAITING)
    lab.open(notebook)
    lab.run_all()
    network = NetworkPage(lab.page)
    network.wait_until_drawn()
    expect(network.training_time).to_have_attribute("aria-valuenow", "40")
    before = network.picture_hash()
    network.training_time.focus()
    lab.page.keyboard.press("b")
    bookmark = network.timeline.get_by_role("button", name=re.compile(r"^Bookmark at .*\bstep 40\b"))
    expect(bookmark).to_be_visible()

    # the view keeps the keys that are pressed in it; Ctrl+S is the notebook's
    lab.notebook.locator(".jp-InputPrompt").first.click()
    model = save_step(lab, notebook, 40)
    assert model["state"]["graph"]["name"] == "moons_mlp"
    assert model["state"]["bookmarks"] == [40]
    assert header_of(_buffers(model)["scenery"])["kind"] == "scenery"

    network = open_anew(lab, notebook)
    expect(network.state).to_have_text("Saved picture")
    expect(network.training_time).to_have_attribute("aria-valuenow", "40")
    expect(network.train_button).to_have_attribute("aria-disabled", "true")
    expect(bookmark).to_be_visible()
    assert network.picture_hash() == before
    expect_off_with_a_reason(network)
    assert not page_log.outside


def expect_off_with_a_reason(network: NetworkPage) -> None:
    """What only a kernel could do is greyed and says why; the controls are passed over by the keyboard."""
    why = "this is a saved picture without a kernel"
    network.choose_a_unit()
    for name in ("Next sample", "Previous sample", "What if"):
        button = network.inspector.get_by_role("button", name=re.compile(f"^{name}"))
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", re.compile(f"{why}$"))
    gradient = network.root.get_by_role("radio", name="Gradient")
    expect(gradient).to_be_disabled()
    expect(gradient).to_have_attribute("title", why)
    network.inspector.get_by_role("button", name="Learning").click()
    expect(network.inspector).to_contain_text("Not recorded at this step")
    controls = network.page.get_by_role("group", name="Controls", exact=True)
    expect(controls).to_have_accessible_description("There is no kernel, so this does nothing. Run the cell again.")
    offered = controls.locator(".widget-button, .widget-slider, .widget-dropdown")
    assert offered.evaluate_all("(all) => all.filter(({ inert }) => inert).length") == offered.count() > 5
