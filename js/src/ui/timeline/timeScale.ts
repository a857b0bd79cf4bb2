import type { Numbers } from "../../core/frame.ts";

/** Where steps lie on the timeline, as shares of its width. */
export interface TimeAxis {
  shareOf(step: number): number;
  stepAt(share: number): number;
}

/**
 * Even, or the square root of time from the start: most of a training happens early, so its first tenth has a third of
 * the axis.
 */
export function timeAxis(lastStep: number, isEven: boolean): TimeAxis {
  const last = Math.max(1, lastStep);
  return isEven
    ? { shareOf: (step) => step / last, stepAt: (share) => share * last }
    : { shareOf: (step) => Math.sqrt(Math.max(0, step) / last), stepAt: (share) => Math.max(0, share) ** 2 * last };
}

/**
 * At most `most` places from 0 to `last`: both ends, and round ones that lie evenly on the axis, none nearer to another
 * than `gap` of it. The upper end is whole, unless it is below 1.
 */
export function ticksOf(last: number, most: number, gap: number, shareOf: (tick: number) => number): number[] {
  if (last <= 0) return [0];
  const end = last < 1 ? last : Math.floor(last);
  const ticks = [0];
  for (let part = 1; part < most - 1; part++) {
    const wanted = (shareOf(end) * part) / (most - 1);
    const [nearest] = roundNumbers(end).sort((a, b) => Math.abs(shareOf(a) - wanted) - Math.abs(shareOf(b) - wanted));
    const room = Math.min(shareOf(nearest ?? end) - shareOf(ticks.at(-1) ?? 0), shareOf(end) - shareOf(nearest ?? end));
    if (nearest !== undefined && room >= gap) ticks.push(nearest);
  }
  return [...ticks, end];
}

/** Those below `end` that are 1, 2, 5 or few times a power of ten. */
function roundNumbers(end: number): number[] {
  const found: number[] = [];
  for (let power = 1; power < end; power *= 10) {
    for (const factor of [1, 2, 3, 4, 5, 6, 8]) if (factor * power < end) found.push(factor * power);
  }
  return found;
}

/** The kept step nearest to `step`. */
export function nearestKept(kept: Numbers, step: number): number | null {
  let best: number | null = null;
  for (const candidate of kept) {
    if (best === null || Math.abs(candidate - step) < Math.abs(best - step)) best = candidate;
  }
  return best;
}

/** The kept step `count` places after (or before) `step`. */
export function neighbourKept(kept: Numbers, step: number, count: number): number | null {
  if (kept.length === 0) return null;
  let place = 0;
  while (place < kept.length && (kept[place] ?? 0) < step) place++;
  const isOnIt = kept[place] === step;
  const start = count < 0 || isOnIt ? place : place - 1;
  return kept[Math.max(0, Math.min(kept.length - 1, start + count))] ?? null;
}
