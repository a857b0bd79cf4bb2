import { MOST_LINES } from "../core/limits.ts";
import { gridShape, isSequence } from "./mapShape.ts";
import type { NetworkNode } from "./readNodes.ts";

/** Px over a line for its ends, and of the line itself. */
export const LINE_HEAD = 22;
export const LINE = 64;
/** Of the spectrogram of a sound below its line. */
export const SPECTROGRAM = 88;

/** Steps and channels of an input that is drawn as a line for each channel; null of any other node. */
export function seriesSize({ kind, isTokens, layers }: NetworkNode): readonly [number, number] | null {
  const [layer] = layers;
  if (kind !== "input" || isTokens || layer === undefined || !isSequence(layer)) return null;
  const [, steps, channels] = gridShape(layer) ?? [0, 0, 0];
  return steps > 1 && channels >= 1 && channels <= MOST_LINES ? [steps, channels] : null;
}
