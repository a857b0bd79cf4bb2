/** The element, or NaN where there is none. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** The smallest magnitude that at least `share` of the finite values do not exceed; 0 where none is finite. */
export function magnitudeQuantile(values: ArrayLike<number>, share: number): number {
  const magnitudes = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(at(values, i));
    if (Number.isFinite(magnitude)) magnitudes[count++] = magnitude;
  }
  if (count === 0) return 0;
  const finite = magnitudes.subarray(0, count).sort();
  return at(finite, Math.max(0, Math.ceil(share * count) - 1));
}

export function indexOfMaximum(values: ArrayLike<number>): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}
