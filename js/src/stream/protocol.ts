import { ROLES } from "../core/anatomy.ts";
import type {
  Detail,
  EdgeQuantity,
  LayerColor,
  Learning,
  Selection,
  TrainingState,
  UnitQuantity,
} from "../core/frame.ts";
import { TRAINING_STATES } from "../core/frame.ts";
import {
  type Attention,
  GROUP_KINDS,
  type Graph,
  type GroupFacts,
  type Layer,
  type Level,
  type Link,
  type OpenGroup,
  type Parameter,
  type Shape,
  type Window,
} from "../core/graph.ts";
import { LEAST_TOP_K, MOST_TOP_K, TOP_K } from "../core/limits.ts";
import {
  flag,
  integer,
  integerOrNull,
  isIndex,
  isJson,
  type Json,
  json,
  list,
  objectOrNull,
  oneOf,
  text,
  textOrNull,
  texts,
} from "./narrow.ts";
import { readFace } from "./readFace.ts";
import { toSnakeCase } from "./wireNames.ts";

/** Twin of nnvis_widget/stream/protocol.py and stream/README.md; of what a page is told beside frames, and what it asks. */
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
  speak: { language: "string" },
  openWhatIf: NOTHING,
  suppose: { changes: "strings" },
  start: NOTHING,
  runSteps: { count: "number" },
  runEpochs: { count: "number" },
  pause: NOTHING,
  stop: NOTHING,
  reset: NOTHING,
  undoReset: NOTHING,
  setHyperparameter: { name: "string", value: "number" },
  setPace: { pace: "string" },
  openSteps: { sample: "number" },
  showPhase: { phase: "string" },
  takeStep: NOTHING,
  cancelSteps: NOTHING,
  applyWhatIf: NOTHING,
  thaw: { layer: "string" },
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
  validationPoints: boolean;
  discrete: boolean;
  opened: readonly string[];
  layerColor: LayerColor;
  learning: Learning;
  size: number;
  height: number;
}

export type SharedTrait = keyof SharedTraits;

const EDGES: readonly EdgeQuantity[] = ["weight", "signal", "gradient"];
/** Twin of LAYER_COLORS in nnvis_widget/widgets/gate.py. */
const LAYER_COLORS: readonly LayerColor[] = ["size", "gradient", "dead", "change"];
/** Twin of LEARNING in nnvis_widget/widgets/gate.py. */
const LEARNING: readonly Learning[] = ["closed", "open", "latex", "numpy"];
const UNITS: readonly UnitQuantity[] = ["field", "activation"];
const DETAILS: readonly Detail[] = ["bundles", "top", "all"];
/** Twin of SIZES in nnvis_widget/widgets/gate.py. */
export const SIZES: readonly number[] = [1, 1.35, 1.7];
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
      state: oneOf(TRAINING_STATES, content.state, "idle"),
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
      layers: list(raw, "layers").map((layer) => readLayer(layer, raw.makes)),
      links: readLinks(list(raw, "links")),
      inputs: texts(raw, "inputs"),
      outputs: texts(raw, "outputs"),
      layerCount: integerOrNull(raw, "layer_count") ?? list(raw, "layers").length,
      parameterCount: integer(raw, "parameter_count"),
      trainableCount: integer(raw, "trainable_count"),
      isBuilt: flag(raw, "is_built"),
      note: textOrNull(raw, "note"),
      level: isJson(raw.level) ? readLevel(raw.level) : { members: [], links: [] },
      opened: Array.isArray(raw.opened) ? raw.opened.map(readOpenGroup) : [],
    },
  };
}

function readLevel(raw: Json): Level {
  return { members: texts(raw, "members"), links: readLinks(list(raw, "links")) };
}

/** Each the ids of two layers, as a pair or by name. */
function readLinks(links: readonly unknown[]): readonly Link[] {
  return links.map((link) => {
    if (Array.isArray(link)) return { source: String(link[0]), target: String(link[1]) };
    const ends = json(link, "link");
    return { source: text(ends, "source"), target: text(ends, "target") };
  });
}

function readGroup(raw: Json): GroupFacts {
  return {
    path: text(raw, "path"),
    kind: oneOf(GROUP_KINDS, raw.kind, "layer"),
    uses: integerOrNull(raw, "uses"),
    memberCount: integer(raw, "member_count"),
    layerCount: integer(raw, "layer_count"),
    inside: textOrNull(raw, "inside"),
  };
}

function readOpenGroup(value: unknown): OpenGroup {
  const raw = json(value, "opened");
  return {
    ...readGroup(raw),
    ...readLevel(raw),
    id: text(raw, "id"),
    name: text(raw, "name"),
    type: text(raw, "type"),
    parent: textOrNull(raw, "parent"),
    outputShape: readShapes(raw),
    parameterCount: integer(raw, "parameter_count"),
  };
}

function readShapes(raw: Json): readonly Shape[] {
  return listOrNone(raw, "output_shape").map((shape) => (Array.isArray(shape) ? (shape as Shape) : []));
}

