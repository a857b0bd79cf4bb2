import type { Frame } from "../core/frame.ts";
import { Emitter } from "../lib/emitter.ts";
import { every } from "../lib/listen.ts";
import { asPast, withHeartbeat, withPresentOf } from "../store/composeFrame.ts";
import { FrameCache } from "../store/frameCache.ts";
import { FrameStore } from "../store/frameStore.ts";
import { ViewState, type ViewValues } from "../store/viewState.ts";
import type { Answer, Channel, PushedMessage } from "../stream/channel.ts";
import { decodeFrame, decodeScenery } from "../stream/decodeFrame.ts";
import { FileOrders } from "../stream/fileOrders.ts";
import { type Operation, type Operations, readGraph, type SharedTrait, type SharedTraits } from "../stream/protocol.ts";
import { readIndex } from "../stream/readIndex.ts";
import { ConnectionKeeper } from "./connection.ts";
import { Flow, type Viewer } from "./flow.ts";
import { Keep } from "./keep.ts";
import { Parts } from "./parts.ts";
import { Seek } from "./seek.ts";

const SHARED: readonly Exclude<SharedTrait, "height" | "step">[] = [
  "selection",
  "sample",
  "edges",
  "units",
  "detail",
  "topK",
  "bookmarks",
  "validationPoints",
  "discrete",
  "opened",
  "layerColor",
  "learning",
  "size",
];

/** Everything the views of one widget model have in common: what is known, what is chosen, and the flow of frames. */
export class Session {
  readonly store = new FrameStore();
  readonly state: ViewState;
  readonly channel: Channel;
  readonly parts: Parts;
  readonly files = new FileOrders(
    (op, args, bytes) => (this.channel.hasKernel ? this.send(op, args, bytes) : Promise.resolve()),
    () => this.#generation,
  );
  readonly #cache = new FrameCache();
  readonly #flow: Flow;
  readonly #connection: ConnectionKeeper;
  readonly #seek: Seek;
  readonly #keep: Keep;
  readonly #problems = new Emitter<[unknown]>();
  #generation = 0;
  #newest: Frame | null = null;
  #early: Frame | null = null;
  #firstProblem: unknown = null;

  constructor(channel: Channel, signal: AbortSignal) {
    this.channel = channel;
    this.parts = new Parts(channel, signal);
    this.#flow = new Flow(
      {
        tell: (op, args) => this.#tell(op, args),
        isShown: (frame) => frame === this.store.frame,
        onSight: () => this.#connection.rest(),
      },
      signal,
    );
    this.#connection = new ConnectionKeeper(channel, this.store, this.#flow);
    this.#seek = new Seek(channel, () => this.#takeStep());
    this.#keep = new Keep(channel, signal);
    const values: Partial<Record<SharedTrait, unknown>> = { step: channel.readShared("step") };
    for (const name of SHARED) values[name] = channel.readShared(name);
    this.state = new ViewState(values as Partial<ViewValues>);
    this.#readIndex();
    this.#readGraph();
    this.#readScenery();
    this.#readKeptFrame();
    this.#connection.update();

