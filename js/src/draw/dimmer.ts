import { prefersStillness } from "../theme/theme.ts";

const DIM_MS = 80;

/** How far the rest has stepped back behind what is pointed at: within 80 ms, or at once where motion is unwanted. */
export class Dimmer {
  readonly #redraw: () => void;
  #since_ms: number | null = null;

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  /** 0 … 1 at this moment; a drawing is asked for as long as it grows. */
  share(isPointing: boolean): number {
    if (!isPointing) {
      this.#since_ms = null;
      return 1;
    }
    if (prefersStillness()) return 1;
    const now_ms = performance.now();
    this.#since_ms ??= now_ms;
    const share = Math.min(1, (now_ms - this.#since_ms) / DIM_MS);
    if (share < 1) this.#redraw();
    return share;
  }
}
