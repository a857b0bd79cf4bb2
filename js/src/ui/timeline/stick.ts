import { listen, whenAborted } from "../../lib/listen.ts";
import { clamp } from "../../lib/numbers.ts";
import { scaleOf } from "../../lib/pagePx.ts";
import { setAttributes } from "../kit/dom.ts";

/** Kept free above it: the header of its view. */
const HEADER = 48;
/** In a window so low that it would take more, as at a zoom of 400 %, it stays where it is. */
const MOST_SHARE = 0.25;

/**
 * Keeps the last part of a view at the lower edge of what is in sight, as long as the view is. `position: sticky` does
 * that only in the nearest scrolling element, and JupyterLab's outputs are such elements themselves.
 */
export function stickToLowerEdge(element: HTMLElement, signal: AbortSignal): void {
  let shift = 0;
  let request = 0;
  const update = () => {
    request = 0;
    const frame = frameOf(element);
    if (frame === null) return;
    const { top, bottom, height } = element.getBoundingClientRect();
    const highest = frame.getBoundingClientRect().top + HEADER * scaleOf(element);
    const edge = lowerEdge(frame);
    const most = height > MOST_SHARE * globalThis.innerHeight ? 0 : Math.max(0, top + shift - highest);
    const next = Math.round(clamp(bottom + shift - edge, 0, most));
    if (next === shift) return;
    shift = next;
    element.style.transform = shift === 0 ? "" : `translateY(${-shift / scaleOf(element)}px)`;
    setAttributes(element, { "data-stuck": shift > 0 });
  };
  const later = () => {
    if (request === 0 && !signal.aborted) request = requestAnimationFrame(update);
  };
  whenAborted(signal, () => cancelAnimationFrame(request));
  listen(document, "scroll", later, signal, { capture: true, passive: true });
  listen(globalThis.window, "resize", later, signal);
  if (typeof ResizeObserver !== "function") return;
  const observer = new ResizeObserver(later);
  for (const part of [element, document.documentElement]) observer.observe(part);
  requestAnimationFrame(() => {
    const frame = frameOf(element);
    if (frame !== null) observer.observe(frame);
  });
  whenAborted(signal, () => observer.disconnect());
}

/** The nearest element around it that has a box: in a dashboard the view itself has none. */
function frameOf(element: HTMLElement): HTMLElement | null {
  let frame = element.parentElement;
  while (frame !== null && frame.getClientRects().length === 0) frame = frame.parentElement;
  return frame;
}

/** The lowest y of the window at which an element may be seen. */
function lowerEdge(element: HTMLElement): number {
  let edge = globalThis.innerHeight;
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent === document.body || parent === document.documentElement) break;
    if (getComputedStyle(parent).overflowY === "visible") continue;
    edge = Math.min(edge, parent.getBoundingClientRect().top + parent.clientTop + parent.clientHeight);
  }
  return edge;
}
