import type { Numbers } from "../src/core/frame.ts";

export interface TestSection {
  readonly quantity: string;
  readonly values: Numbers;
  readonly shape?: readonly number[];
  readonly layer?: string;
  readonly name?: string;
  readonly attributes?: Record<string, unknown>;
}

const DTYPES = new Map<unknown, string>([
  [Float32Array, "float32"],
  [Float64Array, "float64"],
  [Uint8Array, "uint8"],
  [Int32Array, "int32"],
]);

/** Follows the docstring of nnvis_widget/stream/frame.py. */
export function encodeFrame(
  header: Record<string, unknown>,
  sections: readonly TestSection[],
): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const table = sections.map(({ quantity, values, shape, layer = "", name = "", attributes }) => {
    const entry = {
      quantity,
      layer,
      name,
      dtype: DTYPES.get(values.constructor),
      shape: shape ?? [values.length],
      offset,
      ...(attributes ? { attributes } : {}),
    };
    offset += Math.ceil(values.byteLength / 8) * 8;
    return entry;
  });
  let text = JSON.stringify({ ...header, sections: table });
  while (new TextEncoder().encode(text).length % 8 !== 0) text += " ";
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(16 + head.length + offset);
  bytes.set(new TextEncoder().encode("NNVF"));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 1, true);
  view.setUint32(8, head.length, true);
  bytes.set(head, 16);
  sections.forEach(({ values }, index) => {
    const start = 16 + head.length + (table[index]?.offset ?? 0);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  });
  return bytes;
}

export function snapshotHeader(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: "snapshot",
    generation: 1,
    state: "running",
    step: 10,
    revision: 0,
    sample: 0,
    target: null,
    meaning: "",
    truth: "",
    verdict: null,
    latest_step: 10,
    is_following: true,
    kept_count: 1,
    seen_count: 1,
    optimizer: "Adam",
    commands: ["pause", "run_steps"],
    problem: null,
    scalar_names: ["loss"],
    hyperparameter_names: ["learning_rate"],
    ...change,
  };
}

export function snapshotBytes(
  change: Record<string, unknown> = {},
  sections: readonly TestSection[] = [],
): DataView<ArrayBuffer> {
  const own = new Set(sections.map(({ quantity }) => quantity));
  const usual: readonly TestSection[] = [
    { quantity: "scalars", values: Float64Array.of(0.5) },
    { quantity: "headline", values: Float64Array.of(1, Number.NaN, Number.NaN), shape: [1, 3] },
    { quantity: "hyperparameters", values: Float64Array.of(0.001) },
    clockOf(10),
  ];
  const bytes = encodeFrame(snapshotHeader(change), [
    ...usual.filter(({ quantity }) => !own.has(quantity)),
    ...sections,
  ]);
  return new DataView(bytes.buffer);
}

/** The clock of epochs that have so many steps. */
export function clockOf(stepsPerEpoch: number): TestSection {
  const far = 1_000_000;
  const rows = Float64Array.of(0, 0, stepsPerEpoch, far * stepsPerEpoch, far, stepsPerEpoch);
  return { quantity: "clock", values: rows, shape: [2, 3] };
}

/** Two inputs, three tanh units, one sigmoid unit, as nnvis_widget.core.graph writes it. */
export function graphJson(generation = 1): Record<string, unknown> {
  const layer = (id: string, name: string, type: string, units: number, inputs: number, activation: string | null) => ({
    id,
    name,
    type,
    role: inputs === 0 ? "input" : "dense",
    output_shape: [[null, units]],
    parameters:
      inputs === 0
        ? []
        : [
            { name: "kernel", shape: [inputs, units], dtype: "float32", is_trainable: true },
            { name: "bias", shape: [units], dtype: "float32", is_trainable: true },
          ],
    parameter_count: inputs === 0 ? 0 : (inputs + 1) * units,
    activation,
    units,
    note: null,
    unit_names: [],
  });
  return {
    name: "moons",
    layers: [
      layer("L0", "input", "InputLayer", 2, 0, null),
      layer("L1", "dense", "Dense", 3, 2, "tanh"),
      layer("L2", "output", "Dense", 1, 3, "sigmoid"),
    ],
    links: [
      { source: "L0", target: "L1" },
      { source: "L1", target: "L2" },
    ],
    inputs: ["L0"],
    outputs: ["L2"],
    parameter_count: 13,
    trainable_count: 13,
    is_built: true,
    generation,
  };
}
