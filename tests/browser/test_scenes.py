"""Does every scene still look as when a person last looked at it? `NNVIS_GOLDEN=write` keeps new pictures."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .page_log import PageLog
from .scenes import SCENES
from .widget_page import WidgetPage

GOLDEN = Path(__file__).parent / "golden"
SHOTS = Path(__file__).parent / "shots"
WIDTHS = (1400, 700)
HEIGHT = 760

# A golden is a third of the size in 128 colours: lines and places are compared, not the edges of letters.
SHRINK = 3
COLORS = 128
# Of 255; a moved line or another colour is far above, another build of Chromium or of the fonts below.
LEVELS = 40
SHARE = 0.01
# The notice of a lost kernel says when it was last heard of.
LOST_AT = "11:28:30 AM"
# Every drawing takes 50 ms longer, and the moment after which a picture rests does not end before it may.
SLOW = """() => {
  let calls = 0
  const now = performance.now.bind(performance), wait = setTimeout
  Object.assign(globalThis, { wait, mayRest: false })
  performance.now = () => now() + 50 * calls++
  globalThis.setTimeout = (run, ms, ...more) => wait(run, ms === 300 && !mayRest ? 1e8 : ms, ...more)
}"""
STIR = """async () => {
  for (let i = 1; i <= 30; i++) {
    stand.hear({ selection: i % 2 ? { layer: "L1", unit: i } : {} })
    await new Promise(requestAnimationFrame)
    await new Promise((done) => wait(done))
  }
}"""


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_as_before(page: Page, page_log: PageLog, name: str) -> None:
    """Opened once; then it is given each width and theme, and the first again."""
    widget = opened(page, name)
    looks = [(width, theme) for width in WIDTHS for theme in ("light", "dark")]
    faults = [
        fault
        for width, theme in [*looks, looks[0]]
        for fault in compare(look(widget, width, theme), name, width, theme)
    ]
    assert faults == []
    assert page_log.errors == []


def test_a_slow_machine_draws_more_simply_only_while_the_picture_changes(page: Page, page_log: PageLog) -> None:
    widget = opened(page, "digits")
    page.evaluate(SLOW)
    simply = page.locator(".nv-foot-note").get_by_text("Drawn more simply")
    expect(simply).to_be_hidden()
    page.evaluate(STIR)
    expect(simply).to_be_visible()
    looks = [(theme, look(widget, WIDTHS[0], theme)) for theme in ("light", "dark")]
    faults = [fault for theme, shot in looks for fault in compare(shot, "digits-stirred", WIDTHS[0], theme)]

    page.evaluate("() => { mayRest = true; stand.hear({ sample: 4 }); stand.hear({ sample: 3 }) }")
    expect(simply).to_be_hidden()
    widget.wait_until_still()
    faults += compare(small(page.screenshot(animations="disabled", caret="hide")), "digits", WIDTHS[0], "dark")
    assert faults == []
    assert page_log.errors == []


def opened(page: Page, name: str) -> WidgetPage:
    scene = SCENES[name]
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.emulate_media(reduced_motion="reduce")
    widget = WidgetPage(page)
    widget.open(scene.state(), width=WIDTHS[0], has_kernel=scene.has_kernel)
    if scene.state()["graph"] is not None:
        widget.network.wait_until_drawn()
    if scene.late:
        page.get_by_text(scene.late).wait_for()
    if scene.is_lost:
        page.evaluate(f"() => {{ Date.prototype.toLocaleTimeString = () => '{LOST_AT}'; }}")
        widget.set_kernel(False)
    return widget


def look(widget: WidgetPage, width: int, theme: str) -> Image.Image:
    widget.page.set_viewport_size({"width": width, "height": HEIGHT})
    widget.set_width(width)
    widget.set_theme(theme)
    widget.wait_until_still()
    return small(widget.page.screenshot(animations="disabled", caret="hide"))


def compare(shot: Image.Image, name: str, width: int, theme: str) -> list[str]:
    """What is wrong with a look at a scene."""
    golden = GOLDEN / f"{name}-{width}-{theme}.png"
    if os.environ.get("NNVIS_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        shot.quantize(COLORS).save(golden, optimize=True)
    if not golden.exists():
        return [f"no golden {golden.name}: look at the scene, then write it with NNVIS_GOLDEN=write"]
    expected = Image.open(golden).convert("RGB")
    if shot.size != expected.size:
        return [f"{golden.name} is {expected.size}, the scene is {shot.size}"]
    differs = np.abs(np.asarray(shot, int) - np.asarray(expected, int)).max(axis=2) > LEVELS
    if differs.mean() <= SHARE:
        return []
    SHOTS.mkdir(exist_ok=True)
    shot.save(SHOTS / golden.name)
    return [f"{differs.mean():.1%} of {golden.name} differs; the new one is in {SHOTS}"]


def small(shot: bytes) -> Image.Image:
    image = Image.open(BytesIO(shot)).convert("RGB")
    return image.resize((image.width // SHRINK, image.height // SHRINK), Image.Resampling.BOX)
