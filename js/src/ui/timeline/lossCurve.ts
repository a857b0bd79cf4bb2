import type { Numbers } from "../../core/frame.ts";
import { clamp } from "../../lib/numbers.ts";

/** A place of the loss curve: 0 at the least of the line through it, 1 at the most; logarithmic where all are positive. */
export interface CurvePoint {
  readonly step: number;
  /** Of the line. */
  readonly height: number;
  /** Of the least and the greatest value around the step; beyond 0 and 1 where the line never comes. */
  readonly low: number;
  readonly high: number;
}

const COLUMNS = 4;
/** To each side, in points. */
const SMOOTHED_OVER = 6;

/** The loss over the run, ready to be drawn; what is not finite is left out. The line sets the range, not its noise. */
export function lossCurve(curve: Numbers): CurvePoint[] {
  const rows: [number, number, number, number][] = [];
  for (let at = 0; at + COLUMNS <= curve.length; at += COLUMNS) {
    const [step = 0, low = 0, high = 0, mean = 0] = curve.subarray(at, at + COLUMNS);
    if (Number.isFinite(mean)) rows.push([step, low, high, mean]);
  }
  const line = smooth(rows.map(([, , , mean]) => mean));
  const isLog = Math.min(...line) > 0;
  const heightOf = (value: number) => (isLog ? Math.log(Math.max(value, Number.MIN_VALUE)) : value);
  const heights = line.map(heightOf);
  const least = Math.min(...heights);
  const span = Math.max(...heights) - least || 1;
  const share = (height: number) => (height - least) / span;
  return rows.map(([step, low, high], i) => ({
    step,
    height: share(heights[i] ?? least),
    low: share(heightOf(low)),
    high: share(heightOf(high)),
  }));
}

/** Around all values, there and back: step and height. Where none of them is within the range it lies at its edge. */
export function bandOf(points: readonly CurvePoint[]): readonly (readonly [number, number])[] {
  return [
    ...points.map(({ step, high }) => [step, clamp(high, 0, 1)] as const),
    ...points.map(({ step, low }) => [step, clamp(low, 0, 1)] as const).reverse(),
  ];
}

/** The mean around each point, over fewer near the ends, so that neither the first fall nor the last value is late. */
function smooth(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const reach = Math.min(SMOOTHED_OVER, i, values.length - 1 - i);
    const around = values.slice(i - reach, i + reach + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}
