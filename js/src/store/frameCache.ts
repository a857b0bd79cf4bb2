import type { Frame } from "../core/frame.ts";

const LIMIT_BYTES = 16 * 1024 * 1024;

/** Frames seen lately, one per step, oldest out first; so that looking back answers before the kernel does. */
export class FrameCache {
  readonly #limit_bytes: number;
  readonly #frames = new Map<number, Frame>();
  #size_bytes = 0;

  constructor(limit_bytes = LIMIT_BYTES) {
    this.#limit_bytes = limit_bytes;
  }

  get size_bytes(): number {
    return this.#size_bytes;
  }

  add(frame: Frame): void {
    this.#delete(frame.header.step);
    if (frame.byteLength > this.#limit_bytes) return;
    this.#frames.set(frame.header.step, frame);
    this.#size_bytes += frame.byteLength;
    for (const step of this.#frames.keys()) {
      if (this.#size_bytes <= this.#limit_bytes) break;
      this.#delete(step);
    }
  }

  /** The frame nearest to `step` that shows this sample. */
  nearest(step: number, sample: number): Frame | null {
    let best: Frame | null = null;
    for (const frame of this.#frames.values()) {
      if (frame.header.sample !== sample) continue;
      if (best === null || Math.abs(frame.header.step - step) < Math.abs(best.header.step - step)) best = frame;
    }
    return best;
  }

  clear(): void {
    this.#frames.clear();
    this.#size_bytes = 0;
  }

  #delete(step: number): void {
    this.#size_bytes -= this.#frames.get(step)?.byteLength ?? 0;
    this.#frames.delete(step);
  }
}
