import type { Frame } from "../core/frame.ts";
import { Emitter } from "../lib/emitter.ts";
import { Latest } from "../lib/latest.ts";
import { every, whenAborted } from "../lib/listen.ts";
import { asPast, withHeartbeat, withPresentOf } from "../store/composeFrame.ts";
import { FrameCache } from "../store/frameCache.ts";
import { FrameStore } from "../store/frameStore.ts";
import { ViewState, type ViewValues } from "../store/viewState.ts";
import type { Answer, Channel, PushedMessage } from "../stream/channel.ts";
import { decodeFrame, decodeScenery } from "../stream/decodeFrame.ts";
import { FileOrders } from "../stream/fileOrders.ts";
import { Liveness } from "../stream/liveness.ts";
import { type Operation, type Operations, readGraph, type SharedTrait, type SharedTraits } from "../stream/protocol.ts";
import { ShownLayers } from "./shownLayers.ts";

const SHARED: readonly Exclude<SharedTrait, "height" | "step">[] = [
  "selection",
  "sample",
  "edges",
  "units",
  "detail",
  "topK",
  "bookmarks",
];
const KEEP_PERIOD_MS = 2000;
const SEEK_PATIENCE_MS = 1500;

export interface Viewer {
  setVisible(isVisible: boolean): void;
  /** This view has put the frame on the screen. */
  drawn(frame: Frame): void;
  /** Ids of the layers that this view has on the screen. */
  showLayers(layers: readonly string[]): void;
}

/** Everything the views of one widget model have in common: what is known, what is chosen, and the flow of frames. */
export class Session {
  readonly store = new FrameStore();
  readonly state: ViewState;
  readonly channel: Channel;
  readonly files = new FileOrders(
    (op, args, bytes) => (this.channel.hasKernel ? this.send(op, args, bytes) : Promise.resolve()),
    () => this.#generation,
  );
  readonly #signal: AbortSignal;
  readonly #cache = new FrameCache();
  readonly #liveness = new Liveness(Date.now());
  readonly #visible = new Set<Viewer>();
  readonly #seeks = new Latest<number | null>((step) => this.#share(step));
  readonly #undrawn = new Set<number>();
  readonly #shown: ShownLayers<Viewer>;
  readonly #problems = new Emitter<[unknown]>();
  #generation = 0;
  #newest: Frame | null = null;
  #early: Frame | null = null;
  #seekArrived: (() => void) | null = null;
  #wasLive = false;
  #helloAt_ms = 0;
  #firstProblem: unknown = null;
  #keep: { bytes: DataView; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(channel: Channel, signal: AbortSignal) {
    this.channel = channel;
    this.#signal = signal;
    this.#shown = new ShownLayers((layers) => this.#tell("watch", { layers }), signal);
    const values: Partial<Record<SharedTrait, unknown>> = { step: channel.readShared("step") };
    for (const name of SHARED) values[name] = channel.readShared(name);
    this.state = new ViewState(values as Partial<ViewValues>);
    this.#readGraph();
    this.#readScenery();
    this.#readKeptFrame();
    this.#updateConnection();

