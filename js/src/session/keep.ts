import { whenAborted } from "../lib/listen.ts";
import type { Channel } from "../stream/channel.ts";

const PERIOD_MS = 2000;

/** Keeps the newest frame with the notebook, so that it shows the picture when it is opened again without a kernel. */
export class Keep {
  readonly #channel: Channel;
  #next: { bytes: DataView; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(channel: Channel, signal: AbortSignal) {
    this.#channel = channel;
    whenAborted(signal, () => clearTimeout(this.#next?.timer));
  }

  later(bytes: DataView): void {
    if (this.#next !== null) {
      this.#next.bytes = bytes;
      return;
    }
    const timer = setTimeout(() => {
      if (this.#next !== null) this.#channel.keepFrame(this.#next.bytes);
      this.#next = null;
    }, PERIOD_MS);
    this.#next = { bytes, timer };
  }
}
