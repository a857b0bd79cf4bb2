import { paintPixel } from "../../draw/canvas/fieldImages.ts";
import type { Ramp } from "../../theme/ramps.ts";
import { el, setAttributes } from "../kit/dom.ts";

export interface PixelPicture {
  readonly element: HTMLElement;
  set(
    width: number,
    height: number,
    share: (place: number) => number,
    ramp: Ramp,
    isSmooth: boolean,
    label: string,
  ): void;
  /** Colours of its own: `paint` fills the pixels, four bytes each. */
  paint(width: number, height: number, label: string, paint: (pixels: Uint8ClampedArray) => void): void;
  /** A ring at shares 0..1 of width and height; `null` for none. */
  mark(place: readonly [number, number] | null): void;
}

/** A small picture with one colour per value; shares run 0..1 along the ramp. What is not a number stays hatched. */
export function createPixelPicture(): PixelPicture {
  const canvas = el("canvas", { role: "img" });
  const ring = el("i", { class: "nv-ring", "aria-hidden": "true", hidden: true });
  const element = el("div", { class: "nv-pixels" }, canvas, ring);
  const paint: PixelPicture["paint"] = (width, height, label, paintPixels) => {
    setAttributes(canvas, { width, height, "aria-label": label });
    element.style.aspectRatio = `${Math.max(1, width)} / ${Math.max(1, height)}`;
    const context = canvas.getContext("2d");
    if (context === null || width * height === 0) return;
    const image = context.createImageData(width, height);
    paintPixels(image.data);
    context.putImageData(image, 0, 0);
  };
  return {
    element,
    paint,
    set(width, height, share, ramp, isSmooth, label) {
      canvas.className = isSmooth ? "nv-smooth" : "";
      paint(width, height, label, (pixels) => {
        for (let place = 0; place < width * height; place++) {
          const at = share(place);
          if (Number.isFinite(at)) paintPixel(pixels, place, ramp, at);
        }
      });
    },
    mark(place) {
      ring.hidden = place === null;
      if (place === null) return;
      ring.style.left = `${(100 * place[0]).toFixed(1)}%`;
      ring.style.top = `${(100 * place[1]).toFixed(1)}%`;
    },
  };
}
