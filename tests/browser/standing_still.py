"""Do the parts of a page stay where they are while something begins?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

PARTS = (
    ".nv button, .nv h2, .nv h3, .nv select, .nv dt, .nv-canvas, .nv-legend, .nv-key, .nv-track, .nv-readout > div, "
    ".nv-pill, .nnvis-slot, .nnvis-slot .bqplot, .nnvis-head, .widget-label, .widget-button, .widget-dropdown select, "
    ".widget-slider"
)
BOXES = """(parts) => {
  globalThis.stood ??= new WeakMap();
  globalThis.moved = [];
  for (const part of document.querySelectorAll(parts)) {
    const { x, y, width } = part.getBoundingClientRect();
    const now = [x + scrollX, y + scrollY];
    const before = stood.get(part) ?? now;
    if (width > 0 && Math.hypot(now[0] - before[0], now[1] - before[1]) > 0.75) {
      moved.push(`${part.className || part.tagName} "${part.textContent.slice(0, 40)}": ${before} → ${now}`);
    }
    if (width > 0) stood.set(part, now);
  }
  return moved;
}"""


@contextmanager
def standing_still(page: Page) -> Iterator[None]:
    """Fails where a part that is there before and after is a pixel or more away after."""
    page.evaluate(BOXES, PARTS)
    yield
    moved = page.evaluate(BOXES, PARTS)
    assert not moved, "\n".join(moved)
