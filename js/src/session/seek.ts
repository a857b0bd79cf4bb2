import { Latest } from "../lib/latest.ts";
import type { Channel } from "../stream/channel.ts";

const PATIENCE_MS = 1500;

/** Asks the kernel for moments, one at a time and only for the newest wish; `null` goes live. */
export class Seek {
  readonly #channel: Channel;
  readonly #wishes: Latest<number | null>;
  #arrived: (() => void) | null = null;

  /** `onRest` is called when nothing is wished any more; a step that was told meanwhile counts then. */
  constructor(channel: Channel, onRest: () => void) {
    this.#channel = channel;
    this.#wishes = new Latest((step) => this.#ask(step), onRest);
  }

  get isBusy(): boolean {
    return this.#wishes.isBusy;
  }

  get hasWaiting(): boolean {
    return this.#wishes.hasWaiting;
  }

  to(step: number | null): void {
    this.#wishes.push(step);
  }

  /** The picture that was asked for is here. */
  arrived(): void {
    this.#arrived?.();
  }

  #ask(step: number | null): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#arrived = null;
        resolve();
      };
      const timer = setTimeout(done, this.#channel.hasKernel ? PATIENCE_MS : 0);
      this.#arrived = done;
      this.#channel.share({ step });
    });
  }
}
