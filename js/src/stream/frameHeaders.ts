import type {
  Attribute,
  Finding,
  FirstBad,
  FrameHeader,
  Problem,
  Scenery,
  Section,
  Task,
  Verdict,
} from "../core/frame.ts";
import { SEVERITIES, TASK_KINDS, TRAINING_STATES } from "../core/frame.ts";
import {
  expectKind,
  flag,
  integer,
  integerOrNull,
  isJson,
  type Json,
  json,
  list,
  naturalNumber,
  numbersOrNull,
  objectOrNull,
  oneOf,
  text,
  textOrNull,
  texts,
} from "./narrow.ts";
import { toCamelCase } from "./wireNames.ts";

/** A row of the table that stands before the sections of a frame (nnvis_widget/stream/README.md). */
export interface SectionEntry extends Omit<Section, "values"> {
  readonly dtype: string;
  readonly offset: number;
}

const TONES: readonly Verdict["tone"][] = ["good", "bad", "plain"];

export interface SnapshotHeader {
  readonly header: FrameHeader;
  readonly scalarNames: readonly string[];
  readonly hyperparameterNames: readonly string[];
}

export function readSnapshotHeader(raw: Json): SnapshotHeader {
  expectKind(raw, "snapshot");
  return {
    header: {
      generation: integer(raw, "generation"),
      state: oneOf(TRAINING_STATES, raw.state, "idle"),
      step: integer(raw, "step"),
      revision: integer(raw, "revision"),
      sample: integer(raw, "sample"),
      target: typeof raw.target === "number" ? raw.target : null,
      meaning: text(raw, "meaning"),
      truth: text(raw, "truth"),
      verdict: readVerdict(raw.verdict),
      tokens: readTokens(raw.tokens),
      latestStep: integer(raw, "latest_step"),
      epochs: integerOrNull(raw, "epochs"),
      pace: textOrNull(raw, "pace") ?? "",
      ending: textOrNull(raw, "ending") ?? "",
      isFollowing: flag(raw, "is_following"),
      whatIf: integerOrNull(raw, "what_if") ?? 0,
      unrecorded: raw.unrecorded === undefined ? null : texts(raw, "unrecorded"),
      notes: (raw.notes ?? []) as FrameHeader["notes"],
      keptCount: integer(raw, "kept_count"),
      seenCount: integer(raw, "seen_count"),
      optimizer: textOrNull(raw, "optimizer"),
      commands: texts(raw, "commands").map(toCamelCase),
      problem: readProblem(raw.problem),
      firstBad: readFirstBad(raw.first_bad),
      findings: raw.findings === undefined ? [] : list(raw, "findings").map(readFinding),
      foundThen: raw.found_then === undefined ? null : list(raw, "found_then").map(readFinding),
    },
    scalarNames: texts(raw, "scalar_names"),
    hyperparameterNames: texts(raw, "hyperparameter_names"),
  };
}

function readTokens(value: unknown): Readonly<Record<string, readonly string[]>> {
  if (!isJson(value)) return {};
  return Object.fromEntries(Object.keys(value).map((layer) => [layer, texts(value, layer)]));
}

function readVerdict(value: unknown): Verdict | null {
  return objectOrNull(value, "verdict", (raw) => ({
    verb: text(raw, "verb"),
    predicted: text(raw, "predicted"),
    second: text(raw, "second"),
    words: text(raw, "words"),
    tone: oneOf(TONES, raw.tone, "plain"),
    unit: integerOrNull(raw, "unit"),
    rights: list(raw, "rights").map((right) => right === true),
  }));
}

function readProblem(value: unknown): Problem | null {
  return objectOrNull(value, "problem", (raw) => ({ title: text(raw, "title"), text: text(raw, "text") }));
}

function readFirstBad(value: unknown): FirstBad | null {
  return objectOrNull(value, "first_bad", (raw) => ({
    what: text(raw, "what"),
    step: integer(raw, "step"),
    lastGoodStep: integerOrNull(raw, "last_good_step"),
    soundStep: integerOrNull(raw, "sound_step"),
    metric: textOrNull(raw, "metric"),
    isNan: raw.is_nan !== false,
  }));
}

function readFinding(value: unknown): Finding {
  const raw = json(value, "finding");
  return {
    rule: text(raw, "rule"),
    severity: oneOf(SEVERITIES, raw.severity, "note"),
    layer: text(raw, "layer"),
    at: text(raw, raw.at === undefined ? "layer" : "at"),
    units: list(raw, "units").map((unit) => naturalNumber(unit, "unit")),
    sinceStep: integer(raw, "since_step"),
    lastStep: integer(raw, "last_step"),
    isOver: flag(raw, "is_over"),
    follows: flag(raw, "follows"),
    title: text(raw, "title"),
    text: text(raw, "text"),
    badge: text(raw, "badge"),
    left: raw.left === undefined ? 0 : naturalNumber(raw.left, "left"),
  };
}

export function readSceneryHeader(raw: Json): Omit<Scenery, "sections"> {
  expectKind(raw, "scenery");
  return {
    generation: integer(raw, "generation"),
    task: readTask(raw.task),
    featureNames: texts(raw, "feature_names"),
    classNames: texts(raw, "class_names"),
    imageShape: numbersOrNull(raw, "image_shape", 2) as [number, number] | null,
    sampleRate: typeof raw.sample_rate === "number" && raw.sample_rate > 0 ? raw.sample_rate : null,
    sampleCount: integer(raw, "sample_count"),
    extent: numbersOrNull(raw, "extent", 4) as [number, number, number, number] | null,
  };
}

function readTask(value: unknown): Task {
  const raw = json(value, "task");
  return {
    kind: TASK_KINDS.find((kind) => kind === raw.kind) ?? null,
    boundary: typeof raw.boundary === "number" ? raw.boundary : 0.5,
    isShare: raw.is_share === true,
    fromLogits: raw.from_logits === true,
    shape: Array.isArray(raw.shape) ? raw.shape.filter(Number.isInteger) : [],
  };
}

export function readSectionTable(raw: Json): SectionEntry[] {
  return list(raw, "sections").map((value) => {
    const entry = json(value, "section");
    return {
      quantity: text(entry, "quantity"),
      layer: text(entry, "layer"),
      name: text(entry, "name"),
      dtype: text(entry, "dtype"),
      shape: list(entry, "shape").map((size) => naturalNumber(size, "shape")),
      offset: naturalNumber(entry.offset, "offset"),
      attributes: readAttributes(entry.attributes),
    };
  });
}

function readAttributes(value: unknown): Readonly<Record<string, Attribute>> {
  if (!isJson(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [toCamelCase(name), own as Attribute]));
}
