import type { Scenery } from "../../core/frame.ts";
import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { at, largestMagnitude } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramp, Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, setText, show } from "../kit/dom.ts";
import { imageWidth, type UnitReading } from "../words/readUnit.ts";

export interface WeightImages {
  readonly element: HTMLElement;
  set(reading: UnitReading, scenery: Scenery | null, ramps: Ramps): void;
}

/** The incoming weights of a unit, and weight times pixel, as pictures of the size of the input image. */
export function createWeightImages(): WeightImages {
  const weights = createSignedImage();
  const signals = createSignedImage();
  const element = el("div", { class: "nv-images" }, weights.element, signals.element);
  return {
    element,
    set({ source, weights: incoming, inputs }, scenery, ramps) {
      const width = source === null ? null : imageWidth(source, scenery);
      const isImage = width !== null && incoming !== null;
      show(element, isImage);
      if (!isImage) return;
      weights.set(incoming, width, ramps.value, say("weightsImage"), say("weightsImageLabel"));
      show(signals.element, inputs !== null);
      if (inputs === null) return;
      const products = Float32Array.from(incoming, (weight, pixel) => weight * at(inputs, pixel));
      signals.set(products, width, ramps.value, say("signalImage"), say("signalImageLabel"));
    },
  };
}

function createSignedImage() {
  const picture = createPixelPicture();
  const title = el("span");
  const scale = createRampBar();
  return {
    element: el("figure", {}, picture.element, el("figcaption", {}, title, scale.element)),
    set(values: ArrayLike<number>, width: number, ramp: Ramp, name: string, label: string) {
      const most = largestMagnitude(values);
      const share = (place: number) => 0.5 + (0.5 * at(values, place)) / (most || 1);
      const range = { least: formatNumber(-most), most: formatSigned(most) };
      picture.set(width, values.length / width, share, ramp, false, say("fromTo", { what: label, ...range }));
      setText(title, name);
      scale.set(formatNumber(-most), formatSigned(most), ramp, true);
    },
  };
}