    channel.onTrait("graph", () => this.#readGraph(), signal);
    channel.onTrait("scenery", () => this.#readScenery(), signal);
    channel.onTrait("step", () => this.#takeStep(), signal);
    for (const name of SHARED) {
      channel.onTrait(name, () => this.state.set({ [name]: channel.readShared(name) }), signal);
    }
    channel.onMessage((message, bytes) => this.#receive(message, bytes), signal);
    channel.onSignOfLife(() => this.#heard(), signal);
    channel.onKernelChange(() => this.#updateConnection(), signal);
    this.state.subscribe((changed) => this.#shareChoices(changed), signal);
    every(1000, () => this.#tick(), signal);
    whenAborted(signal, () => clearTimeout(this.#keep?.timer));
  }

  /** When the kernel was last heard. */
  get heardAt_ms(): number {
    return this.#liveness.heardAt_ms;
  }

  /** What could not be read; also what went wrong before the listener came. */
  onProblem(listener: (error: unknown) => void, signal: AbortSignal): void {
    if (this.#firstProblem !== null) listener(this.#firstProblem);
    this.#problems.on(listener, signal);
  }

  get isVisible(): boolean {
    return this.#visible.size > 0;
  }

  /** A view joins until its signal aborts; it is hidden at first. */
  join(signal: AbortSignal): Viewer {
    const viewer: Viewer = {
      setVisible: (isVisible) => {
        if (!signal.aborted && isVisible !== this.#visible.has(viewer)) this.#setVisible(viewer, isVisible);
      },
      drawn: (frame) => {
        if (this.#visible.has(viewer) && frame === this.store.frame) this.#acknowledge();
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

  send<Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>): Promise<Answer> {
    this.#liveness.asked(Date.now());
    return this.channel.send(op, args, bytes);
  }

  /** Moves the playhead: what is at hand is shown at once, the kernel's own picture follows. `null` goes live. */
  seek(step: number | null): void {
    this.state.set({ step });
    this.#seeks.push(step);
    if (step !== null) this.#showNearest(step);
    else if (this.#newest !== null) this.store.update({ frame: this.#newest });
  }

  #setVisible(viewer: Viewer, isVisible: boolean): void {
    const before = this.isVisible;
    if (isVisible) this.#visible.add(viewer);
    else this.#visible.delete(viewer);
    if (this.isVisible === before || this.#signal.aborted) return;
    this.#liveness.rest(Date.now());
    this.#tell("setVisible", { isVisible });
    if (isVisible) this.#hello();
  }

  #hello(): void {
    this.#helloAt_ms = Date.now();
    this.#shown.tellAgain();
    this.#tell("hello", {});
  }

  /** Sends what needs no word to the person; a missing answer shows in the connection. */
  #tell<Op extends Operation>(op: Op, args: Operations[Op]): void {
    if (!this.channel.hasKernel) return;
    this.send(op, args).catch(() => this.#updateConnection());
  }

  #acknowledge(): void {
    for (const seq of this.#undrawn) this.#tell("drawn", { seq });
    this.#undrawn.clear();
  }

  #receive(message: PushedMessage, bytes: DataView | null): void {
    if (message.kind === "heartbeat") {
      if (this.#newest === null) return;
      this.#newest = withHeartbeat(this.#newest, message.state, message.step);
      this.#showPresent();
      return;
    }
    if (message.kind === "export") {
      this.files.take(message, bytes);
      return;
    }
    this.#undrawn.add(message.seq);
    try {
      if (bytes === null) throw new Error(`Expected a buffer with frame ${message.seq}, got none. Reload the page.`);
      this.#accept(decodeFrame(bytes));
      this.#keepLater(bytes);
    } catch (error) {
      this.#report(error);
      this.#acknowledge();
    }
  }

  #accept(frame: Frame): void {
    if (frame.header.generation !== this.#generation || this.store.graph === null) {
      if (frame.header.generation >= this.#generation) this.#early = frame;
      this.#acknowledge();
      return;
    }
    const wasReset = this.#newest !== null && frame.header.latestStep < this.#newest.header.latestStep;
    if (wasReset) this.#cache.clear();
    this.#newest = frame;
    this.#cache.add(frame);
    const { step } = this.state.values;
    if (frame.header.isFollowing === (step === null)) this.#seekArrived?.();
    else if (this.#seeks.isBusy) {
      this.#acknowledge();
      this.#showPresent();
      return;
    }
    if (this.#seeks.hasWaiting && step !== null) {
      this.#acknowledge();
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

  #share(step: number | null): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#seekArrived = null;
        resolve();
      };
      const timer = setTimeout(done, this.channel.hasKernel ? SEEK_PATIENCE_MS : 0);
      this.#seekArrived = done;
      this.channel.share({ step });
    });
  }

  #takeStep(): void {
    if (!this.#seeks.isBusy) this.state.set({ step: this.channel.readShared("step") });
  }

  #shareChoices(changed: ReadonlySet<keyof ViewValues>): void {
    const values: Partial<SharedTraits> = {};
    if (changed.has("selection")) values.selection = this.state.values.selection;
    if (changed.has("sample")) values.sample = this.state.values.sample;
    if (changed.has("edges")) values.edges = this.state.values.edges;
    if (changed.has("units")) values.units = this.state.values.units;
    if (changed.has("detail")) values.detail = this.state.values.detail;
    if (changed.has("topK")) values.topK = this.state.values.topK;
    if (changed.has("bookmarks")) values.bookmarks = this.state.values.bookmarks;
    if (Object.keys(values).length > 0) this.channel.share(values);
  }

  #readGraph(): void {
    try {
      const read = readGraph(this.channel.read("graph"));
      const isNew = read?.generation !== this.#generation;
      this.#generation = read?.generation ?? 0;
      if (isNew) {
        this.#shown.forget();
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

  #keepLater(bytes: DataView): void {
    if (this.#keep !== null) {
      this.#keep.bytes = bytes;
      return;
    }
    const timer = setTimeout(() => {
      if (this.#keep !== null) this.channel.keepFrame(this.#keep.bytes);
      this.#keep = null;
    }, KEEP_PERIOD_MS);
    this.#keep = { bytes, timer };
  }

  #heard(): void {
    this.#liveness.heard(Date.now());
    this.#wasLive = true;
    if (this.store.connection !== "live") this.#updateConnection();
  }

  #report(error: unknown): void {
    if (this.#problems.size === 0) this.#firstProblem = error;
    this.#problems.emit(error);
  }

  #tick(): void {
    if (!this.isVisible || !this.channel.hasKernel) return;
    this.#updateConnection();
    if (this.#liveness.shouldAsk(Date.now(), this.#helloAt_ms)) this.#hello();
  }

  #updateConnection(): void {
    const isTraining = this.store.frame?.header.state === "running" && this.isVisible && this.#wasLive;
    let connection: "live" | "unreachable" | "saved" = "live";
    if (!this.channel.hasKernel) connection = this.#wasLive ? "unreachable" : "saved";
    else if (!this.#liveness.isReachable(Date.now(), isTraining)) connection = "unreachable";
    if (connection !== this.store.connection) this.store.update({ connection });
  }
}
