import type { Ramp } from "../../theme/ramps.ts";
import { el, setText } from "../kit/dom.ts";

const STOPS = 24;

export interface RampBar {
  readonly element: HTMLElement;
  set(low: string, high: string, ramp: Ramp, hasMiddleZero: boolean): void;
}

/** The colours of a picture from its low end to its high end, with the numbers of both. */
export function createRampBar(): RampBar {
  const low = el("span");
  const high = el("span");
  const zero = el("i");
  const bar = el("span", { class: "nv-ramp", "aria-hidden": "true" }, zero);
  let drawn: Ramp | null = null;
  return {
    element: el("span", { class: "nv-ramp-bar" }, low, bar, high),
    set(lowText, highText, ramp, hasMiddleZero) {
      setText(low, lowText);
      setText(high, highText);
      zero.hidden = !hasMiddleZero;
      if (ramp === drawn) return;
      drawn = ramp;
      const colors = Array.from({ length: STOPS + 1 }, (_, index) => ramp.at(index / STOPS));
      bar.style.backgroundImage = `linear-gradient(90deg, ${colors.join(", ")})`;
    },
  };
}
