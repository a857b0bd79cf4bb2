import { listen } from "../../lib/listen.ts";
import { scaleOf } from "../../lib/pagePx.ts";
import { whenResized } from "../../lib/whenResized.ts";
import type { ViewState } from "../../store/viewState.ts";
import { setAttributes } from "../kit/dom.ts";

/** A wider view has room for the inspector beside a large result; in a narrower one the sum would not fit below. */
const WIDTHS = [540, 800] as const;
/** While it grows: the page's scroll bar, that comes with the growth, shall not end it. */
const SCROLL_BAR = 24;
/** A lower window does not show both. */
const LEAST_WINDOW = 860;

/** Has a narrow view in a high window grow by the inspector of what is chosen, which stands below the picture then. */
export function followGrowth(root: HTMLElement, state: ViewState, signal: AbortSignal): { update(): void } {
  const update = () => {
    const scale = scaleOf(root);
    const least = WIDTHS[0] - (root.hasAttribute("data-grows") ? SCROLL_BAR : 0);
    const isNarrow = root.offsetWidth >= least && root.offsetWidth < WIDTHS[1];
    const isHigh = globalThis.innerHeight >= LEAST_WINDOW * scale;
    const isAlone = root.closest(".nnvis-dashboard") === null && root.ownerDocument.fullscreenElement !== root;
    setAttributes(root, { "data-grows": isNarrow && isHigh && isAlone && state.values.selection !== null });
  };
  whenResized(root, update, signal);
  listen(globalThis.window, "resize", update, signal);
  return { update };
}
