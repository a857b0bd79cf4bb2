import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { NetworkNode } from "../readNodes.ts";
import { className } from "../unitNames.ts";
import { type ColumnLayout, type PlanContext, stack, wish } from "./columnLayout.ts";
import { NARROW } from "./strip.ts";

/** A row with its whole name, verdict and percentage. */
function widestRow(node: NetworkNode, { scenery, measure }: PlanContext): number {
  let width = 0;
  for (let i = 0; i < node.units; i++) width = Math.max(width, measure(className(scenery, i), "bold"));
  return width + measure(say("right"), "bold") + measure("> 99.9%", "bold") + 48;
}

/** Named outputs with bars. */
export const rows: ColumnLayout = {
  suits: ({ isOutput, kind, units }, { areaHeight }) => isOutput && kind === "dense" && areaHeight / units >= 18,
  plan(node, context) {
    const width = clamp(Math.max(context.viewWidth * 0.19, widestRow(node, context)), 190, 300);
    return wish(width, context.viewWidth < NARROW || !context.density.hasLargeResult ? 144 : 160);
  },
  place(node, site) {
    const pitch = Math.min(58, site.areaHeight / node.units);
    return stack(site, Math.min(32, pitch - 2), pitch, node.units);
  },
  keepsHeight: true,
};
