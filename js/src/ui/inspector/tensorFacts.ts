import { formatCount, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

export interface Moments {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  /** Of the values themselves: the mean square distance from the mean is divided by their number. */
  readonly deviation: number;
  readonly zeroCount: number;
  readonly brokenCount: number;
}

/** Exact moments of the finite values, in double precision; NaN where there is none. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let [least, most, sum, count, zeroCount] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let place = 0; place < values.length; place++) {
    const value = at(values, place);
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count++;
    if (value === 0) zeroCount++;
  }
  if (count === 0) {
    const none = Number.NaN;
    return { least: none, mean: none, most: none, deviation: none, zeroCount, brokenCount: values.length };
  }
  const mean = sum / count;
  let squares = 0;
  for (let place = 0; place < values.length; place++) {
    const value = at(values, place);
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  return { least, mean, most, deviation: Math.sqrt(squares / count), zeroCount, brokenCount: values.length - count };
}

/** `weights · −1.20 … +0.01 … +1.31`: least, mean and most of a tensor as one row. */
export function tensorFact(name: string, values: ArrayLike<number>): Fact {
  const { least, mean, most, brokenCount } = momentsOf(values);
  const numbers = [least, mean, most].map((value) => formatSigned(value)).join(" · ");
  return { name, value: brokenCount > 0 ? say("brokenCount", { numbers, broken: formatCount(brokenCount) }) : numbers };
}
