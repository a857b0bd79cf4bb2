import "../ui/places/levels.css";

export { createLayerTree } from "../ui/places/layerTree.ts";
export { createLevels } from "../ui/places/levels.ts";
export { createOpenGroups } from "../ui/places/openGroups.ts";
