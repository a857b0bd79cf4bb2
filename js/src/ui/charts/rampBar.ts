import type { Ramp } from "../../theme/ramps.ts";
import { el, setText } from "../kit/dom.ts";

const STOPS = 24;

export interface RampBar {
  readonly element: HTMLElement;
  set(low: string, high: string, ramp: Ramp, hasMiddleZero: boolean, colour?: (share: number) => number): void;
}

const itself = (share: number) => share;

/** The colours of a picture from its low end to its high end, with the numbers of both. */
export function createRampBar(): RampBar {
  const low = el("span");
  const high = el("span");
  const zero = el("i");
  const bar = el("span", { class: "nv-ramp", "aria-hidden": "true" }, zero);
  let drawn = "";
  return {
    element: el("span", { class: "nv-ramp-bar" }, low, bar, high),
    set(lowText, highText, ramp, hasMiddleZero, colour = itself) {
      setText(low, lowText);
      setText(high, highText);
      zero.hidden = !hasMiddleZero;
      const colors = Array.from({ length: STOPS + 1 }, (_, index) => ramp.at(colour(index / STOPS))).join(", ");
      if (colors === drawn) return;
      drawn = colors;
      bar.style.backgroundImage = `linear-gradient(90deg, ${colors})`;
    },
  };
}
