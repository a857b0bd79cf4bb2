import { whenAborted } from "../lib/listen.ts";
import type { Talk } from "../session/language.ts";

type Listener = (...args: unknown[]) => void;

/** The part of what anywidget hands out as `model` that a pad needs: it reads, listens, and sends whole drawings. */
export interface PadModel {
  get(name: string): unknown;
  /** Only to find the host's own model. */
  set?(name: string, value: unknown): void;
  send(content: unknown, callbacks?: undefined, buffers?: readonly ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

/** What a pad and its page tell each other. */
export interface PadLink {
  number(name: string): number;
  text(name: string): string;
  texts(name: string): readonly string[];
  numbers(name: string): readonly number[];
  /** A list of pairs of texts. */
  pairs(name: string): readonly (readonly [string, string])[];
  flag(name: string): boolean;
  bytes(): DataView | null;
  /** A drawing as it is now; Python hears of the newest. */
  send(bytes: ArrayBuffer): void;
  /** What is to be looked at: the drawing, or the data. */
  turn(to: "data" | "drawing"): void;
  /** Which of several is chosen. */
  choose(index: number): void;
  /** Another page, or Python, has drawn. */
  onDrawing(listener: () => void): void;
  onTrait(name: string, listener: () => void): void;
}

export function linkPad(model: PadModel, author: string, signal: AbortSignal): PadLink {
  const hear = (event: string, listener: () => void) => {
    const run = () => listener();
    model.on(event, run);
    whenAborted(signal, () => model.off(event, run));
  };
  const list = (name: string): readonly unknown[] => {
    const value = model.get(name);
    return Array.isArray(value) ? value : [];
  };
  return {
    text: (name) => String(model.get(name) ?? ""),
    texts: (name) => list(name).map(String),
    numbers: (name) => list(name).map(Number),
    pairs: (name) => list(name).map((pair) => [String((pair as unknown[])[0]), String((pair as unknown[])[1])]),
    flag: (name) => model.get(name) === true,
    number(name) {
      const value = model.get(name);
      return typeof value === "number" && Number.isFinite(value) ? value : 0;
    },
    bytes() {
      const value = model.get("drawing");
      return value instanceof DataView ? value : null;
    },
    send: (bytes) => model.send({ kind: "drawing", author }, undefined, [bytes]),
    choose: (index) => model.send({ kind: "choose", index }),
    turn: (to) => model.send({ kind: "turn", to }),
    onDrawing: (listener) => hear("change:drawing", () => model.get("author") !== author && listener()),
    onTrait: (name, listener) => hear(`change:${name}`, listener),
  };
}

export function bytesOf(view: DataView | null): Uint8Array {
  return view === null ? new Uint8Array() : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The floats of what Python has drawn, wherever they lie in their buffer. */
export function floatsOf(view: DataView | null): Float32Array {
  if (view === null) return new Float32Array();
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** A pad's side of `followLanguage`. */
export function talkOf(model: PadModel): Talk {
  return {
    channel: {
      hasKernel: true,
      read: (name) => model.get(name),
      onTrait(name, listener, signal) {
        model.on(`change:${name}`, listener);
        whenAborted(signal, () => model.off(`change:${name}`, listener));
      },
    },
    send(_, { language }) {
      model.send({ kind: "speak", language });
      return Promise.resolve();
    },
  };
}
