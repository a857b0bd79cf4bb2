import { at, clamp } from "../lib/numbers.ts";

/** How many values lie in each of equal bins from `low` to `high`, the last one closed. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

export const BIN_COUNT = 24;

/** Of the finite values, from the least to the most; `null` where there is none. Values all alike are one bin. */
export function histogramOf(values: ArrayLike<number>, binCount = BIN_COUNT): Histogram | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const counts = new Array<number>(low === high ? 1 : binCount).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    const bin = low === high ? 0 : clamp(Math.floor(((value - low) / (high - low)) * binCount), 0, binCount - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}
