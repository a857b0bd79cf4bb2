/** The element, or NaN where there is none. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** The element that would stand at `place` if the values were sorted; puts them in another order. */
export function nthSmallest(values: Float64Array, place: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = at(values, (from + to) >> 1);
    let [low, high] = [from, to];
    while (low <= high) {
      while (at(values, low) < pivot) low++;
      while (at(values, high) > pivot) high--;
      if (low > high) break;
      const kept = at(values, low);
      values[low++] = at(values, high);
      values[high--] = kept;
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else break;
  }
  return at(values, place);
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
  return nthSmallest(magnitudes.subarray(0, count), Math.max(0, Math.ceil(share * count) - 1));
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

/** The largest magnitude of those that are finite; 0 where none is. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(at(values, i));
    if (Number.isFinite(size)) most = Math.max(most, size);
  }
  return most;
}
