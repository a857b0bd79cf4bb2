import type { Scene } from "../../layout/scene.ts";
import type { Sight } from "../../layout/sight.ts";
import { listen } from "../../lib/listen.ts";
import { setAttributes, svg } from "../kit/dom.ts";

export interface Minimap {
  readonly element: SVGSVGElement;
  set(sight: Sight): void;
}

/** All columns, and the part of them that is in view; a click or a drag moves there. By key: Shift and arrows. */
export function createMinimap(centre: (x: number, y: number, isSmooth: boolean) => void, signal: AbortSignal): Minimap {
  const columns = svg("path", { class: "nv-minimap-columns" });
  const part = svg("rect", { class: "nv-minimap-part", rx: 2 });
  const element = svg(
    "svg",
    { class: "nv-minimap", preserveAspectRatio: "none", "aria-hidden": "true" },
    columns,
    part,
  );
  let shown: Scene | null = null;
  const go = (event: PointerEvent, isSmooth: boolean) => {
    const box = element.getBoundingClientRect();
    if (shown === null || box.width === 0) return;
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    centre(x * shown.width, y * shown.height, isSmooth);
  };
  listen(
    element,
    "pointerdown",
    (event) => {
      element.setPointerCapture(event.pointerId);
      go(event, true);
    },
    signal,
  );
  listen(
    element,
    "pointermove",
    (event) => {
      if (event.buttons !== 0) go(event, false);
    },
    signal,
  );
  return {
    element,
    set({ base, window }) {
      if (base !== shown) {
        shown = base;
        setAttributes(element, { viewBox: `0 0 ${base.width} ${base.height}` });
        const boxes = base.columns.map(({ box }) => `M${box.x} ${box.y}h${box.width}v${box.height}h${-box.width}z`);
        setAttributes(columns, { d: boxes.join("") });
      }
      setAttributes(part, { x: window.x, y: window.y, width: window.width, height: window.height });
    },
  };
}
