/** From the finest to the simplest: as sent; at most 512 summed curves a pair; an image of each pair. */
export type Level = "full" | "bundles" | "raster";

const LEVELS: readonly Level[] = ["full", "bundles", "raster"];
const WINDOW = 20;
const MOST_MS = 33;
/** A finer level is tried only where it promises to stay well below the limit. */
const ROOM_MS = 20;
const FIRST_PATIENCE = 3;
const MOST_PATIENCE = 48;

/**
 * How finely edges are drawn, by what drawings cost: the median of 20 over 33 ms steps down, and up again once the
 * finer level's cost, as measured then and scaled by how the simpler one's cost has changed since, promises room.
 * Each step up that had to be taken back doubles the wait before the next, so the picture does not flip to and fro.
 */
export class DrawingLevel {
  #place = 0;
  #costs: number[] = [];
  #patience = FIRST_PATIENCE;
  #calmWindows = 0;
  /** Of each level left behind: what it cost, and what the next level cost at first. */
  #left: { readonly cost_ms: number; next_ms: number | null }[] = [];
  #hasRisen = false;

  get level(): Level {
    return LEVELS[this.#place] ?? "full";
  }

  /** What a picture costs on the level above, where that is too much; null on the finest. */
  get finerCost_ms(): number | null {
    return this.#left.at(-1)?.cost_ms ?? null;
  }

  /** Takes what one drawing cost; tells whether the level changed. */
  measured(cost_ms: number): boolean {
    this.#costs.push(cost_ms);
    if (this.#costs.length < WINDOW) return false;
    const median = medianOf(this.#costs);
    this.#costs = [];
    const last = this.#left.at(-1);
    if (last !== undefined && last.next_ms === null) last.next_ms = Math.max(0.1, median);
    if (median > MOST_MS && this.#place < LEVELS.length - 1) return this.#stepDown(median);
    return this.#mayRise(median) && this.#stepUp();
  }

  /** Forgets everything, for another network. */
  reset(): void {
    this.#place = 0;
    this.#costs = [];
    this.#left = [];
    this.#patience = FIRST_PATIENCE;
    this.#calmWindows = 0;
    this.#hasRisen = false;
  }

  #stepDown(cost_ms: number): true {
    if (this.#hasRisen) this.#patience = Math.min(MOST_PATIENCE, 2 * this.#patience);
    this.#place++;
    this.#left.push({ cost_ms, next_ms: null });
    this.#calmWindows = 0;
    return true;
  }

  #mayRise(median: number): boolean {
    const last = this.#left.at(-1);
    if (last === undefined || last.next_ms === null) return false;
    const promised = (last.cost_ms * median) / last.next_ms;
    this.#calmWindows = promised < ROOM_MS ? this.#calmWindows + 1 : 0;
    return this.#calmWindows >= this.#patience;
  }

  #stepUp(): true {
    this.#place--;
    this.#left.pop();
    this.#calmWindows = 0;
    this.#hasRisen = true;
    return true;
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
