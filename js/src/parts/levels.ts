import "../ui/places/levels.css";

export { createLevels } from "../ui/places/levels.ts";
export { createOpenGroups } from "../ui/places/openGroups.ts";
