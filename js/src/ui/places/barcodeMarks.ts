import { clamp } from "../../lib/numbers.ts";
import { el } from "../kit/dom.ts";
import type { WrongPlace } from "./shades.ts";

const SIGNS = { fault: "✗", warning: "▲" } as const;
const ROOM_PX = 14;
const HALF_PX = 6;
const MOST_TOLD = 8;

/** Signs below the barcode where something is wrong; those that would touch are one, of the worst, that tells all. */
export function barcodeMarks(wrong: readonly WrongPlace[], width: number): HTMLElement[] {
  const groups: { x: number; all: WrongPlace[] }[] = [];
  for (const one of [...wrong].sort((a, b) => a.share - b.share)) {
    const x = clamp(one.share * width, HALF_PX, width - HALF_PX);
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < ROOM_PX) last.all.push(one);
    else groups.push({ x, all: [one] });
  }
  return groups.map(({ x, all }) => {
    const tone = all.some(({ severity }) => severity === "fault") ? "fault" : "warning";
    const title = all.slice(0, MOST_TOLD).map(({ words }) => words);
    const mark = el("b", { "data-tone": tone, title: title.join("\n") });
    mark.append(SIGNS[tone]);
    mark.style.left = `${x}px`;
    return mark;
  });
}
