import { clamp } from "../../lib/numbers.ts";
import { widestFeature } from "../unitNames.ts";
import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

/** Below this width labels beside units are numbers only. */
export const NARROW = 560;
export const STRIP_CELL = 14;
export const STRIP_BAR = 44;

/** A small cell and a bar per unit. */
export const strip: ColumnLayout = {
  suits: ({ units }, { areaHeight }) => units <= 128 && areaHeight / units >= 5,
  plan(node, context) {
    const longest = context.viewWidth < NARROW ? String(node.units) : `unit ${node.units}`;
    const label = node.kind === "input" ? widestFeature(node, context) : context.measure(longest, "bold");
    return wish(STRIP_CELL + 2 + STRIP_BAR, undefined, 0, label + 10);
  },
  place(node, site) {
    const pitch = clamp(Math.floor(site.areaHeight / node.units), 5, 22);
    return stack(site, pitch - 1, pitch, node.units);
  },
  hasGauge: true,
};
