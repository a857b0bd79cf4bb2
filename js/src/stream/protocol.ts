import { ROLES } from "../core/anatomy.ts";
import type {
  Attribute,
  Detail,
  EdgeQuantity,
  FirstBad,
  FrameHeader,
  Problem,
  Scenery,
  Selection,
  Task,
  TrainingState,
  UnitQuantity,
  Verdict,
} from "../core/frame.ts";
import { TASK_KINDS } from "../core/frame.ts";
import type { Graph, Layer, Parameter, Shape } from "../core/graph.ts";
import { LEAST_TOP_K, MOST_TOP_K, TOP_K } from "../core/limits.ts";
import {
  expectKind,
  flag,
  integer,
  integerOrNull,
  isIndex,
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

/** Twin of nnvis_widget/stream/protocol.py and stream/README.md; the only file that sees the names used on the wire. */
export const PROTOCOL_VERSION = 1;

const NOTHING: Record<string, never> = {};

/** What a page may ask for, with the JSON type of each argument; twin of OPERATIONS in Python. */
export const OPERATIONS = {
  hello: NOTHING,
  drawn: { seq: "number" },
  setVisible: { isVisible: "boolean" },
  watch: { layers: "strings" },
  seek: { step: "number" },
  seekBy: { count: "number" },
  goLive: NOTHING,
  attached: NOTHING,
  exported: { export: "number" },
  exportFailed: { export: "number", reason: "string" },
  start: NOTHING,
  runSteps: { count: "number" },
  runEpochs: { count: "number" },
  pause: NOTHING,
  stop: NOTHING,
  reset: NOTHING,
  setHyperparameter: { name: "string", value: "number" },
} as const satisfies Record<string, Record<string, keyof JsonTypes>>;

interface JsonTypes {
  number: number;
  boolean: boolean;
  string: string;
  strings: readonly string[];
}

export type Operation = keyof typeof OPERATIONS;

export type Operations = {
  readonly [Op in Operation]: {
    [Name in keyof (typeof OPERATIONS)[Op]]: JsonTypes[(typeof OPERATIONS)[Op][Name] & keyof JsonTypes];
  };
};

export type ExportFormat = "png" | "svg";

/** A picture for a file: in a theme, or `null` for the page's; raster images with so many pixels per px. */
export interface ExportWish {
  readonly format: ExportFormat;
  readonly theme: "light" | "dark" | null;
  readonly scale: number;
}

export type ExportOrder = { readonly kind: "export"; readonly id: number } & ExportWish;

export type KernelMessage =
  | { readonly kind: "frame"; readonly seq: number }
  | { readonly kind: "answer"; readonly id: number; readonly ok: boolean; readonly reason: string }
  | { readonly kind: "heartbeat"; readonly seq: number; readonly state: TrainingState; readonly step: number }
  | ExportOrder;

/** The traits a view may write. */
export interface SharedTraits {
  selection: Selection | null;
  step: number | null;
  sample: number;
  edges: EdgeQuantity;
  units: UnitQuantity;
  detail: Detail;
  topK: number;
  bookmarks: readonly number[];
  height: number;
}

export type SharedTrait = keyof SharedTraits;

export interface SectionEntry {
  readonly quantity: string;
  readonly layer: string;
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const TONES: readonly Verdict["tone"][] = ["good", "bad", "plain"];
const STATES: readonly TrainingState[] = ["idle", "running", "paused", "finished", "failed"];
const EDGES: readonly EdgeQuantity[] = ["weight", "signal", "gradient"];
const UNITS: readonly UnitQuantity[] = ["field", "activation"];
const DETAILS: readonly Detail[] = ["bundles", "top", "all"];
const FORMATS: readonly ExportFormat[] = ["png", "svg"];

export function requestContent<Op extends Operation>(id: number, op: Op, args: Operations[Op]): Json {
  return {
    v: PROTOCOL_VERSION,
    id,
    op: toSnakeCase(op),
    args: Object.fromEntries(Object.entries(args).map(([key, value]) => [toSnakeCase(key), value])),
  };
}

/** The kernel's message, or `null` for what is not ours or of another version. */
export function readMessage(content: unknown): KernelMessage | null {
  if (!isJson(content) || content.v !== PROTOCOL_VERSION) return null;
  if (content.kind === "frame") return { kind: "frame", seq: integer(content, "seq") };
  if (content.kind === "answer") {
    return { kind: "answer", id: integer(content, "id"), ok: flag(content, "ok"), reason: text(content, "reason") };
  }
  if (content.kind === "heartbeat") {
    return {
      kind: "heartbeat",
      seq: integer(content, "seq"),
      state: oneOf(STATES, content.state, "idle"),
      step: integer(content, "step"),
    };
  }
  if (content.kind === "export") {
    return {
      kind: "export",
      id: integer(content, "id"),
      format: oneOf(FORMATS, content.format, "png"),
      theme: content.theme === "light" || content.theme === "dark" ? content.theme : null,
      scale: integer(content, "scale"),
    };
  }
  return null;
}

export function readGraph(value: unknown): { graph: Graph; generation: number } | null {
  if (value === null || value === undefined) return null;
  const raw = json(value, "graph");
  return {
    generation: typeof raw.generation === "number" ? raw.generation : 0,
    graph: {
      name: text(raw, "name"),
      layers: list(raw, "layers").map(readLayer),
      links: list(raw, "links").map((link) => {
        const ends = json(link, "link");
        return { source: text(ends, "source"), target: text(ends, "target") };
      }),
      inputs: texts(raw, "inputs"),
      outputs: texts(raw, "outputs"),
      parameterCount: integer(raw, "parameter_count"),
      trainableCount: integer(raw, "trainable_count"),
      isBuilt: flag(raw, "is_built"),
    },
  };
}

function readLayer(value: unknown): Layer {
  const raw = json(value, "layer");
  return {
    id: text(raw, "id"),
    name: text(raw, "name"),
    type: text(raw, "type"),
    role: oneOf(ROLES, raw.role, "opaque"),
    outputShape: list(raw, "output_shape").map((shape) => (Array.isArray(shape) ? (shape as Shape) : [])),
    parameters: list(raw, "parameters").map(readParameter),
    parameterCount: integer(raw, "parameter_count"),
    activation: textOrNull(raw, "activation"),
    units: integerOrNull(raw, "units"),
    note: textOrNull(raw, "note"),
  };
}

function readParameter(value: unknown): Parameter {
  const raw = json(value, "parameter");
  return {
    name: text(raw, "name"),
    shape: list(raw, "shape") as number[],
    dtype: text(raw, "dtype"),
    isTrainable: flag(raw, "is_trainable"),
  };
}

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
      state: oneOf(STATES, raw.state, "idle"),
      step: integer(raw, "step"),
      epoch: integer(raw, "epoch"),
      batch: integer(raw, "batch"),
      revision: integer(raw, "revision"),
      sample: integer(raw, "sample"),
      target: typeof raw.target === "number" ? raw.target : null,
      meaning: text(raw, "meaning"),
      truth: text(raw, "truth"),
      verdict: readVerdict(raw.verdict),
      latestStep: integer(raw, "latest_step"),
      latestEpoch: integer(raw, "latest_epoch"),
      epochs: integerOrNull(raw, "epochs"),
      isFollowing: flag(raw, "is_following"),
      unrecorded: raw.unrecorded === undefined ? null : texts(raw, "unrecorded"),
      keptCount: integer(raw, "kept_count"),
      seenCount: integer(raw, "seen_count"),
      stepsPerEpoch: integerOrNull(raw, "steps_per_epoch"),
      optimizer: textOrNull(raw, "optimizer"),
      commands: texts(raw, "commands").map(toCamelCase),
      problem: readProblem(raw.problem),
      firstBad: readFirstBad(raw.first_bad),
    },
    scalarNames: texts(raw, "scalar_names"),
    hyperparameterNames: texts(raw, "hyperparameter_names"),
  };
}

