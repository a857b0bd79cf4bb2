import type { Answer } from "./channel.ts";

export const ANSWER_TIMEOUT_MS = 6000;

export class NoAnswerError extends Error {
  constructor(op: string) {
    super(
      `Expected an answer to ${op} within ${ANSWER_TIMEOUT_MS / 1000} s, got none. The kernel may be busy or gone.`,
    );
    this.name = "NoAnswerError";
  }
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Pairs answers with requests by their number. */
export class Requests {
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => {
      for (const { timer } of this.#pending.values()) clearTimeout(timer);
      this.#pending.clear();
    });
  }

  open(op: string, post: (id: number) => void): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new NoAnswerError(op));
      }, ANSWER_TIMEOUT_MS);
      this.#pending.set(id, { resolve, timer });
      post(id);
    });
  }

  settle(id: number, answer: Answer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    pending.resolve(answer);
  }
}
