import { expect, test } from "vitest";
import { roundToAddUp, shortenSum } from "../src/ui/addUp.ts";

/** A fixed sequence of numbers in −2..2 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * 4 - 2;
  };
}

test("shown terms add up to the shown total within one unit of the last digit", () => {
  const next = randomNumbers(11);
  let worstPlain = 0;
  for (let round = 0; round < 500; round++) {
    const values = Array.from({ length: 13 }, next);
    const total = Math.round(values.reduce((sum, value) => sum + value, 0) * 1000);
    const shown = roundToAddUp(values, 3).map((value) => Math.round(value * 1000));
    const plain = values.map((value) => Math.round(value * 1000)).reduce((sum, value) => sum + value, 0);
    worstPlain = Math.max(worstPlain, Math.abs(plain - total));
    expect(Math.abs(shown.reduce((sum, value) => sum + value, 0) - total)).toBeLessThanOrEqual(1);
    for (const [place, value] of shown.entries()) {
      expect(Math.abs(value / 1000 - (values[place] ?? 0))).toBeLessThanOrEqual(0.0015);
    }
  }
  expect(worstPlain).toBeGreaterThan(1);
});

test("numbers that are not finite are left as they are", () => {
  expect(roundToAddUp([1, Number.NaN, 2], 3)).toEqual([1, Number.NaN, 2]);
});

test("up to twelve terms are all shown, in the layer's order", () => {
  const sum = shortenSum([1, 2, 3], [1, -1, 2], 0.5);
  expect(sum.terms.map((term) => term.value)).toEqual([1, -2, 6]);
  expect(sum.hiddenCount).toBe(0);
  expect(sum.total).toBeCloseTo(5.5, 12);
});

test("of many terms the six largest are shown, the rest as one sum, and both sums agree", () => {
  const next = randomNumbers(5);
  const weights = Array.from({ length: 784 }, next);
  const inputs = Array.from({ length: 784 }, next);
  const sum = shortenSum(weights, inputs, 0.25);
  const exact = weights.reduce((total, weight, place) => total + weight * (inputs[place] ?? 0), 0.25);
  expect(sum.terms).toHaveLength(6);
  expect(sum.hiddenCount).toBe(778);
  const smallestShown = Math.min(...sum.terms.map((term) => Math.abs(term.value)));
  const larger = weights.filter((weight, place) => Math.abs(weight * (inputs[place] ?? 0)) > smallestShown);
  expect(larger).toHaveLength(5);
  expect(sum.terms.reduce((total, term) => total + term.value, sum.hiddenValue + 0.25)).toBeCloseTo(exact, 9);
  expect(sum.positive + sum.negative + 0.25).toBeCloseTo(exact, 9);
  expect(sum.terms.map((term) => term.source)).toEqual(
    sum.terms.map((term) => term.source).sort((a, b) => Number(a) - Number(b)),
  );
});
