import type { KernelMessage, Operation, Operations, SharedTrait, SharedTraits } from "./protocol.ts";

export interface Answer {
  readonly ok: boolean;
  readonly reason: string;
}

/** What Python alone writes. */
export type KernelTrait =
  | "graph"
  | "index"
  | "scenery"
  | "frame"
  | "_language"
  | "_words"
  | "_parts"
  | "_steps"
  | "_what_if";
export type TraitName = SharedTrait | KernelTrait;
export type PushedMessage = Exclude<KernelMessage, { kind: "answer" }>;

/** The road between one widget model and its kernel; shared by all views of that model. */
export interface Channel {
  /** Whether a kernel is connected; `false` for a saved page. */
  readonly hasKernel: boolean;
  read(name: KernelTrait): unknown;
  readShared<Name extends SharedTrait>(name: Name): SharedTraits[Name];
  /** Writes what differs and sends it. */
  share(values: Partial<SharedTraits>): void;
  onTrait(name: TraitName, listener: () => void, signal: AbortSignal): void;
  /** Resolves with the kernel's answer; rejects with a `NoAnswerError` after six seconds without one. */
  send<Op extends Operation>(op: Op, args: Operations[Op], bytes?: Uint8Array<ArrayBuffer>): Promise<Answer>;
  onMessage(listener: (message: PushedMessage, bytes: DataView | null) => void, signal: AbortSignal): void;
  /** Anything came, or the kernel's connection came or went. */
  onSignOfLife(listener: () => void, signal: AbortSignal): void;
  onKernelChange(listener: () => void, signal: AbortSignal): void;
  /** Leaves a frame where a saved notebook finds it; sends nothing. */
  keepFrame(bytes: DataView): void;
}
