import "../ui/inspector/states.css";

export { paintParts, rowsOfCard } from "../draw/marks/cardRows.ts";
export { paintMaps } from "../draw/marks/maps.ts";
export { paintMapWindow } from "../draw/marks/mapWindow.ts";
export { paintSeries } from "../draw/marks/series.ts";
export { paintTokens } from "../draw/marks/tokens.ts";
export { createLanePanel } from "../ui/inspector/lanePanel.ts";
export { createLayerStates } from "../ui/inspector/layerStates.ts";
export { createMapGrid } from "../ui/inspector/mapGrid.ts";
export { createPatchPanel } from "../ui/inspector/patchPanel.ts";
export { createScorePanel } from "../ui/inspector/scorePanel.ts";
export { createStatePanel } from "../ui/inspector/statePanel.ts";
export { moreFacts } from "../ui/words/moreFacts.ts";
