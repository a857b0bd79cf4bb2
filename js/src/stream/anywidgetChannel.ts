import { Emitter } from "../lib/emitter.ts";
import { whenAborted } from "../lib/listen.ts";
import type { Answer, Channel, KernelTrait, PushedMessage, TraitName } from "./channel.ts";
import { connectOnce } from "./connectOnce.ts";
import { findHostModel, type HostModel, hasKernel, passGate } from "./hostModel.ts";
import {
  type Operation,
  type Operations,
  readMessage,
  readTrait,
  requestContent,
  type SharedTrait,
  type SharedTraits,
  traitName,
  writeTrait,
} from "./protocol.ts";
import { Requests } from "./requests.ts";
import { Waker } from "./waker.ts";

type Listener = (...args: unknown[]) => void;

/** What anywidget hands out as `model`. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: readonly ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

export class AnywidgetChannel implements Channel {
  readonly #model: WidgetModel;
  readonly #host: HostModel | null;
  readonly #requests: Requests;
  readonly #waker: Waker;
  readonly #messages = new Emitter<[PushedMessage, DataView | null]>();
  readonly #signsOfLife = new Emitter();
  readonly #kernelChanges = new Emitter();

  constructor(model: WidgetModel, signal: AbortSignal) {
    this.#model = model;
    this.#host = findHostModel(model, "frame", new DataView(new ArrayBuffer(1)));
    void passGate(this.#host);
    this.#requests = new Requests(signal);
    this.#waker = new Waker(() => connectOnce(this.#host?.widget_manager), signal);
    this.#on("msg:custom", (content, buffers) => this.#receive(content, buffers), signal);
    this.#on("comm_live_update", () => this.#kernelChanges.emit(), signal);
  }

  get hasKernel(): boolean {
    return hasKernel(this.#host);
  }

  read(name: KernelTrait): unknown {
    return this.#model.get(name);
  }

  readShared<Name extends SharedTrait>(name: Name): SharedTraits[Name] {
    return readTrait(name, this.#model.get(traitName(name)));
  }

  share(values: Partial<SharedTraits>): void {
    let differs = false;
    for (const name of Object.keys(values) as SharedTrait[]) {
      const value = values[name];
      if (value === undefined || JSON.stringify(value) === JSON.stringify(this.readShared(name))) continue;
      this.#model.set(traitName(name), writeTrait(name, value));
      differs = true;
    }
    if (differs) this.#model.save_changes();
  }

  onTrait(name: TraitName, listener: () => void, signal: AbortSignal): void {
    this.#on(`change:${traitName(name)}`, () => listener(), signal);
  }

  send<Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>): Promise<Answer> {
    this.#waker.asked();
    return this.#requests.open(op, (id) => {
      const content = requestContent(id, op, args);
      if (bytes === undefined) this.#model.send(content);
      else this.#model.send(content, undefined, [bytes.slice().buffer]);
    });
  }

  onMessage(listener: (message: PushedMessage, bytes: DataView | null) => void, signal: AbortSignal): void {
    this.#messages.on(listener, signal);
  }

  onSignOfLife(listener: () => void, signal: AbortSignal): void {
    this.#signsOfLife.on(listener, signal);
  }

  onKernelChange(listener: () => void, signal: AbortSignal): void {
    this.#kernelChanges.on(listener, signal);
  }

  keepFrame(bytes: DataView): void {
    // `set` would put the frame into the next save_changes; values given to `set_state` are never sent.
    this.#host?.set_state?.({ frame: bytes });
  }

  #receive(content: unknown, buffers: unknown): void {
    const message = readMessage(content);
    if (message === null) return;
    this.#signsOfLife.emit();
    if (message.kind === "answer") {
      this.#waker.answered();
      this.#requests.settle(message.id, message);
      return;
    }
    const first: unknown = Array.isArray(buffers) ? buffers[0] : null;
    this.#messages.emit(message, toDataView(first));
  }

  #on(event: string, listener: Listener, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#model.on(event, listener);
    whenAborted(signal, () => this.#model.off(event, listener));
  }
}

function toDataView(buffer: unknown): DataView | null {
  if (buffer instanceof DataView) return buffer;
  if (buffer instanceof ArrayBuffer) return new DataView(buffer);
  if (ArrayBuffer.isView(buffer)) return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return null;
}
