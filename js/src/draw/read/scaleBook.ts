import { magnitudeQuantile } from "../../lib/numbers.ts";

const UPDATES_TO_SHRINK = 20;
export const SCALE_SHARE = 0.98;

/**
 * One scale per quantity: a percentile of the magnitudes. It grows at once and shrinks over
 * 20 updates, so that a picture does not breathe with every frame; a locked book keeps what it knows.
 */
export class ScaleBook {
  readonly #scales = new Map<string, number>();

  update(key: string, values: ArrayLike<number>, isLocked: boolean): number {
    return this.updateShared(key, [magnitudeQuantile(values, SCALE_SHARE)], isLocked);
  }

  /** One scale for several sets of values: the largest of their percentiles. */
  updateShared(key: string, quantiles: readonly number[], isLocked: boolean): number {
    const before = this.#scales.get(key);
    if (before !== undefined && isLocked) return before;
    const now = Math.max(0, ...quantiles);
    const next = before === undefined || now >= before ? now : before + (now - before) / UPDATES_TO_SHRINK;
    this.#scales.set(key, next);
    return next;
  }

  get(key: string): number | undefined {
    return this.#scales.get(key);
  }

  /** A book with the same scales that goes its own way. */
  copy(): ScaleBook {
    const copy = new ScaleBook();
    for (const [key, scale] of this.#scales) copy.#scales.set(key, scale);
    return copy;
  }

  clear(): void {
    this.#scales.clear();
  }
}
