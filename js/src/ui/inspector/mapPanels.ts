import type { createMapGrid } from "./mapGrid.ts";
import type { createPatchPanel } from "./patchPanel.ts";

/** What the inspector shows of maps: of a part that only networks with maps bring (parts/maps.ts). */
export interface MapPanels {
  readonly createMapGrid: typeof createMapGrid;
  readonly createPatchPanel: typeof createPatchPanel;
}
