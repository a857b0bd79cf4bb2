import type { Numbers } from "../../core/frame.ts";
import type { TimeScale } from "../words/timeText.ts";

/** At most `most` round places on the scale with the two ends, in units; none nearer than `gap` of the whole. */
export function ticksOf(scale: TimeScale, most: number, gap: number): number[] {
  const last = scale.lastStep / scale.stepsPerUnit;
  if (last <= 0) return [0];
  const end = Math.floor(last);
  const wanted = Math.max(1, most - 1);
  const rough = last / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? rough;
  const size = Math.max(1, Math.round(round));
  const ticks: number[] = [];
  for (let tick = 0; tick < end; tick += size) {
    if ((end - tick) / last >= gap) ticks.push(tick);
  }
  if (end > 0) ticks.push(end);
  return ticks;
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

export interface CurvePoint {
  readonly step: number;
  /** 0 at the smallest loss of the run, 1 at the largest; logarithmic where all are positive. */
  readonly height: number;
}

/** The loss over the run, ready to be drawn; what is not finite is left out. */
export function lossHeights(curve: Numbers): CurvePoint[] {
  const points: { step: number; value: number }[] = [];
  for (let row = 0; row + 2 < curve.length; row += 3) {
    const value = ((curve[row + 1] ?? Number.NaN) + (curve[row + 2] ?? Number.NaN)) / 2;
    if (Number.isFinite(value)) points.push({ step: curve[row] ?? 0, value });
  }
  const lowest = Math.min(...points.map((point) => point.value));
  const scale = lowest > 0 ? Math.log : (value: number) => value;
  const heights = points.map((point) => scale(point.value));
  const low = Math.min(...heights);
  const span = Math.max(...heights) - low || 1;
  return points.map((point, index) => ({ step: point.step, height: ((heights[index] ?? low) - low) / span }));
}
