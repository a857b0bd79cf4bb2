import { paintColour, paintPixel } from "../../draw/canvas/fieldImages.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, show } from "../kit/dom.ts";
import { createCaptioned } from "./captioned.ts";
import type { Result } from "./readResult.ts";

export interface ResultPart {
  readonly element: HTMLElement;
}

/** A picture that was put out, its target, and how far they are from each other. */
export function createPictures() {
  const [putOut, target, difference] = [
    createCaptioned(say("putOut")),
    createCaptioned(say("theTarget")),
    createCaptioned(say("theDifference")),
  ];
  const [range, farthest] = [createRampBar(), createRampBar()];
  putOut.element.append(range.element);
  difference.element.append(farthest.element);
  return {
    element: el("div", { class: "nv-result-pictures" }, putOut.element, target.element, difference.element),
    set({ putOut: out, target: wanted, rows, columns }: Result, ramps: Ramps) {
      const channels = out.shape[2] ?? 1;
      const [low, high] = [Number(out.attributes.lo), Number(out.attributes.hi)];
      const paint = (codes: ArrayLike<number>) => (pixels: Uint8ClampedArray) => {
        for (let place = 0; place < rows * columns; place++) {
          const of = (channel: number) => at(codes, place * channels + channel);
          if (of(0) === 0) continue; // not a number: the hatching shows
          if (channels === 1) paintPixel(pixels, place, ramps.pixel, (of(0) - 1) / 254);
          else paintColour(pixels, place, [of(0), of(1), of(2)]);
        }
      };
      putOut.picture.paint(columns, rows, say("putOut"), paint(out.values));
      range.set(formatScaleEnd(low), formatScaleEnd(high), ramps.pixel, false);
      show(range.element, channels === 1);
      show(target.element, wanted !== null);
      show(difference.element, wanted !== null);
      if (wanted === null) return;
      target.picture.paint(columns, rows, say("theTarget"), paint(wanted.values));
      const apart = Float32Array.from({ length: rows * columns }, (_, place) => {
        let most = 0;
        for (let channel = 0; channel < channels; channel++) {
          const [one, other] = [
            at(out.values, place * channels + channel),
            at(wanted.values, place * channels + channel),
          ];
          most = one === 0 || other === 0 ? Number.NaN : Math.max(most, Math.abs(one - other));
        }
        return most;
      });
      const most = apart.reduce((most, one) => (one > most ? one : most), 0);
      const end = formatScaleEnd((most / 254) * (high - low));
      const label = say("differenceAtMost", { most: end });
      difference.picture.set(columns, rows, (place) => at(apart, place) / (most || 1), ramps.magnitude, false, label);
      farthest.set("0", end, ramps.magnitude, false);
    },
  };
}
