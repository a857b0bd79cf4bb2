import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

/** Room for the line below a grid or bins. */
export const CAPTION = 24;
const MOST_BINS = 256;

/** Means over blocks of units. */
export const bins: ColumnLayout = {
  suits: () => true,
  plan: () => wish(64),
  place(node, site) {
    const count = Math.min(MOST_BINS, node.units);
    const pitch = Math.min(2, Math.max(0.25, (site.areaHeight - CAPTION) / count));
    return stack(site, pitch, pitch, count);
  },
  hasEvenPorts: true,
};
