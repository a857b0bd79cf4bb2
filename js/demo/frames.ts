import type { Role } from "../src/core/anatomy.ts";
import { Frame, type FrameHeader, type Numbers, type Scenery, type Section } from "../src/core/frame.ts";
import type { Graph, Layer, Link } from "../src/core/graph.ts";
import { CLASSES } from "./judged.ts";
import { type Dense, forward, gradientsOf } from "./mlp.ts";

export function section(
  quantity: string,
  layer: string,
  name: string,
  shape: readonly number[],
  values: Numbers,
  attributes: Section["attributes"] = {},
): Section {
  return { quantity, layer, name, shape, values, attributes };
}

const ROLES_OF_TYPES: Readonly<Record<string, Role>> = {
  InputLayer: "input",
  Dense: "dense",
  Conv2D: "conv",
  BatchNormalization: "norm",
  MaxPooling2D: "pool",
  ReLU: "elementwise",
  Dropout: "elementwise",
  Add: "merge",
  Concatenate: "merge",
  Flatten: "reshape",
  Functional: "group",
};

export function layer(
  id: string,
  name: string,
  type: string,
  shape: readonly number[],
  more: Partial<Layer> = {},
): Layer {
  return {
    id,
    name,
    type,
    role: ROLES_OF_TYPES[type] ?? "opaque",
    outputShape: [[null, ...shape]],
    parameters: [],
    parameterCount: 0,
    activation: null,
    units: shape.at(-1) ?? null,
    note: null,
    unitNames: [],
    group: null,
    ...more,
  };
}

export function denseLayer(id: string, name: string, inputs: number, units: number, activation: string): Layer {
  const parameter = (own: string, shape: readonly number[]) => ({
    name: own,
    shape,
    dtype: "float32",
    isTrainable: true,
  });
  return layer(id, name, "Dense", [units], {
    activation,
    parameters: [parameter("kernel", [inputs, units]), parameter("bias", [units])],
    parameterCount: inputs * units + units,
  });
}

export function graph(
  name: string,
  layers: readonly Layer[],
  links: readonly (readonly [string, string])[],
  more: Partial<Graph> = {},
): Graph {
  const all: Link[] = links.map(([source, target]) => ({ source, target }));
  const targets = new Set(links.map(([, target]) => target));
  const sources = new Set(links.map(([source]) => source));
  const count = layers.reduce((sum, one) => sum + one.parameterCount, 0);
  return {
    name,
    layers,
    links: all,
    inputs: layers.filter((one) => !targets.has(one.id)).map((one) => one.id),
    outputs: layers.filter((one) => !sources.has(one.id)).map((one) => one.id),
    layerCount: layers.length,
    parameterCount: count,
    trainableCount: count,
    isBuilt: true,
    note: null,
    level: { members: layers.map(({ id }) => id), links: all },
    opened: [],
    ...more,
  };
}

/** Ids of the layers of a chain: L0 is the input, Ln the n-th dense layer. */
export function chainGraph(
  name: string,
  layers: readonly Dense[],
  names: readonly string[],
  inputShape: readonly number[],
): Graph {
  const all = [
    layer("L0", "input_layer", "InputLayer", inputShape),
    ...layers.map((dense, i) =>
      denseLayer(`L${i + 1}`, names[i] ?? `dense_${i}`, dense.inputs, dense.units, dense.activation),
    ),
  ];
  return graph(
    name,
    all,
    layers.map((_, i) => [`L${i}`, `L${i + 1}`] as const),
  );
}

export const header: FrameHeader = {
  generation: 1,
  state: "paused",
  step: 600,
  revision: 0,
  sample: 0,
  target: null,
  meaning: "",
  truth: "",
  verdict: null,
  tokens: {},
  latestStep: 600,
  epochs: null,
  pace: "",
  ending: "",
  isFollowing: true,
  whatIf: 0,
  notes: [],
  unrecorded: null,
  keptCount: 60,
  seenCount: 600,
  optimizer: "SGD",
  commands: [],
  problem: null,
  firstBad: null,
  findings: [],
  foundThen: null,
};

