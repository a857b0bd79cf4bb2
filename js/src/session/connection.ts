import type { FrameStore } from "../store/frameStore.ts";
import type { Channel } from "../stream/channel.ts";
import { Liveness } from "../stream/liveness.ts";
import type { Flow } from "./flow.ts";

/** Finds out whether the kernel is there, and says so in the store. */
export class ConnectionKeeper {
  readonly #channel: Channel;
  readonly #store: FrameStore;
  readonly #flow: Flow;
  readonly #liveness = new Liveness(Date.now());
  #wasLive = false;

  constructor(channel: Channel, store: FrameStore, flow: Flow) {
    this.#channel = channel;
    this.#store = store;
    this.#flow = flow;
  }

  get heardAt_ms(): number {
    return this.#liveness.heardAt_ms;
  }

  heard(): void {
    this.#liveness.heard(Date.now());
    this.#wasLive = true;
    if (this.#store.connection !== "live") this.update();
  }

  asked(): void {
    this.#liveness.asked(Date.now());
  }

  /** What was not answered so far does not count: the page was out of sight, or is now. */
  rest(): void {
    this.#liveness.rest(Date.now());
  }

  /** Once a second. */
  tick(): void {
    if (!this.#flow.isVisible || !this.#channel.hasKernel) return;
    this.update();
    if (this.#liveness.shouldAsk(Date.now(), this.#flow.helloAt_ms)) this.#flow.hello();
  }

  update(): void {
    const isTraining = this.#store.frame?.header.state === "running" && this.#flow.isVisible && this.#wasLive;
    let connection: "live" | "unreachable" | "saved" = "live";
    if (!this.#channel.hasKernel) connection = this.#wasLive ? "unreachable" : "saved";
    else if (!this.#liveness.isReachable(Date.now(), isTraining)) connection = "unreachable";
    if (connection !== this.#store.connection) this.#store.update({ connection });
  }
}
