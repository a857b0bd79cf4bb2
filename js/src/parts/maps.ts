import "../ui/inspector/volume.css";

export { paintParts, rowsOfCard } from "../draw/marks/cardRows.ts";
export { paintMaps, ruleSlices } from "../draw/marks/maps.ts";
export { paintMapWindow } from "../draw/marks/mapWindow.ts";
export { paintSeries } from "../draw/marks/series.ts";
export { paintTokens } from "../draw/marks/tokens.ts";
export { createMapGrid } from "../ui/inspector/mapGrid.ts";
export { createPatchPanel } from "../ui/inspector/patchPanel.ts";
export { createScorePanel } from "../ui/inspector/scorePanel.ts";
export { createVolumePanel } from "../ui/inspector/volumePanel.ts";
export { moreFacts } from "../ui/words/moreFacts.ts";
