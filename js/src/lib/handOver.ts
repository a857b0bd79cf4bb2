import { whenAborted } from "./listen.ts";

/** Hands each item to one taker, the one that came first; while there is none, items wait. */
export class HandOver<Item> {
  readonly #takers = new Set<(item: Item) => void>();
  #waiting: Item[] = [];

  give(item: Item): void {
    const [taker] = this.#takers;
    if (taker === undefined) this.#waiting.push(item);
    else taker(item);
  }

  take(taker: (item: Item) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#takers.add(taker);
    whenAborted(signal, () => this.#takers.delete(taker));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const item of waiting) taker(item);
  }
}
