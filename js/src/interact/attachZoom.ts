import type { Renderer } from "../draw/renderer.ts";
import { clamp } from "../lib/numbers.ts";
import { placeIn, scaleOf } from "../lib/pagePx.ts";
import type { Travel } from "./travel.ts";

const LINE_PX = 16;
/** A notch of a mouse wheel counts as this much, else it would leap; a trackpad's pinch stays below. */
const MOST_DELTA = 25;
const PER_DELTA = 0.01;
const DRAG_PX = 4;

/**
 * Zooms with Ctrl or ⌘ and the wheel, or a pinch; pans by dragging and with Shift and the wheel. A plain wheel is the
 * page's. `letGo` is called when the scene moves under the pointer.
 */
export function attachZoom(renderer: Renderer, travel: Travel, letGo: () => void, signal: AbortSignal): void {
  const element = renderer.planes.scroller;
  const inView = (x: number, y: number) => placeIn(element, x, y);

  element.addEventListener(
    "wheel",
    (event) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        letGo();
        const delta = clamp(event.deltaY * unit, -MOST_DELTA, MOST_DELTA);
        travel.zoomBy(Math.exp(-delta * PER_DELTA), inView(event.clientX, event.clientY));
      } else if (event.shiftKey && travel.canPan) {
        event.preventDefault();
        letGo();
        travel.panBy((event.deltaX || event.deltaY) * unit, 0);
      }
    },
    { signal, passive: false },
  );
  attachPinch(element, travel, inView, signal);
  attachDrag(element, travel, letGo, signal);
}

function attachPinch(
  element: HTMLElement,
  travel: Travel,
  inView: (x: number, y: number) => readonly [number, number],
  signal: AbortSignal,
): void {
  let before: { readonly span: number; readonly x: number; readonly y: number } | null = null;
  const read = (touches: TouchList): typeof before => {
    const [a, b] = [touches[0], touches[1]];
    if (touches.length !== 2 || a === undefined || b === undefined) return null;
    const [x, y] = inView((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    return { span: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), x, y };
  };
  const options = { signal, passive: false } as const;
  const begin = (event: TouchEvent): void => {
    before = read(event.touches);
    if (before !== null && event.cancelable) event.preventDefault();
  };
  element.addEventListener("touchstart", begin, options);
  element.addEventListener("touchend", begin, { signal });
  element.addEventListener("touchcancel", begin, { signal });
  element.addEventListener(
    "touchmove",
    (event) => {
      const now = read(event.touches);
      if (before === null || now === null) return;
      if (event.cancelable) event.preventDefault();
      travel.panBy(before.x - now.x, before.y - now.y);
      if (before.span > 0 && now.span > 0) travel.zoomBy(now.span / before.span, [now.x, now.y]);
      before = now;
    },
    options,
  );
}

/** One pointer drags the scene; the click that ends a drag chooses nothing. */
function attachDrag(element: HTMLElement, travel: Travel, letGo: () => void, signal: AbortSignal): void {
  const pressed = new Set<number>();
  let last: { readonly x: number; readonly y: number } | null = null;
  let isDragging = false;

  const stop = (event: PointerEvent): void => {
    pressed.delete(event.pointerId);
    last = null;
    element.classList.remove("nnvis-dragging");
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      isDragging = false;
      pressed.add(event.pointerId);
      const isFree = event.pointerType !== "touch" || travel.isZoomed;
      const isOurs = event.button === 0 && travel.canPan && isFree;
      last = isOurs && pressed.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (event.buttons === 0) stop(event);
      if (last === null || !pressed.has(event.pointerId)) return;
      const [dx, dy] = [last.x - event.clientX, last.y - event.clientY];
      if (!isDragging && Math.hypot(dx, dy) < DRAG_PX) return;
      if (!isDragging) {
        element.setPointerCapture(event.pointerId);
        letGo();
      }
      isDragging = true;
      element.classList.add("nnvis-dragging");
      last = { x: event.clientX, y: event.clientY };
      const scale = scaleOf(element);
      travel.panBy(dx / scale, dy / scale);
      event.stopImmediatePropagation();
    },
    { signal },
  );
  element.addEventListener("pointerup", stop, { signal });
  element.addEventListener("pointercancel", stop, { signal });
  element.addEventListener(
    "click",
    (event) => {
      if (!isDragging) return;
      isDragging = false;
      event.stopImmediatePropagation();
    },
    { signal, capture: true },
  );
}
