import { Emitter } from "../lib/emitter.ts";
import type { Answer, Channel, KernelTrait, PushedMessage, TraitName } from "./channel.ts";
import {
  type Operation,
  type Operations,
  readTrait,
  type SharedTrait,
  type SharedTraits,
  writeTrait,
} from "./protocol.ts";
import { Requests } from "./requests.ts";

export type OperationHandler = (
  op: Operation,
  args: Operations[Operation],
  bytes?: Uint8Array<ArrayBuffer>,
) => Answer | Promise<Answer> | null;

const done: Answer = { ok: true, reason: "" };

/** A channel without a kernel: a function on the same page answers. `null` from it means no answer at all. */
export class MemoryChannel implements Channel {
  hasKernel = true;
  kept: DataView | null = null;
  readonly #traits = new Map<string, unknown>();
  readonly #traitChanges = new Emitter<[string]>();
  readonly #messages = new Emitter<[PushedMessage, DataView | null]>();
  readonly #signsOfLife = new Emitter();
  readonly #kernelChanges = new Emitter();
  readonly #requests: Requests;
  readonly #handle: OperationHandler;

  constructor(traits: Readonly<Record<string, unknown>>, signal: AbortSignal, handle: OperationHandler = () => done) {
    for (const [name, value] of Object.entries(traits)) this.#traits.set(name, value);
    this.#requests = new Requests(signal);
    this.#handle = handle;
  }

  read(name: KernelTrait): unknown {
    return this.#traits.get(name);
  }

  readShared<Name extends SharedTrait>(name: Name): SharedTraits[Name] {
    return readTrait(name, this.#traits.get(name));
  }

  share(values: Partial<SharedTraits>): void {
    for (const name of Object.keys(values) as SharedTrait[]) {
      const value = values[name];
      if (value === undefined || JSON.stringify(value) === JSON.stringify(this.readShared(name))) continue;
      this.writeTrait(name, writeTrait(name, value));
    }
  }

  onTrait(name: TraitName, listener: () => void, signal: AbortSignal): void {
    this.#traitChanges.on((changed) => {
      if (changed === name) listener();
    }, signal);
  }

  send<Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>): Promise<Answer> {
    return this.#requests.open(op, (id) => {
      void Promise.resolve(this.#handle(op, args, bytes)).then((answer) => {
        if (answer === null) return;
        this.#signsOfLife.emit();
        this.#requests.settle(id, answer);
      });
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
    this.kept = bytes;
  }

  /** The kernel's side: sets a trait. */
  writeTrait(name: TraitName, value: unknown): void {
    this.#traits.set(name, value);
    this.#traitChanges.emit(name);
  }

  /** The kernel's side: sends a message. */
  push(message: PushedMessage, bytes: DataView | null = null): void {
    this.#signsOfLife.emit();
    this.#messages.emit(message, bytes);
  }

  setKernel(isThere: boolean): void {
    this.hasKernel = isThere;
    this.#kernelChanges.emit();
  }
}
