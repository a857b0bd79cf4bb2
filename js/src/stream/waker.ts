import { whenAborted } from "../lib/listen.ts";

export const FIRST_WAKE_MS = 1500;

/**
 * Wakes the kernel when an answer is overdue: after a second and a half, then 3, 6, 12 … s later, until one comes.
 *
 * ipykernel 7.0 to 7.3 can leave what a page sends unread until somebody connects (ipython/ipykernel#1554).
 */
export class Waker {
  readonly #wake: () => void;
  readonly #signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(wake: () => void, signal: AbortSignal) {
    this.#wake = wake;
    this.#signal = signal;
    whenAborted(signal, () => this.answered());
  }

  asked(): void {
    if (this.#timer === null && !this.#signal.aborted) this.#wait(FIRST_WAKE_MS);
  }

  answered(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(pause_ms: number): void {
    this.#timer = setTimeout(() => {
      this.#wake();
      this.#wait(2 * pause_ms);
    }, pause_ms);
  }
}
