import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { namesUnits, widestName } from "../unitNames.ts";
import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

/** Below this width labels beside units are numbers only. */
export const NARROW = 700;
export const STRIP_CELL = 14;
export const STRIP_BAR = 44;
const STRIP_GAP = 2;
const LEAST_BAR = 8;
/** With less height for each unit a grid stands in its place, which is wider. */
const COMFORTABLE_PITCH = 5;
const LEAST_PITCH = 3;
/** Room that a label of a strip takes at least; with less there are none. */
export const LEAST_LABEL = 8;

/** What a cell and its bar have of their box, which may be too narrow for a bar, and grows when the scene is enlarged. */
export function shareStrip(width: number): { readonly cell: number; readonly bar: number; readonly barX: number } {
  const scale = width / (STRIP_CELL + STRIP_GAP + STRIP_BAR);
  const barX = Math.max(1, scale) * (STRIP_CELL + STRIP_GAP);
  const bar = width - barX;
  return bar < LEAST_BAR ? { cell: width, bar: 0, barX: width } : { cell: Math.max(1, scale) * STRIP_CELL, bar, barX };
}

/** A small cell and a bar per unit. */
export const strip: ColumnLayout = {
  suits: ({ units }, { areaHeight, density }) =>
    units <= 128 && areaHeight / units >= (density.hasTiles ? COMFORTABLE_PITCH : LEAST_PITCH),
  plan(node, context) {
    const { density } = context;
    const width = STRIP_CELL + STRIP_GAP + STRIP_BAR;
    if (!density.hasLabels && !namesUnits(node)) return wish(width, STRIP_CELL);
    const longest = context.viewWidth < NARROW ? String(node.units) : say("unitNumber", { unit: node.units });
    const label = namesUnits(node) ? widestName(node, context) : context.measure(longest, "bold") + 10;
    return wish(width, density.hasLabels ? width : STRIP_CELL, 0, label);
  },
  place(node, site) {
    const pitch = clamp(Math.floor(site.areaHeight / node.units), LEAST_PITCH, 22);
    return stack(site, pitch - 1, pitch, node.units);
  },
  hasGauge: true,
};
