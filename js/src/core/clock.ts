import type { Numbers } from "./frame.ts";

const NEARLY = 0.999;

/**
 * How far a training was at each of its steps, in epochs; the twin of nnvis_widget/core/clock.py. Rows of a step, the
 * epoch there, and how many steps an epoch has from there on; the last begins within the running epoch.
 */
export class Clock {
  readonly #rows: Numbers;

  constructor(rows: Numbers) {
    this.#rows = rows;
  }

  /** Whether the running epoch is measured in epochs; else everything is counted in steps. */
  get isKnown(): boolean {
    return this.#at(this.#count - 1, 2) > 0;
  }

  /** Epochs done at a step; `null` where that is not known. An epoch that has not ended is never whole. */
  epochAt(step: number): number | null {
    if (!this.isKnown) return null;
    const row = this.#last((place) => this.#at(place, 0) <= step);
    const [begun, epoch, steps] = [this.#at(row, 0), this.#at(row, 1), this.#at(row, 2)];
    if (!(steps > 0)) return null;
    const at = epoch + (step - begun) / steps;
    return row === this.#count - 1 ? Math.min(at, Math.floor(epoch) + NEARLY) : at;
  }

  /** The first step at which so many epochs were done; of a clock that `isKnown`. */
  stepAt(epoch: number): number {
    const row = this.#last((place) => this.#at(place, 1) <= epoch);
    return this.#at(row, 0) + Math.max(0, epoch - this.#at(row, 1)) * this.#at(row, 2);
  }

  get #count(): number {
    return this.#rows.length / 3;
  }

  #at(row: number, column: number): number {
    return this.#rows[3 * row + column] ?? Number.NaN;
  }

  /** The last row that is so, of rows that are so up to one of them; else the first. */
  #last(isSo: (row: number) => boolean): number {
    let [low, high] = [0, this.#count - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (isSo(middle)) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