function readVerdict(value: unknown): Verdict | null {
  return objectOrNull(value, "verdict", (raw) => ({
    verb: text(raw, "verb"),
    predicted: text(raw, "predicted"),
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
    epoch: integer(raw, "epoch"),
    batch: integer(raw, "batch"),
    lastGoodStep: integerOrNull(raw, "last_good_step"),
    soundStep: integerOrNull(raw, "sound_step"),
    metric: textOrNull(raw, "metric"),
    isNan: raw.is_nan !== false,
  }));
}

export function readSceneryHeader(raw: Json): Omit<Scenery, "sections"> {
  expectKind(raw, "scenery");
  return {
    generation: integer(raw, "generation"),
    task: readTask(raw.task),
    featureNames: texts(raw, "feature_names"),
    classNames: texts(raw, "class_names"),
    imageShape: numbersOrNull(raw, "image_shape", 2) as [number, number] | null,
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

/** A trait's value as the view uses it; what does not fit becomes the default. */
export function readTrait<Name extends SharedTrait>(name: Name, value: unknown): SharedTraits[Name] {
  return traitReaders[name](value);
}

const traitReaders: { readonly [Name in SharedTrait]: (value: unknown) => SharedTraits[Name] } = {
  selection: (value) => {
    if (!isJson(value) || typeof value.layer !== "string") return null;
    if (value.unit === undefined) return { layer: value.layer, unit: null };
    return isIndex(value.unit) ? { layer: value.layer, unit: value.unit } : null;
  },
  step: (value) => (isIndex(value) ? value : null),
  sample: (value) => (isIndex(value) ? value : 0),
  edges: (value) => oneOf(EDGES, value, "weight"),
  units: (value) => oneOf(UNITS, value, "field"),
  detail: (value) => oneOf(DETAILS, value, "bundles"),
  topK: (value) => Math.min(MOST_TOP_K, Math.max(LEAST_TOP_K, isIndex(value) ? value : TOP_K)),
  bookmarks: (value) => inOrder(Array.isArray(value) ? value.filter(isIndex) : []),
  height: (value) => Math.min(1200, Math.max(360, isIndex(value) ? value : 640)),
};

function inOrder(steps: readonly number[]): readonly number[] {
  return [...new Set(steps)].sort((one, other) => one - other);
}

/** A trait's name as it travels. */
export function traitName(name: string): string {
  return toSnakeCase(name);
}

/** A trait's value as it travels. */
export function writeTrait<Name extends SharedTrait>(name: Name, value: SharedTraits[Name]): unknown {
  return name === "selection" ? writeSelection(value as Selection | null) : value;
}

function writeSelection(selection: Selection | null): Json {
  if (selection === null) return {};
  return selection.unit === null ? { layer: selection.layer } : { layer: selection.layer, unit: selection.unit };
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
