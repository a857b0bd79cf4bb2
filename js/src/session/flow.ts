import type { Frame } from "../core/frame.ts";
import { whenAborted } from "../lib/listen.ts";
import type { Operation, Operations } from "../stream/protocol.ts";
import { ShownLayers } from "./shownLayers.ts";

export interface Viewer {
  setVisible(isVisible: boolean): void;
  /** This view has put the frame on the screen. */
  drawn(frame: Frame): void;
  /** Ids of the layers that this view has on the screen. */
  showLayers(layers: readonly string[]): void;
}

export interface FlowHost {
  /** Sends what needs no word to the person. */
  tell<Op extends Operation>(op: Op, args: Operations[Op]): void;
  isShown(frame: Frame): boolean;
  /** The first view comes into sight, or the last one goes; the kernel is not told yet. */
  onSight(): void;
}

/** What the kernel goes by when it measures and sends: whether somebody looks, at what, and which frames were drawn. */
export class Flow {
  readonly #host: FlowHost;
  readonly #signal: AbortSignal;
  readonly #visible = new Set<Viewer>();
  readonly #undrawn = new Set<number>();
  readonly #shown: ShownLayers<Viewer>;
  #helloAt_ms = 0;
  #lastSeq = 0;

  constructor(host: FlowHost, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
    this.#shown = new ShownLayers((layers) => host.tell("watch", { layers }), signal);
  }

  get isVisible(): boolean {
    return this.#visible.size > 0;
  }

  get helloAt_ms(): number {
    return this.#helloAt_ms;
  }

  /** A view joins until its signal aborts; it is hidden at first. */
  join(signal: AbortSignal): Viewer {
    const viewer: Viewer = {
      setVisible: (isVisible) => {
        if (!signal.aborted && isVisible !== this.#visible.has(viewer)) this.#setVisible(viewer, isVisible);
      },
      drawn: (frame) => {
        if (this.#visible.has(viewer) && this.#host.isShown(frame)) this.acknowledge();
      },
      showLayers: (layers) => {
        if (!signal.aborted) this.#shown.set(viewer, layers);
      },
    };
    whenAborted(signal, () => {
      this.#shown.delete(viewer);
      if (this.#visible.has(viewer)) this.#setVisible(viewer, false);
    });
    return viewer;
  }

  hello(): void {
    this.#helloAt_ms = Date.now();
    this.#shown.tellAgain();
    this.#host.tell("hello", {});
  }

  /** A frame came, and waits to be drawn. */
  arrived(seq: number): void {
    this.#lastSeq = seq;
    this.#undrawn.add(seq);
  }

  /** A sign of life names the last frame that was sent: one that never came was lost on the way, and is asked anew. */
  lastSent(seq: number): void {
    if (seq > this.#lastSeq && this.isVisible) this.hello();
  }

  /** All that came is drawn, or never will be. */
  acknowledge(): void {
    for (const seq of this.#undrawn) this.#host.tell("drawn", { seq });
    this.#undrawn.clear();
  }

  /** The network is another one. */
  forgetLayers(): void {
    this.#shown.forget();
  }

  #setVisible(viewer: Viewer, isVisible: boolean): void {
    const before = this.isVisible;
    if (isVisible) this.#visible.add(viewer);
    else this.#visible.delete(viewer);
    if (this.isVisible === before || this.#signal.aborted) return;
    this.#host.onSight();
    this.#host.tell("setVisible", { isVisible });
    if (isVisible) this.hello();
  }
}