/** `makes`: what layers have in common with others, by place. */
function readLayer(value: unknown, makes: unknown): Layer {
  const own = json(value, "layer");
  const make: unknown = Array.isArray(makes) ? makes[Number(own.make)] : undefined;
  const raw = isJson(make) ? { ...make, ...own } : own;
  return {
    id: text(raw, "id"),
    name: text(raw, "name"),
    type: text(raw, "type"),
    role: oneOf(ROLES, raw.role, "opaque"),
    outputShape: readShapes(raw),
    parameters: listOrNone(raw, "parameters").map(readParameter),
    parameterCount: integer(raw, "parameter_count"),
    activation: textOrNull(raw, "activation"),
    units: integerOrNull(raw, "units"),
    note: textOrNull(raw, "note"),
    unitNames: listOrNone(raw, "unit_names").map(String),
    group: objectOrNull(raw.group, "group", readGroup),
    window: readWindow(raw.window),
    attention: readAttention(raw.attention),
    channels: raw.channels === "first" || raw.channels === "last" ? raw.channels : null,
    grid: Array.isArray(raw.grid) && raw.grid.length === 5 && raw.grid.every(isIndex) ? (raw.grid as never) : null,
    isTokens: raw.is_tokens === true,
    isText: raw.role === "input" && raw.dtype === "string",
    maskValue: typeof raw.mask_value === "number" ? raw.mask_value : null,
    face: readFace(raw.face),
    numbers: listOrNone(raw, "numbers").map(String),
  };
}

function readWindow(value: unknown): Window | null {
  if (!isJson(value)) return null;
  const { size, step, before, spread } = value;
  const isTransposed = value.is_transposed === true;
  if (!isPair(size) || !isPair(step) || !isPair(before, true) || !isPair(spread)) return null;
  return { size, step, before, spread, isTransposed };
}

function readAttention(value: unknown): Attention | null {
  if (!isJson(value)) return null;
  const { queries, keys, heads, block } = value;
  if (!isPair(block) || ![queries, keys, heads, ...block].every((one) => isIndex(one) && one > 0)) return null;
  return {
    queries: integer(value, "queries"),
    keys: integer(value, "keys"),
    heads: integer(value, "heads"),
    block,
    queryInput: textOrNull(value, "query_input"),
    keyInput: textOrNull(value, "key_input"),
  };
}

/** Two whole numbers; `isSigned`: they may be below zero. */
function isPair(value: unknown, isSigned = false): value is readonly [number, number] {
  const isWhole = isSigned ? Number.isInteger : isIndex;
  return Array.isArray(value) && value.length === 2 && value.every((one) => isWhole(one));
}

function listOrNone(raw: Json, key: string): readonly unknown[] {
  return raw[key] === undefined ? [] : list(raw, key);
}

function readParameter(value: unknown): Parameter {
  if (Array.isArray(value)) {
    const [name, shape, dtype, isTrainable] = value;
    return { name: String(name), shape: shape as number[], dtype: String(dtype), isTrainable: isTrainable === true };
  }
  const raw = json(value, "parameter");
  return {
    name: text(raw, "name"),
    shape: list(raw, "shape") as number[],
    dtype: text(raw, "dtype"),
    isTrainable: flag(raw, "is_trainable"),
  };
}

/** A trait's value as the view uses it; what does not fit becomes the default. */
export function readTrait<Name extends SharedTrait>(name: Name, value: unknown): SharedTraits[Name] {
  return traitReaders[name](value);
}

const traitReaders: { readonly [Name in SharedTrait]: (value: unknown) => SharedTraits[Name] } = {
  selection: (value) => {
    if (!isJson(value) || typeof value.layer !== "string") return null;
    if (value.unit === undefined) return { layer: value.layer, unit: null };
    if (!isIndex(value.unit)) return null;
    const place = isPair(value.place) ? { place: value.place } : {};
    return { layer: value.layer, unit: value.unit, ...place };
  },
  step: (value) => (isIndex(value) ? value : null),
  sample: (value) => (isIndex(value) ? value : 0),
  edges: (value) => oneOf(EDGES, value, "weight"),
  units: (value) => oneOf(UNITS, value, "field"),
  detail: (value) => oneOf(DETAILS, value, "bundles"),
  topK: (value) => Math.min(MOST_TOP_K, Math.max(LEAST_TOP_K, isIndex(value) ? value : TOP_K)),
  bookmarks: (value) => inOrder(Array.isArray(value) ? value.filter(isIndex) : []),
  validationPoints: (value) => value !== false,
  discrete: (value) => value === true,
  opened: (value) => (Array.isArray(value) ? value.filter((path) => typeof path === "string") : []),
  layerColor: (value) => oneOf(LAYER_COLORS, value, "size"),
  learning: (value) => oneOf(LEARNING, value, "closed"),
  size: (value) => SIZES.find((size) => size === value) ?? 1,
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
  const { layer, unit, place } = selection;
  if (unit === null) return { layer };
  return place === undefined ? { layer, unit } : { layer, unit, place: [...place] };
}
