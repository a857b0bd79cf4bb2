import { expect, test } from "vitest";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { lossHeights, nearestKept, neighbourKept, ticksOf } from "../src/ui/timeline/timeScale.ts";
import { timeScaleOf } from "../src/ui/words/timeText.ts";
import { snapshotBytes } from "./encodeFrame.ts";

test("time is in epochs from the second one on, else in steps", () => {
  const scale = (change: object) => timeScaleOf(decodeFrame(snapshotBytes(change as Record<string, unknown>)));
  expect(scale({ latest_epoch: 1, latest_step: 19 }).unit).toBe("Step");
  expect(scale({ latest_epoch: 2, latest_step: 20 })).toEqual({ unit: "Epoch", stepsPerUnit: 10, lastStep: 20 });
  expect(scale({ latest_epoch: 2, steps_per_epoch: null }).unit).toBe("Step");
});

test.each([1, 2, 3, 7, 14, 100, 241, 999, 3120, 12345, 1e6])(
  "%i steps get at most five ticks that do not touch",
  (last) => {
    const ticks = ticksOf({ unit: "Step", stepsPerUnit: 1, lastStep: last }, 5, 0.1);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBe(last);
    for (const [place, tick] of ticks.slice(1).entries()) {
      expect((tick - (ticks[place] ?? 0)) / last).toBeGreaterThanOrEqual(0.1);
    }
  },
);

test("the playhead moves from kept step to kept step", () => {
  const kept = Float32Array.of(0, 10, 20, 40);
  expect(nearestKept(kept, 26)).toBe(20);
  expect(neighbourKept(kept, 20, 1)).toBe(40);
  expect(neighbourKept(kept, 20, -1)).toBe(10);
  expect(neighbourKept(kept, 25, 1)).toBe(40);
  expect(neighbourKept(kept, 25, -1)).toBe(20);
  expect(neighbourKept(kept, 25, -10)).toBe(0);
  expect(neighbourKept(kept, 0, Number.POSITIVE_INFINITY)).toBe(40);
  expect(neighbourKept(new Float32Array(), 0, 1)).toBeNull();
});

test("the loss is drawn on a logarithmic scale and skips what is not finite", () => {
  const curve = Float32Array.of(0, 1, 1, 1, Number.NaN, Number.NaN, 2, 0.1, 0.1, 3, 0.01, 0.01);
  const points = lossHeights(curve);
  expect(points.map((point) => point.step)).toEqual([0, 2, 3]);
  expect(points.map((point) => Number(point.height.toFixed(5)))).toEqual([1, 0.5, 0]);
});
