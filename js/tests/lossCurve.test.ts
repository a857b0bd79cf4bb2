import { expect, test } from "vitest";
import { bandOf, lossCurve } from "../src/ui/timeline/lossCurve.ts";

const NAN = Number.NaN;

test("the loss is drawn on a logarithmic scale and skips what is not finite", () => {
  const curve = Float32Array.of(0, 1, 1, 1, 1, NAN, NAN, NAN, 2, 0.1, 0.1, 0.1, 3, 0.01, 0.01, 0.01);
  const points = lossCurve(curve);
  expect(points.map((point) => point.step)).toEqual([0, 2, 3]);
  expect(points[0]?.height).toBeCloseTo(1, 5);
  expect(points[2]?.height).toBeCloseTo(0, 5);
});

test("the line sets the range, whatever spikes there are; they lie beyond it", () => {
  const calm = Array.from({ length: 100 }, (_, i) => {
    const value = 1 / (1 + i);
    return i === 50 ? [i, 1e-6, 90, value] : [i, value, value, value];
  });
  const points = lossCurve(Float32Array.from(calm.flat()));
  expect(Math.max(...points.map(({ height }) => height))).toBeCloseTo(1);
  expect(Math.min(...points.map(({ height }) => height))).toBeCloseTo(0);
  expect(points[50]?.high).toBeGreaterThan(1);
  expect(points[50]?.low).toBeLessThan(0);
});

test("the first fall is as early as it was, and a noise in between is smoothed", () => {
  const noisy = Array.from({ length: 101 }, (_, i) => {
    const value = 1 + 0.5 * (-1) ** i;
    return [i, value, value, i === 0 ? 10 : value];
  });
  const heights = lossCurve(Float32Array.from(noisy.flat())).map(({ height }) => height);
  expect(heights[0]).toBe(1);
  expect(heights[1]).toBeLessThan(1);
  const middle = heights.slice(40, 60);
  expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(0.1);
});

test("the band around the line stays within the range also where all values of a place lie beyond it", () => {
  const points = [
    { step: 1, height: 0.5, low: 0.2, high: 1.4 },
    { step: 2, height: 1, low: 1.5, high: 1.9 },
    { step: 3, height: 0, low: -0.6, high: -0.2 },
  ];
  expect(bandOf(points)).toEqual([
    [1, 1],
    [2, 1],
    [3, 0],
    [3, 0],
    [2, 1],
    [1, 0.2],
  ]);
});
