import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { factorsText, roundToAddUp, shortenSum, writeSum } from "../src/ui/inspector/addUp.ts";

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
  expect(sum.positive.count + sum.negative.count + sum.zeroCount).toBe(0);
  expect(sum.total).toBeCloseTo(5.5, 12);
});

test("of many terms the six largest are shown, the rest by sign, and all agree with the plain sum", () => {
  const next = randomNumbers(5);
  const weights = Array.from({ length: 784 }, next);
  const inputs = Array.from({ length: 784 }, (_, i) => (i % 4 === 0 ? 0 : next()));
  const sum = shortenSum(weights, inputs, 0.25);
  const products = weights.map((weight, place) => weight * (inputs[place] ?? 0));
  expect(sum.total).toBeCloseTo(0.25 + products.reduce((total, value) => total + value), 9);
  expect(sum.terms).toHaveLength(6);
  const smallestShown = Math.min(...sum.terms.map((term) => Math.abs(term.value)));
  expect(products.filter((value) => Math.abs(value) > smallestShown)).toHaveLength(5);
  const hidden = products.filter((value) => Math.abs(value) < smallestShown);
  const above = hidden.filter((value) => value > 0);
  const below = hidden.filter((value) => value < 0);
  expect(sum.positive.count).toBe(above.length);
  expect(sum.positive.value).toBeCloseTo(
    above.reduce((total, value) => total + value),
    9,
  );
  expect(sum.negative.count).toBe(below.length);
  expect(sum.negative.value).toBeCloseTo(
    below.reduce((total, value) => total + value),
    9,
  );
  expect(sum.zeroCount).toBe(196);
  const places = sum.terms.map((term) => term.source);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("what is not a number is among the terms shown, and no zero is", () => {
  const weights = Array.from({ length: 40 }, (_, i) => i);
  const inputs = weights.map((i) => (i === 7 ? Number.NaN : i === 8 ? Number.POSITIVE_INFINITY : i < 36 ? 0 : 1));
  const { terms, total, zeroCount } = shortenSum(weights, inputs, 0);
  expect(terms.map((term) => term.source)).toEqual([7, 8, 36, 37, 38, 39]);
  expect(zeroCount).toBe(34);
  expect(total).toBeNaN();
});

const numberOf = (text: string) => Number(text.replace("−", "-").replace("+", ""));

test.each([1e-7, 0.01, 1, 900, 123456, 3e12])(
  "what is written adds up to the written total, at any size (%f)",
  (size) => {
    const next = randomNumbers(3);
    for (let round = 0; round < 50; round++) {
      const parts = Array.from({ length: 9 }, () => size * next());
      const total = parts.reduce((sum, value) => sum + value, 0);
      const written = writeSum(parts, total);
      const shown = numberOf(written.total);
      const power = written.parts.find((part) => part.includes("e"))?.split("e")[1] ?? "0";
      const unit = 10 ** (Number(power) - 3);
      const sum = written.parts.map(numberOf).reduce((all, value) => all + value, 0);
      expect(Math.abs(sum - shown)).toBeLessThan(1.001 * unit);
      expect(Math.abs(shown - total)).toBeLessThan(0.501 * unit + 1e-9 * size);
      for (const [place, part] of written.parts.entries()) {
        expect(Math.abs(numberOf(part) - (parts[place] ?? 0))).toBeLessThan(1.51 * unit);
      }
    }
  },
);

test("a sum that is not a number says so, and what is one stays readable", () => {
  expect(writeSum([0.00012, Number.NaN, Number.NEGATIVE_INFINITY], Number.NaN)).toEqual({
    parts: ["+1.200e-4", "NaN", "−∞"],
    total: "NaN",
  });
  expect(writeSum([0, 0], 0)).toEqual({ parts: ["0.000", "0.000"], total: "0.000" });
});

/** What a calculator says to a row. */
function check(text: string): number {
  const [one = "", other = ""] = text.replace("≈ ", "").split(" × ");
  return numberOf(one) * numberOf(other);
}

test("each row of a sum checks with a calculator, or says that it is rounded", () => {
  const next = randomNumbers(9);
  let rounded = 0;
  for (let round = 0; round < 2000; round++) {
    const [weight, input] = [4 * next(), next()];
    const product = writeSum([weight * input], weight * input).parts[0] ?? "";
    const text = factorsText({ source: 0, weight, input, value: weight * input }, product);
    if (text.startsWith("≈")) rounded++;
    else expect(Math.abs(check(text) - numberOf(product)), text).toBeLessThan(0.00101);
  }
  expect(rounded, "four decimals are nearly always enough").toBeLessThan(20);
});

test("no more decimals are written than it takes, and what no four of them make check is ≈", () => {
  const text = (weight: number, input: number, product: string) =>
    factorsText({ source: 0, weight, input, value: weight * input }, product);
  expect(text(0.5, 0.5, "+0.250")).toBe("+0.50 × 0.50");
  expect(text(-6.5432, 0.8439, "−5.522")).toBe("−6.543 × 0.844");
  expect(text(812.4567, 0.33333, "+270.816")).toMatch(/^≈ \+812.46 × 0.33$/);
  expect(text(Number.NaN, 1, "NaN")).toBe("NaN × 1.00");
});

interface WrittenSum {
  readonly weights: readonly number[];
  readonly inputs: readonly number[];
  readonly texts: readonly string[];
  readonly total: string;
  readonly factors: readonly string[];
  readonly shown: readonly number[];
}

test("sums are written as Python writes them", () => {
  const file = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract/sum_texts.json");
  const sums = JSON.parse(readFileSync(file, "utf8")) as readonly WrittenSum[];
  for (const { weights, inputs, texts, total, factors, shown } of sums) {
    const terms = weights.map((weight, source) => {
      const input = inputs[source] ?? 0;
      return { source, weight, input, value: weight * input };
    });
    const written = writeSum(
      terms.map(({ value }) => value),
      terms.reduce((sum, { value }) => sum + value, 0),
    );
    expect(written).toEqual({ parts: texts, total });
    expect(terms.map((term, place) => factorsText(term, texts[place] ?? ""))).toEqual(factors);
    expect(shortenSum(weights, inputs, 0).terms.map(({ source }) => source)).toEqual(shown);
  }
});
