import { listen } from "../../lib/listen.ts";
import { scaleOf } from "../../lib/pagePx.ts";
import { whenResized } from "../../lib/whenResized.ts";
import type { ViewState } from "../../store/viewState.ts";
import { setAttributes } from "../kit/dom.ts";

/** A wider view has room for the inspector beside a large result; in a narrower one the sum would not fit below. */
const WIDTHS = [540, 800] as const;
/** While it grows: the page's scroll bar, that comes with the growth, shall not end it. */
const SCROLL_BAR = 24;
/** In less height, that of the window or of what scrolls around the view, both are not seen. */
const LEAST_ROOM = 860;

/** Has a narrow view in a high window grow by the inspector of what is chosen, which stands below the picture then. */
export function followGrowth(root: HTMLElement, state: ViewState, signal: AbortSignal): { update(): void } {
  const update = () => {
    const scale = scaleOf(root);
    const least = WIDTHS[0] - (root.hasAttribute("data-grows") ? SCROLL_BAR : 0);
    const isNarrow = root.offsetWidth >= least && root.offsetWidth < WIDTHS[1];
    const isAlone = root.closest(".nnvis-dashboard") === null && root.ownerDocument.fullscreenElement !== root;
    const mayGrow = isNarrow && isAlone && state.values.selection !== null;
    setAttributes(root, { "data-grows": mayGrow && roomAround(root) >= LEAST_ROOM * scale });
  };
  whenResized(root, update, signal);
  listen(globalThis.window, "resize", update, signal);
  return { update };
}

/** Px of the page, from top to bottom, in which an element can be seen at once. */
function roomAround(element: HTMLElement): number {
  let room = globalThis.innerHeight;
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent === document.body || parent === document.documentElement) break;
    if (getComputedStyle(parent).overflowY !== "visible") room = Math.min(room, parent.clientHeight);
  }
  return room;
}
