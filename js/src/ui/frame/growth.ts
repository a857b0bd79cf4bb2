import { listen } from "../../lib/listen.ts";
import { clamp } from "../../lib/numbers.ts";
import { scaleOf } from "../../lib/pagePx.ts";
import { scrollersAround } from "../../lib/scrollers.ts";
import { whenResized } from "../../lib/whenResized.ts";
import type { ViewState } from "../../store/viewState.ts";
import { setAttributes } from "../kit/dom.ts";

/** A wider view has room for the inspector beside a large result; in a narrower one the sum would not fit below. */
const WIDTHS = [540, 800] as const;
/** In a narrower one nothing has room beside the picture; in a wider one it comes below if nothing must be scrolled. */
const LEAST_BESIDE = 620;
/** While it grows: the page's scroll bar, that comes with the growth, shall not end it, nor what wraps anew for it. */
const SCROLL_BAR = 24;
/** What the inspector needs for the sum of six inputs, and what it has where there is more. */
const BELOW = [252, 288] as const;
/** What need not be seen together with it. */
const APART = [".nv-header", ".nv-legend", ".nv-foot"];

/**
 * Has a narrow view grow by the inspector of what is chosen, which stands below the picture then, if the window is high
 * enough for both and the timeline. Where it is not, and there is no room beside it, up to half of the picture is cut.
 */
export function followGrowth(root: HTMLElement, state: ViewState, signal: AbortSignal): { update(): void } {
  let [below, cut] = [0, 0];
  /** It has grown in what scrolls since: there is less room than it seemed, until something else is chosen from. */
  let isTooLow = false;
  const heightOf = (name: string) => root.querySelector<HTMLElement>(name)?.offsetHeight ?? 0;
  const update = () => {
    const slack = below > 0 ? SCROLL_BAR : 0;
    const width = root.offsetWidth;
    const isNarrow = width >= WIDTHS[0] - slack && width < WIDTHS[1];
    const isAlone = root.closest(".nnvis-dashboard") === null && root.ownerDocument.fullscreenElement !== root;
    const mayGrow = isNarrow && isAlone && state.values.selection !== null;
    const seen = APART.reduce((rest, name) => rest - heightOf(name), root.offsetHeight - below + cut);
    const room = roomAround(root) / scaleOf(root) - seen;
    const most = width < LEAST_BESIDE + slack ? heightOf(".nv-canvas") / 2 : -heightOf(".nv-header");
    const isHighEnough = room + most + slack >= BELOW[0];
    if (!mayGrow) isTooLow = false;
    else if (!isHighEnough && below > 0) isTooLow = true;
    const grows = mayGrow && isHighEnough && !isTooLow;
    below = grows ? clamp(room, ...BELOW) : 0;
    cut = grows ? clamp(BELOW[0] - room, 0, most) : 0;
    root.style.setProperty("--nv-below", `${below}px`);
    root.style.setProperty("--nv-cut", `${cut}px`);
    const how = cut > 0 ? "cut" : room >= BELOW[1] + heightOf(".nv-foot") ? "high" : "low";
    setAttributes(root, { "data-grows": grows && how });
  };
  const resized = () => {
    isTooLow = false;
    update();
  };
  whenResized(root, update, signal);
  listen(globalThis.window, "resize", resized, signal);
  return { update };
}

/** Px of the page, from top to bottom, in which an element can be seen at once. */
function roomAround(element: HTMLElement): number {
  return Math.min(globalThis.innerHeight, ...scrollersAround(element).map(({ clientHeight }) => clientHeight));
}