export const STEPS_PER_EPOCH = 5;

/** The clock of a training that has come to `latest`, and that the metrics at a step are of the last whole epoch there. */
export function timeSections(step: number, latest: number, scalars: Readonly<Record<string, number>>): Section[] {
  const epoch = Math.floor(step / STEPS_PER_EPOCH);
  const running = Math.floor(latest / STEPS_PER_EPOCH);
  const rows = Float64Array.of(0, 0, STEPS_PER_EPOCH, running * STEPS_PER_EPOCH, running, STEPS_PER_EPOCH);
  const values = Object.values(scalars);
  const headline = values.flatMap((value) => [epoch, epoch >= 10 ? 1.1 * value : Number.NaN, Number.NaN]);
  return [
    section("clock", "", "", [2, 3], rows),
    section("headline", "", "", [values.length, 3], Float64Array.from(headline)),
  ];
}

export interface ChainSample {
  readonly index: number;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly target: number | null;
}

export interface Plane {
  readonly extent: readonly [number, number, number, number];
}

function quantize(values: Float32Array, lo: number, hi: number): Uint8Array {
  return Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? 0 : 1 + Math.round((254 * (value - lo)) / (hi - lo || 1)),
  );
}

function onPlane(layers: readonly Dense[], { extent }: Plane, size: number): Float32Array[][] {
  const [x0, x1, y0, y1] = extent;
  const fields = layers.map(({ units }) => Array.from({ length: units }, () => new Float32Array(size * size)));
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const { a } = forward(layers, [x0 + ((c + 0.5) / size) * (x1 - x0), y1 - ((r + 0.5) / size) * (y1 - y0)]);
      fields.forEach((units, l) => {
        units.forEach((field, u) => {
          field[r * size + c] = a[l + 1]?.[u] ?? Number.NaN;
        });
      });
    }
  }
  return fields;
}

function planeSections(layers: readonly Dense[], plane: Plane): Section[] {
  const sections: Section[] = [];
  onPlane(layers, plane, 32).forEach((units, l) => {
    if (units.length > 16) return;
    const all = Float32Array.from(units.flatMap((field) => Array.from(field)));
    const lo = all.reduce((low, v) => Math.min(low, v), Infinity);
    const hi = all.reduce((high, v) => Math.max(high, v), -Infinity);
    sections.push(section("field", `L${l + 1}`, "", [units.length, 32, 32], quantize(all, lo, hi), { lo, hi }));
  });
  const outputs = onPlane(layers, plane, 72).at(-1) ?? [];
  const id = `L${layers.length}`;
  const [only, second] = outputs;
  if (only === undefined) return sections;
  if (outputs.length <= 2) {
    const values = second ?? only;
    const isShare = layers.at(-1)?.activation !== "linear";
    const lo = isShare ? 0 : Math.min(...values);
    const hi = isShare ? 1 : Math.max(...values);
    sections.push(section("prediction", id, "value", [72, 72], quantize(values, lo, hi), { lo, hi }));
    return sections;
  }
  const classes = new Uint8Array(72 * 72);
  const confidence = new Float32Array(72 * 72);
  outputs.forEach((field, k) => {
    field.forEach((p, i) => {
      if (p <= (confidence[i] ?? 0)) return;
      confidence[i] = p;
      classes[i] = k;
    });
  });
  sections.push(section("prediction", id, "class", [72, 72], classes));
  sections.push(section("prediction", id, "confidence", [72, 72], quantize(confidence, 0, 1), { lo: 0, hi: 1 }));
  return sections;
}

