import { keepKeys } from "../lib/keepKeys.ts";
import { followTheme, readTheme, readThemeName, type Theme } from "../theme/theme.ts";
import { el, setAttributes } from "../ui/kit/dom.ts";

export interface PadFrame {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Asks for a painting with the next animation frame. */
  invalidate(): void;
  /** Where a pointer is, 0 to 1 from the left and the top. */
  shareOf(event: PointerEvent): readonly [number, number];
}

/** Where a pad stands: in the look of its page, with keys of its own. */
export function createRegion(className: string, repaint: () => void, signal: AbortSignal): HTMLElement {
  const element = el("section", { class: `nv nv-pad ${className}` });
  element.dataset.nnvisTheme = readThemeName(element);
  followTheme(element, signal, repaint);
  keepKeys(element, signal);
  return element;
}

/** To paint on a canvas of this size in CSS pixels, emptied, as sharp as the screen. */
export function sharpContext(
  canvas: HTMLCanvasElement | null | undefined,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const context = canvas?.getContext("2d");
  if (canvas == null || context == null) return null;
  const scale = globalThis.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  context.scale(scale, scale);
  return context;
}

/** What pads to draw on have: a region with a canvas, painted anew where its size or look changes. */
export function createPadFrame(
  name: string,
  paint: (context: CanvasRenderingContext2D, width: number, height: number, theme: Theme) => void,
  signal: AbortSignal,
): PadFrame {
  const canvas = el("canvas", { class: "nv-pad-canvas", role: "img" });
  let asked = 0;
  const draw = () => {
    asked = 0;
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth === 0 || signal.aborted) return;
    const context = sharpContext(canvas, clientWidth, clientHeight);
    if (context !== null) paint(context, clientWidth, clientHeight, readTheme(element));
  };
  const invalidate = () => {
    if (asked === 0) asked = requestAnimationFrame(draw);
  };
  const element = createRegion("", invalidate, signal);
  setAttributes(element, { "aria-label": name });
  const sizes = new ResizeObserver(invalidate);
  sizes.observe(canvas);
  signal.addEventListener("abort", () => sizes.disconnect(), { once: true });
  return {
    element,
    canvas,
    invalidate,
    shareOf(event) {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    },
  };
}

/** A canvas, with what is said of it beside it where there is room. */
export function besideCanvas(canvas: HTMLElement, ...words: HTMLElement[]): HTMLElement {
  return el("div", { class: "nv-pad-body" }, canvas, el("div", { class: "nv-pad-words" }, ...words));
}

/** Calls `begin` where the pointer goes down on an element, `move` until it goes up, and then `end`. */
export function followStroke(
  element: HTMLElement,
  stroke: { begin(event: PointerEvent): void; move(event: PointerEvent): void; end(): void },
  signal: AbortSignal,
): void {
  let pointer: number | null = null;
  const over = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    stroke.end();
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || pointer !== null) return;
      event.preventDefault();
      pointer = event.pointerId;
      element.setPointerCapture(pointer);
      stroke.begin(event);
    },
    { signal },
  );
  element.addEventListener("pointermove", (event) => event.pointerId === pointer && stroke.move(event), { signal });
  element.addEventListener("pointerup", over, { signal });
  element.addEventListener("pointercancel", over, { signal });
}
