/** Hands on the newest value only: at most one run at a time, and what came meanwhile but the last is dropped. */
export class Latest<Value> {
  readonly #run: (value: Value) => Promise<void>;
  readonly #onIdle: () => void;
  #waiting: { readonly value: Value } | null = null;
  #isRunning = false;

  constructor(run: (value: Value) => Promise<void>, onIdle: () => void) {
    this.#run = run;
    this.#onIdle = onIdle;
  }

  get isBusy(): boolean {
    return this.#isRunning;
  }

  get hasWaiting(): boolean {
    return this.#waiting !== null;
  }

  push(value: Value): void {
    this.#waiting = { value };
    if (!this.#isRunning) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#waiting !== null) {
        const { value } = this.#waiting;
        this.#waiting = null;
        await this.#run(value);
      }
    } finally {
      this.#isRunning = false;
    }
    this.#onIdle();
  }
}