    channel.onTrait("index", () => this.#readIndex(), signal);
    channel.onTrait("graph", () => this.#readGraph(), signal);
    channel.onTrait("scenery", () => this.#readScenery(), signal);
    channel.onTrait("step", () => this.#takeStep(), signal);
    for (const name of SHARED) {
      channel.onTrait(name, () => this.state.set({ [name]: channel.readShared(name) }), signal);
    }
    channel.onMessage((message, bytes) => this.#receive(message, bytes), signal);
    channel.onSignOfLife(() => this.#connection.heard(), signal);
    channel.onKernelChange(() => this.#connection.update(), signal);
    this.state.subscribe((changed) => this.#shareChoices(changed), signal);
    every(1000, () => this.#connection.tick(), signal);
  }

  /** When the kernel was last heard. */
  get heardAt_ms(): number {
    return this.#connection.heardAt_ms;
  }

  /** What could not be read; also what went wrong before the listener came. */
  onProblem(listener: (error: unknown) => void, signal: AbortSignal): void {
    if (this.#firstProblem !== null) listener(this.#firstProblem);
    this.#problems.on(listener, signal);
  }

  get isVisible(): boolean {
    return this.#flow.isVisible;
  }

  /** A view joins until its signal aborts; it is hidden at first. */
  join(signal: AbortSignal): Viewer {
    return this.#flow.join(signal);
  }

  send<Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>): Promise<Answer> {
    this.#connection.asked();
    return this.channel.send(op, args, bytes);
  }

  /** Moves the playhead: what is at hand is shown at once, the kernel's own picture follows. `null` goes live. */
  seek(step: number | null): void {
    this.state.set({ step });
    this.#seek.to(step);
    if (step !== null) this.#showNearest(step);
    else if (this.#newest !== null) this.store.update({ frame: this.#newest });
  }

  /** Sends what needs no word to the person; a missing answer shows in the connection. */
  #tell<Op extends Operation>(op: Op, args: Operations[Op]): void {
    if (!this.channel.hasKernel) return;
    this.send(op, args).catch(() => this.#connection.update());
  }

  #receive(message: PushedMessage, bytes: DataView | null): void {
    if (message.kind === "heartbeat") {
      this.#flow.lastSent(message.seq);
      if (this.#newest === null) return;
      this.#newest = withHeartbeat(this.#newest, message.state, message.step);
      this.#showPresent();
      return;
    }
    if (message.kind === "export") {
      this.files.take(message, bytes);
      return;
    }
    this.#flow.arrived(message.seq);
    try {
      if (bytes === null) throw new Error(`Expected a buffer with frame ${message.seq}, got none. Reload the page.`);
      const frame = decodeFrame(bytes);
      this.#accept(frame);
      if (frame.header.whatIf === 0) this.#keep.later(bytes);
    } catch (error) {
      this.#report(error);
      this.#flow.acknowledge();
    }
  }

  #accept(frame: Frame): void {
    if (frame.header.generation !== this.#generation || this.store.graph === null) {
      if (frame.header.generation >= this.#generation) this.#early = frame;
      this.#flow.acknowledge();
      return;
    }
    const wasReset = this.#newest !== null && frame.header.latestStep < this.#newest.header.latestStep;
    if (wasReset) this.#cache.clear();
    this.#newest = frame;
    if (frame.header.whatIf === 0) this.#cache.add(frame);
    const { step } = this.state.values;
    if (frame.header.isFollowing === (step === null)) this.#seek.arrived();
    else if (this.#seek.isBusy) {
      this.#flow.acknowledge();
      this.#showPresent();
      return;
    }
    if (this.#seek.hasWaiting && step !== null) {
      this.#flow.acknowledge();
      this.#showNearest(step);
    } else {
      this.store.update({ frame });
    }
  }

  /** The shown moment stays; what is said about the training is renewed. */
  #showPresent(): void {
    const shown = this.store.frame;
    if (shown !== null && this.#newest !== null) this.store.update({ frame: withPresentOf(shown, this.#newest) });
  }

  #showNearest(step: number): void {
    const near = this.#cache.nearest(step, this.state.values.sample);
    const shown = this.store.frame;
    if (near === null || this.#newest === null || shown === null) return;
    const isNearer = Math.abs(near.header.step - step) < Math.abs(shown.header.step - step);
    this.store.update({ frame: asPast(isNearer ? near : shown, this.#newest) });
  }

  #takeStep(): void {
    if (!this.#seek.isBusy) this.state.set({ step: this.channel.readShared("step") });
  }

  #shareChoices(changed: ReadonlySet<keyof ViewValues>): void {
    const own = SHARED.filter((name) => changed.has(name)).map((name) => [name, this.state.values[name]] as const);
    if (own.length > 0) this.channel.share(Object.fromEntries(own) as Partial<SharedTraits>);
  }

  #readGraph(): void {
    try {
      const read = readGraph(this.channel.read("graph"));
      const isNew = read?.generation !== this.#generation;
      this.#generation = read?.generation ?? 0;
      if (isNew) {
        this.#flow.forgetLayers();
        this.#cache.clear();
        this.#newest = null;
      }
      this.store.update({ graph: read?.graph ?? null, ...(isNew ? { frame: null, scenery: null } : {}) });
      if (isNew) this.#readScenery();
      const early = this.#early;
      this.#early = null;
      if (early !== null) this.#accept(early);
    } catch (error) {
      this.#report(error);
    }
  }

  #readIndex(): void {
    try {
      this.store.update({ index: readIndex(this.channel.read("index")) });
    } catch (error) {
      this.#report(error);
    }
  }

  #readScenery(): void {
    try {
      const bytes = this.channel.read("scenery");
      if (!(bytes instanceof DataView) || bytes.byteLength === 0) return;
      const scenery = decodeScenery(bytes);
      if (scenery.generation === this.#generation) this.store.update({ scenery });
    } catch (error) {
      this.#report(error);
    }
  }

  #readKeptFrame(): void {
    try {
      const bytes = this.channel.read("frame");
      if (bytes instanceof DataView && bytes.byteLength > 0) this.#accept(decodeFrame(bytes));
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (this.#problems.size === 0) this.#firstProblem = error;
    this.#problems.emit(error);
  }
}
