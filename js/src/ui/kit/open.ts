import type { Selection } from "../../core/frame.ts";

/** Shows another unit or layer in the inspector. */
export type Open = (selection: Selection) => void;
