import type { Frame, Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import type { NetworkIndex } from "../core/networkIndex.ts";

export type Connection = "live" | "unreachable" | "saved";

/** What is known of the network: the newest frame, its graph and scenery. One writer (the channel), many readers. */
export class FrameStore {
  #graph: Graph | null = null;
  #index: NetworkIndex | null = null;
  #scenery: Scenery | null = null;
  #frame: Frame | null = null;
  #connection: Connection = "live";
  readonly #listeners = new Set<() => void>();

  get graph(): Graph | null {
    return this.#graph;
  }

  /** All layers of a network with groups; null of another, whose graph shows them all. */
  get index(): NetworkIndex | null {
    return this.#index;
  }

  get scenery(): Scenery | null {
    return this.#scenery;
  }

  get frame(): Frame | null {
    return this.#frame;
  }

  get connection(): Connection {
    return this.#connection;
  }

  update(change: {
    graph?: Graph | null;
    index?: NetworkIndex | null;
    scenery?: Scenery | null;
    frame?: Frame | null;
    connection?: Connection;
  }): void {
    if (change.graph !== undefined) this.#graph = change.graph;
    if (change.index !== undefined) this.#index = change.index;
    if (change.scenery !== undefined) this.#scenery = change.scenery;
    if (change.frame !== undefined) this.#frame = change.frame;
    if (change.connection !== undefined) this.#connection = change.connection;
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }
}
