import { magnitudeQuantile } from "../lib/numbers.ts";

const UPDATES_TO_SHRINK = 20;

/**
 * One scale per quantity of a layer: a percentile of the magnitudes. It grows at once and shrinks over
 * 20 updates, so that a picture does not breathe with every frame; a locked book keeps what it knows.
 */
export class ScaleBook {
  readonly #scales = new Map<string, number>();

  update(key: string, values: ArrayLike<number>, isLocked: boolean, share = 0.98): number {
    const before = this.#scales.get(key);
    if (before !== undefined && isLocked) return before;
    const now = magnitudeQuantile(values, share);
    const next = before === undefined || now >= before ? now : before + (now - before) / UPDATES_TO_SHRINK;
    this.#scales.set(key, next);
    return next;
  }

  get(key: string): number | undefined {
    return this.#scales.get(key);
  }

  clear(): void {
    this.#scales.clear();
  }
}
