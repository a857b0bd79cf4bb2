import { TILE_UNITS } from "../../core/limits.ts";
import { widestFeature } from "../unitNames.ts";
import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

const CELL_WIDTH = 56;
/** Without its number. */
const SMALL_CELL = 28;

/** One filled cell per unit with its number. */
export const cells: ColumnLayout = {
  suits: ({ units }, { areaHeight, density }) => density.hasTiles && units <= TILE_UNITS && areaHeight / units >= 18,
  plan: (node, context) => {
    const least = context.density.hasLabels ? CELL_WIDTH : SMALL_CELL;
    return wish(CELL_WIDTH, least, node.kind === "input" ? widestFeature(node, context) : 0);
  },
  place(node, site) {
    const pitch = Math.min(node.kind === "input" ? 40 : 36, site.areaHeight / node.units);
    return stack(site, Math.min(28, pitch - 4), pitch, node.units);
  },
};
