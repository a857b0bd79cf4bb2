import type { moreFacts } from "../words/moreFacts.ts";
import type { createKeptPanel } from "./keptPanel.ts";
import type { createLanePanel } from "./lanePanel.ts";
import type { createLayerStates } from "./layerStates.ts";
import type { createMapGrid } from "./mapGrid.ts";
import type { createPatchPanel } from "./patchPanel.ts";
import type { createScorePanel } from "./scorePanel.ts";
import type { createStatePanel } from "./statePanel.ts";
import type { createVolumePanel } from "./volumePanel.ts";

/** What the inspector shows of maps, heads and steps, if the network has brought it (parts/maps.ts, parts/sequences.ts). */
export interface MapPanels {
  readonly createMapGrid?: typeof createMapGrid;
  readonly createPatchPanel?: typeof createPatchPanel;
  readonly createScorePanel?: typeof createScorePanel;
  readonly createLanePanel?: typeof createLanePanel;
  readonly createVolumePanel?: typeof createVolumePanel;
  readonly createKeptPanel?: typeof createKeptPanel;
  readonly createStatePanel?: typeof createStatePanel;
  readonly createLayerStates?: typeof createLayerStates;
  readonly moreFacts?: typeof moreFacts;
}
