import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";

/** One term w·a of a sum. */
export interface Term {
  /** Place in the source layer. */
  readonly source: number;
  readonly weight: number;
  readonly input: number;
  readonly value: number;
}

export interface Rest {
  readonly count: number;
  readonly value: number;
}

export interface ShownSum {
  readonly terms: readonly Term[];
  /** What is not among the terms, by sign; those that are zero or not a number have no say in either. */
  readonly positive: Rest;
  readonly negative: Rest;
  readonly zeroCount: number;
  readonly brokenCount: number;
  readonly total: number;
}

const ALL_UP_TO = 12;
const STRONGEST = 6;
export const SUM_DECIMALS = 3;

/** z = Σ w·a + b with all terms up to twelve, else the six largest by |w·a| in the layer's order and the rest by sign. */
export function shortenSum(weights: ArrayLike<number>, inputs: ArrayLike<number>, bias: number): ShownSum {
  const all: Term[] = Array.from({ length: weights.length }, (_, source) => {
    const weight = at(weights, source);
    const input = at(inputs, source);
    return { source, weight, input, value: weight * input };
  });
  const terms = all.length <= ALL_UP_TO ? all : strongest(all);
  const shown = new Set(terms);
  const rest = all.filter((term) => !shown.has(term));
  const positive = add(rest.filter(({ value }) => value > 0));
  const negative = add(rest.filter(({ value }) => value < 0));
  return {
    terms,
    positive,
    negative,
    zeroCount: rest.filter(({ value }) => value === 0).length,
    brokenCount: rest.filter(({ value }) => Number.isNaN(value)).length,
    total: all.reduce((sum, { value }) => sum + value, bias),
  };
}

/** What is not a number outranks every number; what adds nothing is not among the strongest. */
function strongest(all: readonly Term[]): Term[] {
  const sizeOf = ({ value }: Term) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value));
  return all
    .filter(({ value }) => value !== 0)
    .sort((one, other) => (sizeOf(one) === sizeOf(other) ? 0 : sizeOf(other) - sizeOf(one)))
    .slice(0, STRONGEST)
    .sort((one, other) => one.source - other.source);
}

function add(terms: readonly Term[]): Rest {
  return { count: terms.length, value: terms.reduce((sum, { value }) => sum + value, 0) };
}

/**
 * Writes the parts of a sum and its total so that the written parts add up to the written total within one unit of the
 * last digit: three decimals, and one power of ten for all where the largest would not be written plainly.
 */
export function writeSum(parts: readonly number[], total: number): { parts: string[]; total: string } {
  const most = Math.max(0, ...[...parts, total].filter(Number.isFinite).map(Math.abs));
  const power = most === 0 || (most >= 1e-3 && most < 1e4) ? 0 : Math.floor(Math.log10(most));
  const scaled = (value: number) => (power === 0 ? value : value / 10 ** power);
  const write = (value: number) => {
    if (!Number.isFinite(value)) return formatSigned(value);
    const rounded = Math.round(value * 10 ** SUM_DECIMALS) / 10 ** SUM_DECIMALS;
    return `${formatSigned(rounded, SUM_DECIMALS)}${power === 0 || rounded === 0 ? "" : `e${power}`}`;
  };
  return {
    parts: roundToAddUp(parts.map(scaled), SUM_DECIMALS, scaled(total)).map(write),
    total: write(scaled(total)),
  };
}

/** Decimals, and within how many units of the product's last digit a row checks with them; the best first. */
const FACTOR_DECIMALS = [
  [2, 0.5],
  [3, 0.5],
  [3, 1],
  [4, 1],
] as const;

/**
 * `−1.83 × 0.74`: with as many decimals as it takes for what is written to give the product that is written beside it,
 * or where the row was rounded for the sum's sake, that but for one unit of its last digit; `≈` where none of them do.
 */
export function factorsText({ weight, input }: Term, product: string): string {
  const write = (decimals: number) => [formatSigned(weight, decimals), formatNumber(input, decimals)] as const;
  const unit = 10 ** -SUM_DECIMALS * 10 ** Number(product.split("e")[1] ?? 0);
  const found = FACTOR_DECIMALS.find(([decimals, units]) => {
    const [one, other] = write(decimals).map(readNumber);
    return Math.abs((one ?? Number.NaN) * (other ?? Number.NaN) - readNumber(product)) < (units + 0.001) * unit;
  });
  const decimals = found?.[0];
  const [one, other] = write(decimals ?? 2);
  return `${decimals === undefined && Number.isFinite(weight * input) ? "≈ " : ""}${one} × ${other}`;
}

function readNumber(text: string): number {
  return Number(text.replace("\u2212", "-").replace("∞", "Infinity"));
}

/** One number as a sum would write it. */
export function writeOne(value: number): string {
  return writeSum([], value).total;
}

/**
 * Rounds numbers so that they add up to the rounded total within one unit of the last digit: where plain rounding
 * drifts further, those that lost most by it are moved by one unit. The total is their own sum, or near it.
 */
export function roundToAddUp(values: readonly number[], decimals: number, total = sumOf(values)): number[] {
  const unit = 10 ** decimals;
  const exact = values.map((value) => value * unit);
  const rounded = exact.map(Math.round);
  if (!Number.isFinite(total) || rounded.some((value) => !Number.isSafeInteger(value))) return [...values];
  let drift = sumOf(rounded) - Math.round(total * unit);
  const byLoss = rounded.map((value, place) => ({ place, loss: value - (exact[place] ?? 0) }));
  byLoss.sort((one, other) => (drift > 0 ? other.loss - one.loss : one.loss - other.loss));
  for (const { place } of byLoss) {
    if (Math.abs(drift) <= 1) break;
    const move = drift > 0 ? -1 : 1;
    rounded[place] = (rounded[place] ?? 0) + move;
    drift += move;
  }
  return rounded.map((value) => value / unit);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
