import { at, clamp } from "../../lib/numbers.ts";

/** How many values lie in each of equal bins from `low` to `high`, the last one closed. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

const MOST_BINS = 24;
const LEAST_BINS = 4;

/**
 * Of the finite values, from the least to the most; `null` where there is none. Twice the root of their number are the
 * bins, 4 to 24; values all alike are one bin.
 */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  let [low, high, finiteCount] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    finiteCount++;
  }
  if (finiteCount === 0) return null;
  const binCount = clamp(Math.ceil(2 * Math.sqrt(finiteCount)), LEAST_BINS, MOST_BINS);
  const counts = new Array<number>(low === high ? 1 : binCount).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    const bin = low === high ? 0 : clamp(Math.floor(((value - low) / (high - low)) * binCount), 0, binCount - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}
