import { flag, integer, integerOrNull, isJson, list, text, texts } from "../../stream/narrow.ts";

/** A change in words, and as it is sent back. */
export interface TriedChange {
  readonly text: string;
  readonly written: string;
}

/** A number before and after. */
export interface BeforeAfter {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

export interface FlippedSample {
  readonly sample: number;
  readonly before: string;
  readonly after: string;
  readonly truth: string;
}

export interface WhatIf {
  readonly changes: readonly TriedChange[];
  readonly isPending: boolean;
  /** How many of the changes the training can take. */
  readonly applicable: number;
  readonly frozen: readonly { readonly layer: string; readonly name: string }[];
  /** Why it could not be computed; empty where it was. */
  readonly problem: string;
  /** Whose weights it was tried on; `null` while nothing is answered. */
  readonly step: number | null;
  /** How many samples `rows` are of. */
  readonly count: number;
  readonly sample: number;
  readonly rows: readonly BeforeAfter[];
  readonly outputs: readonly BeforeAfter[];
  /** How many answers flip; `null` where answers are no classes. */
  readonly flips: number | null;
  readonly flipped: readonly FlippedSample[];
}

/** Twin of nnvis_widget/stream/what_if_message.py; `null` while nothing is tried. */
export function readWhatIf(value: unknown): WhatIf | null {
  if (!isJson(value) || !Array.isArray(value.changes)) return null;
  return {
    changes: list(value, "changes").map((change) => {
      const [words, written] = change as readonly unknown[];
      return { text: String(words), written: JSON.stringify(written) };
    }),
    isPending: flag(value, "isPending"),
    applicable: integer(value, "applicable"),
    frozen: list(value, "frozen").map((one) => {
      const [layer, name] = one as readonly unknown[];
      return { layer: String(layer), name: String(name) };
    }),
    problem: text(value, "problem"),
    step: integerOrNull(value, "step"),
    count: integer(value, "count"),
    sample: integer(value, "sample"),
    rows: list(value, "rows").map(readRow),
    outputs: list(value, "outputs").map(readRow),
    flips: integerOrNull(value, "flips"),
    flipped: list(value, "flipped").map((flip) => {
      const [sample, ...words] = flip as readonly unknown[];
      const [before = "", after = "", truth = ""] = words.map(String);
      return { sample: Number(sample), before, after, truth };
    }),
  };
}

function readRow(value: unknown): BeforeAfter {
  const [name = "", before = "", after = "", difference = ""] = texts({ value }, "value");
  return { name, before, after, difference };
}
