/** One term of a sum. */
export interface Term {
  /** Place in the source layer, or `null` for the bias. */
  readonly source: number | null;
  readonly weight: number;
  readonly input: number;
  readonly value: number;
}

export interface ShownSum {
  readonly terms: readonly Term[];
  readonly hiddenCount: number;
  readonly hiddenValue: number;
  readonly positive: number;
  readonly negative: number;
  readonly total: number;
}

const ALL_UP_TO = 12;
const STRONGEST = 6;

/** z = Σ w·a + b with all terms up to twelve, else the six largest by |w·a| in the layer's order and the rest as one. */
export function shortenSum(weights: ArrayLike<number>, inputs: ArrayLike<number>, bias: number): ShownSum {
  const terms: Term[] = [];
  let positive = 0;
  let negative = 0;
  for (let source = 0; source < weights.length; source++) {
    const weight = weights[source] ?? Number.NaN;
    const input = inputs[source] ?? Number.NaN;
    const value = weight * input;
    if (value < 0) negative += value;
    else positive += value;
    terms.push({ source, weight, input, value });
  }
  const total = positive + negative + bias;
  if (terms.length <= ALL_UP_TO) return { terms, hiddenCount: 0, hiddenValue: 0, positive, negative, total };
  const strongest = [...terms]
    .sort((one, other) => Math.abs(other.value) - Math.abs(one.value))
    .slice(0, STRONGEST)
    .sort((one, other) => (one.source ?? 0) - (other.source ?? 0));
  const shown = strongest.reduce((sum, term) => sum + term.value, 0);
  return {
    terms: strongest,
    hiddenCount: terms.length - STRONGEST,
    hiddenValue: positive + negative - shown,
    positive,
    negative,
    total,
  };
}

/**
 * Rounds numbers so that they add up to the rounded total within one unit of the last digit: where plain rounding
 * drifts further, those that lost most by it are moved by one unit. The total is their own sum, or near it.
 */
export function roundToAddUp(values: readonly number[], decimals: number, total = sumOf(values)): number[] {
  const unit = 10 ** decimals;
  const exact = values.map((value) => value * unit);
  const rounded = exact.map(Math.round);
  if (rounded.some((value) => !Number.isSafeInteger(value))) return [...values];
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
