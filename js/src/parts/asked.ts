import "../ui/places/search.css";

export { keyList } from "../ui/kit/keyList.ts";
export { createSearch } from "../ui/places/search.ts";
export { createTooltip } from "../ui/places/tooltip.ts";
