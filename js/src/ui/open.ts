import type { Selection } from "../core/frame.ts";

/** Shows another unit in the inspector. */
export type Open = (selection: Selection) => void;
