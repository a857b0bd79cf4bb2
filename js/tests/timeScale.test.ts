import { expect, test } from "vitest";
import { nearestKept, neighbourKept, ticksOf, timeAxis } from "../src/ui/timeline/timeScale.ts";

test("the first tenth of a training has a third of the axis, or as even time a tenth", () => {
  expect(timeAxis(1000, false).shareOf(100)).toBeCloseTo(0.316, 3);
  expect(timeAxis(1000, true).shareOf(100)).toBeCloseTo(0.1);
  for (const isEven of [false, true]) {
    const axis = timeAxis(1000, isEven);
    for (const step of [0, 1, 250, 1000]) expect(axis.stepAt(axis.shareOf(step))).toBeCloseTo(step);
  }
});

for (const isEven of [false, true]) {
  test.each([0.4, 1, 2, 3, 7, 14, 100, 241.5, 999, 3120, 12345, 1e6])(
    `%d units get at most five ticks that do not touch, ${isEven ? "even" : "as roots"}`,
    (last) => {
      const { shareOf } = timeAxis(last, isEven);
      const ticks = ticksOf(last, 5, 0.1, shareOf);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBe(last < 1 ? last : Math.floor(last));
      for (const [place, tick] of ticks.slice(1).entries()) {
        expect(shareOf(tick) - shareOf(ticks[place] ?? 0)).toBeGreaterThanOrEqual(0.1);
      }
    },
  );
}

test("as roots, the ticks of 706 epochs are round and spread over the axis", () => {
  expect(ticksOf(706.3, 5, 0.1, timeAxis(706.3, false).shareOf)).toEqual([0, 40, 200, 400, 706]);
});

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
