import { formatCount, formatSigned } from "../lib/numberFormat.ts";
import { at } from "../lib/numbers.ts";
import type { Fact } from "./facts.ts";

export interface Moments {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  readonly brokenCount: number;
}

/** Least, mean and most of the finite values; NaN where there is none. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let [least, most, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let place = 0; place < values.length; place++) {
    const value = at(values, place);
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count++;
  }
  const isEmpty = count === 0;
  return {
    least: isEmpty ? Number.NaN : least,
    mean: isEmpty ? Number.NaN : sum / count,
    most: isEmpty ? Number.NaN : most,
    brokenCount: values.length - count,
  };
}

/** `weights · −1.20 … +0.01 … +1.31`: least, mean and most of a tensor as one row. */
export function tensorFact(name: string, values: ArrayLike<number>): Fact {
  const { least, mean, most, brokenCount } = momentsOf(values);
  const broken = brokenCount > 0 ? `, ${formatCount(brokenCount)} not finite` : "";
  return { name, value: `${formatSigned(least)} · ${formatSigned(mean)} · ${formatSigned(most)}${broken}` };
}
