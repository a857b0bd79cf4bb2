"""Does every scene still look as when a person last looked at it? `NNVIS_GOLDEN=write` keeps new pictures."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from .page_log import PageLog
from .scenes import SCENES
from .widget_page import WidgetPage

GOLDEN = Path(__file__).parent / "golden"
SHOTS = Path(__file__).parent / "shots"
WIDTHS = (1400, 700)

# A golden is a third of the size in 64 colours: lines and places are compared, not the edges of letters.
SHRINK = 3
COLORS = 64
# Of 255; a moved line or another colour is far above, another build of Chromium or of the fonts below.
LEVELS = 40
SHARE = 0.01
# The notice of a lost kernel says when it was last heard of.
LOST_AT = "11:28:30 AM"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_as_before(page: Page, page_log: PageLog, name: str, width: int, theme: str) -> None:
    shot = small(draw(page, name, width, theme))
    golden = GOLDEN / f"{name}-{width}-{theme}.png"
    if os.environ.get("NNVIS_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        shot.quantize(COLORS).save(golden, optimize=True)
    assert golden.exists(), f"no golden {golden.name}: look at the scene, then write it with NNVIS_GOLDEN=write"
    expected = Image.open(golden).convert("RGB")
    assert shot.size == expected.size
    differs = np.abs(np.asarray(shot, int) - np.asarray(expected, int)).max(axis=2) > LEVELS
    if differs.mean() > SHARE:
        SHOTS.mkdir(exist_ok=True)
        shot.save(SHOTS / golden.name)
    assert differs.mean() <= SHARE, f"{differs.mean():.1%} of {golden.name} differs; the new one is in {SHOTS}"
    assert page_log.errors == []


def draw(page: Page, name: str, width: int, theme: str) -> bytes:
    scene = SCENES[name]
    page.set_viewport_size({"width": width, "height": 760})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    widget = WidgetPage(page)
    widget.open(scene.state(), theme=theme, width=width, has_kernel=scene.has_kernel)
    if scene.state()["graph"] is not None:
        widget.network.wait_until_drawn()
    if scene.late:
        page.get_by_text(scene.late).wait_for()
    if scene.is_lost:
        page.evaluate(f"() => {{ Date.prototype.toLocaleTimeString = () => '{LOST_AT}'; }}")
        widget.set_kernel(False)
    widget.wait_until_still()
    return page.screenshot(animations="disabled", caret="hide")


def small(shot: bytes) -> Image.Image:
    image = Image.open(BytesIO(shot)).convert("RGB")
    return image.resize((image.width // SHRINK, image.height // SHRINK), Image.Resampling.BOX)
