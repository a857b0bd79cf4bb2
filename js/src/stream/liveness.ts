export const QUIET_BEFORE_HELLO_MS = 5000;
export const QUIET_BEFORE_UNREACHABLE_MS = 6000;

/**
 * Decides from the times of messages whether the kernel is there: it is gone when something was asked and nothing at
 * all came for six seconds, or when a running training has been silent as long.
 */
export class Liveness {
  #heardAt_ms: number;
  #askedAt_ms: number | null = null;

  constructor(now_ms: number) {
    this.#heardAt_ms = now_ms;
  }

  get heardAt_ms(): number {
    return this.#heardAt_ms;
  }

  heard(now_ms: number): void {
    this.#heardAt_ms = now_ms;
    this.#askedAt_ms = null;
  }

  /** A request went out. */
  asked(now_ms: number): void {
    this.#askedAt_ms ??= now_ms;
  }

  /** The view was away and did not listen: the silence does not count. */
  rest(now_ms: number): void {
    this.heard(now_ms);
  }

  isReachable(now_ms: number, isTraining: boolean): boolean {
    if (this.#askedAt_ms !== null && now_ms - this.#askedAt_ms >= QUIET_BEFORE_UNREACHABLE_MS) return false;
    return !(isTraining && now_ms - this.#heardAt_ms >= QUIET_BEFORE_UNREACHABLE_MS);
  }

  /** Nothing came for five seconds: ask once in that time. */
  shouldAsk(now_ms: number, lastHelloAt_ms: number): boolean {
    return now_ms - this.#heardAt_ms >= QUIET_BEFORE_HELLO_MS && now_ms - lastHelloAt_ms >= QUIET_BEFORE_HELLO_MS;
  }
}
