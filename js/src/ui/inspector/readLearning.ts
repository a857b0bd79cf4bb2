import type { Section } from "../../core/frame.ts";
import { flag, integer, isJson, type Json, json, list, text, texts } from "../../stream/narrow.ts";
import { type AttentionSteps, readAttentionSteps } from "./readAttentionSteps.ts";

/** A weight into the unit: its gradient, and how the optimiser would move it. */
export interface LearntWeight {
  readonly variable: string;
  /** Its place in what of its variable belongs to the unit. */
  readonly at: readonly number[];
  readonly label: string;
  /** ∂L/∂w of the sample; empty where only the batch's is told, and so the others. */
  readonly own: string;
  readonly batch: string;
  readonly before: string;
  readonly after: string;
  readonly change: string;
  readonly way: number;
}

export interface Learnt {
  /** The first and the last sample of the batch. */
  readonly rows: readonly number[];
  readonly place: readonly number[];
  readonly isMean: boolean;
  /** In a step something of the model computes otherwise than where it is looked at. */
  readonly isOtherwise: boolean;
  readonly delta: string;
  readonly chain: readonly (readonly string[])[];
  readonly optimizer: string;
  /** How much of the kernel belongs to the unit. */
  readonly shape: readonly number[];
  /** How many weights there are. */
  readonly weights: number;
  readonly moves: readonly LearntWeight[];
  /** The weight whose rule is told. */
  readonly furthest: string;
  readonly rule: readonly (readonly string[])[];
  /** How many numbers agree, with what, and the largest difference; empty where nothing was compared. */
  readonly checked: readonly string[];
  readonly failed: readonly string[];
}

export interface LearningMessage {
  /** `null` where nothing can be told. */
  readonly learnt: Learnt | null;
  /** Of a head of attention in its place. */
  readonly attention: AttentionSteps | null;
  readonly notes: readonly string[];
}

/** What came as text. */
export function textOf(section: Section): string {
  return new TextDecoder().decode(Uint8Array.from(section.values));
}

/** Twin of nnvis_widget/stream/learning_message.py. */
export function readLearning(section: Section): LearningMessage {
  const raw = json(JSON.parse(textOf(section)), "learning");
  return {
    learnt: Array.isArray(raw.moves) ? readLearnt(raw) : null,
    attention: Array.isArray(raw.keys) ? readAttentionSteps(raw) : null,
    notes: texts(raw, "notes"),
  };
}

function readLearnt(raw: Json): Learnt {
  return {
    rows: list(raw, "rows").map(Number),
    place: list(raw, "place").map(Number),
    isMean: flag(raw, "isMean"),
    isOtherwise: flag(raw, "isOtherwise"),
    delta: text(raw, "delta"),
    chain: list(raw, "chain").map(pair),
    optimizer: text(raw, "optimizer"),
    shape: list(raw, "shape").map(Number),
    weights: integer(raw, "weights"),
    moves: list(raw, "moves").filter(isJson).map(readWeight),
    furthest: text(raw, "furthest"),
    rule: list(raw, "rule").map(pair),
    checked: texts(raw, "checked"),
    failed: texts(raw, "failed"),
  };
}

function readWeight(raw: Json): LearntWeight {
  return {
    variable: text(raw, "variable"),
    at: list(raw, "at").map(Number),
    label: text(raw, "label"),
    own: text(raw, "own"),
    batch: text(raw, "batch"),
    before: text(raw, "before"),
    after: text(raw, "after"),
    change: text(raw, "change"),
    way: integer(raw, "way"),
  };
}

function pair(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
