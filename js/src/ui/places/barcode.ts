import type { IndexedLayer, NetworkIndex } from "../../core/networkIndex.ts";
import { listen } from "../../lib/listen.ts";
import { formatShort } from "../../lib/numberFormat.ts";
import { pixelRatioOf } from "../../lib/pagePx.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { el, setText } from "../kit/dom.ts";
import { barcodeMarks } from "./barcodeMarks.ts";
import type { Shades } from "./shades.ts";

const HEIGHT_PX = 24;
const HINTS = {
  gradient: keyOf("barcodeRates"),
  dead: keyOf("barcodeDead"),
  change: keyOf("barcodeChange"),
} as const;

export interface Barcode {
  readonly element: HTMLElement;
  /** `opened`: ids of the groups in sight. */
  set(index: NetworkIndex, opened: readonly string[], shades: Shades): void;
}

/** A line for each layer, from the input to the output, the darker the more of the parameters it has; a click goes there. */
export function createBarcode(go: (layer: IndexedLayer) => void, signal: AbortSignal): Barcode {
  const title = el("b");
  const hint = el("span");
  const canvas = el("canvas", { "aria-hidden": "true" });
  const frames = el("div", { class: "nv-barcode-frames" });
  const marks = el("div", { "aria-hidden": "true" });
  const strip = el("div", { class: "nv-barcode-strip" }, canvas, frames, marks);
  const element = el("div", { class: "nv-barcode" }, el("div", { class: "nv-barcode-head" }, title, hint), strip);
  let index: NetworkIndex | null = null;
  let shades: Shades | null = null;

  const paint = () => {
    const context = canvas.getContext("2d");
    const width = strip.clientWidth;
    if (index === null || shades === null || context === null || width === 0) return;
    const ratio = pixelRatioOf(canvas);
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(HEIGHT_PX * ratio)];
    const { layers } = index;
    marks.replaceChildren(...barcodeMarks(shades.wrong, width));
    strip.toggleAttribute("data-marked", shades.wrong.length > 0);
    const { ramp, shares } = shades;
    const bins = Math.min(layers.length, width);
    const largest = new Float32Array(bins).fill(-1);
    layers.forEach((_, place) => {
      const bin = Math.floor((place * bins) / layers.length);
      const share = shares[place] ?? Number.NaN;
      if (share > (largest[bin] ?? 0)) largest[bin] = share;
    });
    const pitch = canvas.width / bins;
    largest.forEach((share, bin) => {
      if (share < 0) return;
      context.fillStyle = ramp.at(share);
      context.fillRect(bin * pitch, 0, Math.max(1, pitch - (pitch > 3 ? ratio : 0)), canvas.height);
    });
  };
  const at = (event: PointerEvent): IndexedLayer | undefined => {
    const box = strip.getBoundingClientRect();
    return index?.layers[Math.floor(((event.clientX - box.left) / box.width) * index.layers.length)];
  };
  listen(
    strip,
    "pointermove",
    (event) => {
      strip.title = safeText(at(event)?.path ?? "");
    },
    signal,
  );
  listen(
    strip,
    "pointerdown",
    (event) => {
      const layer = at(event);
      if (layer !== undefined) go(layer);
    },
    signal,
  );
  whenResized(strip, paint, signal);
  return {
    element,
    set(next, opened, nextShades) {
      [index, shades] = [next, nextShades];
      setText(
        hint,
        nextShades.ends === null || nextShades.color === "size"
          ? say("barcodeHint", { most: formatShort(nextShades.most) })
          : say(HINTS[nextShades.color]),
      );
      setText(title, say("allLayers", { count: next.count }));
      frames.replaceChildren(...opened.map((id) => frameOf(next, id)));
      paint();
    },
  };
}

/** Around the layers of an opened group. */
function frameOf({ layers, groups }: NetworkIndex, id: string): HTMLElement {
  const isWithin = ({ parent }: IndexedLayer): boolean => {
    const around = groups[parent];
    return around !== undefined && (around.id === id || isWithin(around));
  };
  const first = layers.findIndex(isWithin);
  const last = layers.findLastIndex(isWithin);
  const frame = el("i");
  frame.style.left = `${(100 * first) / layers.length}%`;
  frame.style.width = `${(100 * (last + 1 - first)) / layers.length}%`;
  return frame;
}
