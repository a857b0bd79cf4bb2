import type { WidgetModel } from "../src/stream/anywidgetChannel.ts";

type Listener = (...args: unknown[]) => void;

/** The parts of a connection of @jupyterlab/services 7: `info` is settled by the first answer on that connection. */
class FakeKernel {
  readonly clones: FakeKernel[] = [];
  isDisposed = false;
  answers: () => void = () => {};
  readonly info = new Promise<void>((resolve) => {
    this.answers = resolve;
  });

  clone(): FakeKernel {
    const second = new FakeKernel();
    this.clones.push(second);
    return second;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/**
 * The parts of @jupyter-widgets/base 6' WidgetModel that matter here: a change event carries the model, `set` collects
 * what `changedAttributes` names after its events, `save_changes` sends all of it, `set_state` collects nothing.
 * Checked against the real package on 2026-11-23.
 */
export class FakeHost {
  comm_live = true;
  readonly widget_manager = { kernel: new FakeKernel() };
  readonly attributes: Record<string, unknown>;
  readonly sentState: Record<string, unknown>[] = [];
  readonly sent: { op: string; id: number; args: Record<string, unknown> }[] = [];
  readonly sentBuffers: (readonly ArrayBuffer[] | undefined)[] = [];
  readonly listeners = new Map<string, Set<Listener>>();
  #unsent: Record<string, unknown> = {};
  #changed: Record<string, unknown> = {};
  #before: Record<string, unknown> = {};
  #isChanging = false;
  #locked: Record<string, unknown> | null = null;

  constructor(attributes: Record<string, unknown>) {
    this.attributes = attributes;
  }

  set(name: string, value: unknown): void {
    const isOuter = !this.#isChanging;
    this.#isChanging = true;
    if (isOuter) {
      this.#before = { ...this.attributes };
      this.#changed = {};
    }
    const differs = !Object.is(this.attributes[name], value);
    if (Object.is(this.#before[name], value)) delete this.#changed[name];
    else this.#changed[name] = value;
    this.attributes[name] = value;
    if (differs) this.emit(`change:${name}`, this, value);
    for (const [key, changed] of Object.entries(this.#changed)) {
      if (this.#locked === null || this.#locked[key] !== changed) this.#unsent[key] = changed;
    }
    if (isOuter) this.#isChanging = false;
  }

  set_state(state: Record<string, unknown>): void {
    this.#locked = state;
    for (const [name, value] of Object.entries(state)) this.set(name, value);
    this.#locked = null;
  }

  save_changes(): void {
    this.sentState.push(this.#unsent);
    this.#unsent = {};
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...args);
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  /** What anywidget gives to `initialize` and `render`: no `set_state`, no `comm_live`. */
  proxy(): WidgetModel {
    return {
      get: (name) => this.attributes[name],
      set: (name, value) => this.set(name, value),
      save_changes: () => this.save_changes(),
      send: (content, _callbacks, buffers) => {
        this.sent.push(content as (typeof this.sent)[number]);
        this.sentBuffers.push(buffers);
      },
      on: (event, listener) => {
        this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
      },
      off: (event, listener) => this.listeners.get(event)?.delete(listener),
    };
  }

  answer(id: number, reason = ""): void {
    this.emit("msg:custom", { v: 1, kind: "answer", id, ok: reason === "", reason }, []);
  }

  frame(seq: number, bytes: DataView): void {
    this.emit("msg:custom", { v: 1, kind: "frame", seq }, [bytes]);
  }
}