function bundles(
  layer: string,
  dense: Dense,
  input: ArrayLike<number>,
  gradient: Float32Array,
  imageShape: readonly [number, number] | null,
): Section[] {
  const size = imageShape?.[1] ?? Math.ceil(dense.inputs / Math.max(1, Math.floor(2048 / dense.units)));
  const groups = Math.ceil(dense.inputs / size);
  const factor = { weight: () => 1, signal: (i: number) => input[i] ?? 0, gradient: () => 1 };
  return (["weight", "signal", "gradient"] as const).map((quantity) => {
    const values = new Float32Array(groups * dense.units);
    const tensor = quantity === "gradient" ? gradient : dense.kernel;
    for (let i = 0; i < dense.inputs; i++) {
      for (let u = 0; u < dense.units; u++) {
        const place = Math.floor(i / size) * dense.units + u;
        values[place] = (values[place] ?? 0) + (tensor[i * dense.units + u] ?? 0) * factor[quantity](i);
      }
    }
    return section("bundle", layer, quantity, [groups, dense.units], values, {
      groupKind: imageShape === null ? "block" : "image_row",
      groupSize: size,
      inputCount: dense.inputs,
      edgeCount: dense.inputs * dense.units,
    });
  });
}

/** What is sent of kernels with more than 4,000 connections. */
export interface DemoDetail {
  readonly detail: "bundles" | "top" | "all";
  readonly topK: number;
}

function strongest(
  layer: string,
  dense: Dense,
  input: ArrayLike<number>,
  gradient: Float32Array,
  k: number,
): Section[] {
  return (["weight", "signal", "gradient"] as const).flatMap((quantity) => {
    const tensor = quantity === "gradient" ? gradient : dense.kernel;
    const values = tensor.map((w, i) => (quantity === "signal" ? w * (input[Math.floor(i / dense.units)] ?? 0) : w));
    const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0));
    const chosen = order.slice(0, k);
    const index = Int32Array.from(chosen.flatMap((place) => [Math.floor(place / dense.units), place % dense.units]));
    const attributes = { inputCount: dense.inputs, unitCount: dense.units, edgeCount: dense.kernel.length };
    const shown = Float32Array.from(chosen, (place) => values[place] ?? 0);
    return [
      section("top", layer, quantity, [chosen.length], shown, attributes),
      section("top_index", layer, quantity, [chosen.length, 2], index),
    ];
  });
}

/** A full frame of a chain of dense layers, as Python would send it. */
export function chainFrame(
  layers: readonly Dense[],
  sample: ChainSample,
  scalars: Readonly<Record<string, number>>,
  plane: Plane | null,
  imageShape: readonly [number, number] | null = null,
  { detail, topK }: DemoDetail = { detail: "bundles", topK: 200 },
): Frame {
  const pass = forward(layers, sample.x);
  const { kernels } = gradientsOf(layers, [sample]);
  const sections: Section[] = pass.a.map((a, i) => section("activation", `L${i}`, "", [a.length], a));
  layers.forEach((dense, l) => {
    const id = `L${l + 1}`;
    const gradient = kernels[l] ?? new Float32Array();
    const shape = [dense.inputs, dense.units];
    sections.push(section("z", id, "", [dense.units], pass.z[l] ?? new Float32Array()));
    sections.push(section("weight", id, "bias", [dense.units], dense.bias.slice()));
    const count = dense.inputs * dense.units;
    if (count > 4000 && detail === "top") {
      sections.push(...strongest(id, dense, pass.a[l] ?? [], gradient, topK));
    } else if (count > (detail === "all" ? 100_000 : 4000)) {
      sections.push(...bundles(id, dense, pass.a[l] ?? [], gradient, l === 0 ? imageShape : null));
    } else {
      sections.push(section("weight", id, "kernel", shape, dense.kernel.slice()));
      sections.push(section("gradient", id, "kernel", shape, gradient));
    }
  });
  if (plane !== null) sections.push(...planeSections(layers, plane));
  sections.push(...timeSections(header.step, header.latestStep, scalars));
  const values = new Map(Object.entries(scalars));
  return new Frame({ ...header, sample: sample.index, target: sample.target }, values, new Map(), sections, 0);
}

export function scenery(more: Partial<Scenery>): Scenery {
  return {
    generation: 1,
    task: CLASSES,
    featureNames: [],
    classNames: [],
    imageShape: null,
    sampleRate: null,
    sampleCount: 0,
    extent: null,
    sections: [],
    ...more,
  };
}

export function emptyFrame(sections: readonly Section[] = []): Frame {
  return new Frame(header, new Map(), new Map(), sections, 0);
}
