import { TILE_UNITS } from "../../core/limits.ts";
import { widestName } from "../unitNames.ts";
import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

const CELL_WIDTH = 56;
/** Without its number. */
const SMALL_CELL = 28;

/** One filled cell per unit with its number. */
export const cells: ColumnLayout = {
  suits: ({ units }, { areaHeight, density }) => density.hasTiles && units <= TILE_UNITS && areaHeight / units >= 18,
  plan: (node, context) => {
    const least = context.density.hasLabels ? CELL_WIDTH : SMALL_CELL;
    return wish(CELL_WIDTH, least, widestName(node, context));
  },
  place(node, site) {
    const pitch = Math.min(node.kind === "input" ? 40 : 36, site.areaHeight / node.units);
    return stack(site, Math.min(28, pitch - 4), pitch, node.units);
  },
};
