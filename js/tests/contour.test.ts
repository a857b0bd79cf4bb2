import { describe, expect, test } from "vitest";
import { blurredIndicator, traceContour } from "../src/draw/marks/contour.ts";

function trace(values: ArrayLike<number>, width: number, height: number, level: number): number[][] {
  const segments: number[][] = [];
  traceContour(values, width, height, level, (...segment) => segments.push(segment));
  return segments;
}

describe("traceContour", () => {
  test("a circle gives one closed line on the circle", () => {
    const n = 40;
    const values = Float64Array.from(
      { length: n * n },
      (_, i) => 12 - Math.hypot((i % n) - 19.7, Math.floor(i / n) - 20.2),
    );
    const ends = new Map<string, number>();
    for (const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] of trace(values, n, n, 0)) {
      for (const [x, y] of [
        [x0, y0],
        [x1, y1],
      ] as const) {
        expect(Math.hypot(x - 19.7, y - 20.2)).toBeCloseTo(12, 1);
        const key = `${x.toFixed(4)} ${y.toFixed(4)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    expect(ends.size).toBeGreaterThan(60);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });
  test("a plane crosses where it is level, NaN and flat grids give nothing", () => {
    for (const [x0, , x1] of trace([0, 1, 2, 0, 1, 2, 0, 1, 2], 3, 3, 0.5)) expect([x0, x1]).toEqual([0.5, 0.5]);
    expect(trace([0, Number.NaN, 1, 1], 2, 2, 0.5)).toEqual([]);
    expect(trace([1, 1, 1, 1], 2, 2, 0.5)).toEqual([]);
  });
  test("a saddle is cut in two lines that do not cross", () => {
    expect(trace([1, 0, 0, 1], 2, 2, 0.5)).toHaveLength(2);
  });
});

test("blurredIndicator is 1 inside a class, 0 outside, between at its border", () => {
  const blurred = blurredIndicator([2, 2, 2, 5, 5, 5], 6, 1, 2);
  expect([blurred[0], blurred[5]]).toEqual([1, 0]);
  expect(blurred[2]).toBeCloseTo(2 / 3);
});
