import "../ui/inspector/states.css";

export { createKeptPanel } from "../ui/inspector/keptPanel.ts";
export { createLanePanel } from "../ui/inspector/lanePanel.ts";
export { createLayerStates } from "../ui/inspector/layerStates.ts";
export { createStatePanel } from "../ui/inspector/statePanel.ts";
