import type { Frame } from "../../core/frame.ts";
import type { UnitReading } from "../words/readUnit.ts";
import type { Zone } from "./activationCurve.ts";

/** How often each z occurred among the probed samples; equal bins from `low` to `high`. */
export interface ZHistogram {
  readonly low: number;
  readonly high: number;
  readonly sampleCount: number;
  readonly counts: ArrayLike<number>;
}

/** The histogram that came for this unit. */
export function readZHistogram(frame: Frame, { node, unit }: UnitReading): ZHistogram | null {
  const section = frame.section("z_histogram", node.id);
  if (section === undefined || section.attributes.unit !== unit) return null;
  const { lo, hi, count } = section.attributes;
  if (typeof lo !== "number" || typeof hi !== "number" || typeof count !== "number") return null;
  return { low: lo, high: hi, sampleCount: count, counts: section.values };
}

/** The share of the samples inside the zones; a bin that is cut counts in part. */
export function shareInside({ low, high, counts }: ZHistogram, zones: readonly Zone[]): number {
  const width = (high - low) / counts.length;
  let inside = 0;
  let all = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] ?? 0;
    const [from, to] = [low + bin * width, low + (bin + 1) * width];
    all += count;
    for (const [start, end] of zones) {
      if (width > 0) inside += (count * Math.max(0, Math.min(to, end) - Math.max(from, start))) / width;
      else if (from >= start && from <= end) inside += count;
    }
  }
  return all > 0 ? inside / all : 0;
}
