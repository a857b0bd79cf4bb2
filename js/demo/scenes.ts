import { Frame, type Scenery } from "../src/core/frame.ts";
import type { Graph } from "../src/core/graph.ts";
import { chainFrame, chainGraph, denseLayer, emptyFrame, graph, header, layer, scenery, section } from "./frames.ts";
import { type ActivationName, createMlp, type Dense, forward, gaussian, seeded, train } from "./mlp.ts";

export interface DemoScene {
  readonly graph: Graph | null;
  readonly scenery: Scenery | null;
  frame(sample: number): Frame | null;
  readonly selection?: { readonly layer: string; readonly unit: number };
  readonly sample?: number;
  readonly edges?: "weight" | "signal" | "gradient";
}

interface Row {
  readonly x: number[];
  readonly y: number[];
  readonly target: number;
}

function planeScenery(rows: readonly Row[], validation: readonly Row[], more: Partial<Scenery>): Scenery {
  const points = (name: string, some: readonly Row[]) => [
    section("points", "", name, [some.length, 2], Float32Array.from(some.flatMap((row) => row.x))),
    section(
      "point_target",
      "",
      name,
      [some.length],
      Float32Array.from(some, (row) => row.target),
    ),
    section(
      "point_index",
      "",
      name,
      [some.length],
      Int32Array.from(some, (_, i) => i),
    ),
  ];
  return scenery({
    extent: [-2.2, 2.2, -2.2, 2.2],
    sampleCount: rows.length,
    featureNames: ["x₁", "x₂"],
    sections: [...points("train", rows), ...points("validation", validation)],
    ...more,
  });
}

function moonRows(count: number, seed: number): Row[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const target = i % 2;
    const angle = Math.PI * random();
    const [cx, cy] = target === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    const x = [1.35 * (cx - 0.5) + 0.16 * gaussian(random), 1.7 * (cy - 0.25) + 0.16 * gaussian(random)];
    return { x, y: [target], target };
  });
}

function planeScene(
  hidden: readonly number[],
  activation: ActivationName,
  out: number,
  rows: Row[],
  validation: Row[],
  names: string[],
  epochs: number,
): DemoScene {
  const last: ActivationName = out === 1 ? "sigmoid" : "softmax";
  const layers = createMlp([2, ...hidden, out], [...hidden.map(() => activation), last], seeded(5));
  train(layers, rows, epochs, 0.25, 16);
  const loss = validation.reduce((sum, row) => {
    const p = forward(layers, row.x).a.at(-1) ?? new Float32Array();
    return (
      sum - Math.log(Math.max(1e-7, out === 1 ? (row.target ? (p[0] ?? 0) : 1 - (p[0] ?? 0)) : (p[row.target] ?? 0)))
    );
  }, 0);
  const dense = [...hidden.map((_, i) => (i === 0 ? "dense" : `dense_${i}`)), "output"];
  const known = planeScenery(rows, validation, { classNames: names, sampleCount: rows.length });
  return {
    graph: chainGraph("moons_mlp", layers, dense, [2]),
    scenery: known,
    selection: { layer: "L2", unit: 1 },
    sample: 23,
    frame: (index) => {
      const row = rows[index] ?? { x: [0, 0], y: [0], target: 0 };
      const scalars = { loss: 0.08, val_loss: loss / validation.length, val_accuracy: 0.983 };
      return chainFrame(layers, { index, ...row }, scalars, { extent: [-2.2, 2.2, -2.2, 2.2] });
    },
  };
}

function moons(): DemoScene {
  return planeScene([6, 4], "tanh", 1, moonRows(160, 1), moonRows(60, 2), ["class 0", "class 1"], 240);
}

function rings(): DemoScene {
  const make = (count: number, seed: number): Row[] => {
    const random = seeded(seed);
    return Array.from({ length: count }, (_, i) => {
      const target = i % 3;
      const angle = 2.1 * target + 0.9 * (random() - 0.5) + random();
      const radius = 0.5 + 1.2 * random();
      const y = [0, 0, 0];
      y[target] = 1;
      return { x: [radius * Math.cos(angle), radius * Math.sin(angle)], y, target };
    });
  };
  return planeScene([8, 5], "relu", 3, make(150, 3), make(60, 4), ["setosa", "versicolor", "virginica"], 120);
}

function regression(): DemoScene {
  const random = seeded(8);
  const rows: Row[] = Array.from({ length: 120 }, () => {
    const x = [4 * random() - 2, 4 * random() - 2];
    const target = Math.sin(1.5 * (x[0] ?? 0)) + 0.5 * (x[1] ?? 0);
    return { x, y: [target], target };
  });
  const layers = createMlp([2, 8, 1], ["tanh", "linear"], seeded(2));
  train(layers, rows, 200, 0.1, 16);
  return {
    graph: chainGraph("surface", layers, ["hidden", "value"], [2]),
    scenery: planeScenery(rows, [], { task: "regression" }),
    sample: 4,
    frame: (index) => {
      const row = rows[index] ?? { x: [0, 0], y: [0], target: 0 };
      return chainFrame(layers, { index, ...row }, { loss: 0.0123 }, { extent: [-2.2, 2.2, -2.2, 2.2] });
    },
  };
}

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function digitRows(count: number): Row[] {
  const canvas = document.createElement("canvas");
  canvas.width = 28;
  canvas.height = 28;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const random = seeded(11);
  return Array.from({ length: count }, (_, i) => {
    const target = i % 10;
    const y = new Array<number>(10).fill(0);
    y[target] = 1;
    if (context === null) return { x: [], y, target };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, 28, 28);
    context.translate(14 + 3 * (random() - 0.5), 14 + 3 * (random() - 0.5));
    context.rotate(0.5 * (random() - 0.5));
    context.fillStyle = "#fff";
    context.font = `${random() < 0.5 ? "italic " : ""}bold ${18 + 5 * random()}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(target), 0, 0);
    const pixels = context.getImageData(0, 0, 28, 28).data;
    const x = Array.from({ length: 784 }, (_, p) => Math.min(1, 0.8 * ((pixels[4 * p] ?? 0) / 255) + 0.08 * random()));
    return { x, y, target };
  });
}

function digits(hidden = 64, extra: readonly number[] = []): DemoScene {
  const rows = digitRows(300);
  const sizes = [784, hidden, ...extra, 10];
  const layers = createMlp(sizes, [...sizes.slice(1, -1).map(() => "relu" as const), "softmax"], seeded(7));
  train(layers, rows, hidden > 64 ? 1 : 4, 0.1, 10);
  const names = [...sizes.slice(1, -1).map((_, i) => (i === 0 ? "dense" : `dense_${i}`)), "output"];
  const bytes = Uint8Array.from(rows.slice(0, 10).flatMap((row) => row.x.map((v) => 255 * v)));
  return {
    graph: chainGraph("digits_mlp", layers, names, [784]),
    scenery: scenery({
      classNames: DIGITS,
      imageShape: [28, 28],
      sampleCount: 300,
      sections: [
        section("thumbnail", "", "", [10, 28, 28], bytes, { lo: 0, hi: 1 }),
        section(
          "thumbnail_index",
          "",
          "",
          [10],
          Int32Array.from({ length: 10 }, (_, i) => i),
        ),
        section(
          "thumbnail_target",
          "",
          "",
          [10],
          Float32Array.from({ length: 10 }, (_, i) => i),
        ),
      ],
    }),
    selection: { layer: "L1", unit: 36 },
    sample: 4,
    edges: "signal",
    frame: (index) => {
      const row = rows[index] ?? { x: [], y: [], target: 0 };
      return chainFrame(layers, { index, ...row }, { loss: 0.2, accuracy: 0.94 }, null, [28, 28]);
    },
  };
}

function irisScene(): DemoScene {
  const random = seeded(21);
  const centers = [
    [-1.1, 0.9, -1.3, -1.2],
    [0.2, -0.7, 0.4, 0.2],
    [1, 0.1, 1.1, 1.2],
  ];
  const rows: Row[] = Array.from({ length: 90 }, (_, i) => {
    const target = i % 3;
    const y = [0, 0, 0];
    y[target] = 1;
    return { x: (centers[target] ?? []).map((c) => c + 0.4 * gaussian(random)), y, target };
  });
  const layers = createMlp([4, 8, 3], ["relu", "softmax"], seeded(3));
  train(layers, rows, 40, 0.1, 8);
  return {
    graph: chainGraph("iris", layers, ["hidden", "species"], [4]),
    scenery: scenery({
      featureNames: ["sepal length", "sepal width", "petal length", "petal width"],
      classNames: ["setosa", "versicolor", "virginica"],
      sampleCount: 90,
    }),
    selection: { layer: "L1", unit: 2 },
    sample: 7,
    frame: (index) => {
      const row = rows[index] ?? { x: [], y: [], target: 0 };
      return chainFrame(layers, { index, ...row }, { loss: 0.1 }, null);
    },
  };
}

function twoInputs(): DemoScene {
  const random = seeded(31);
  const a = createMlp([3, 8], ["tanh"], random);
  const b = createMlp([5, 12, 8], ["tanh", "tanh"], random);
  const c = createMlp([8, 6, 1], ["relu", "linear"], random);
  const layers = [
    layer("A", "image_statistics", "InputLayer", [3]),
    layer("B", "measurements", "InputLayer", [5]),
    denseLayer("D0", "left", 3, 8, "tanh"),
    denseLayer("D1", "right", 5, 12, "tanh"),
    denseLayer("D2", "right_2", 12, 8, "tanh"),
    layer("M", "add", "Add", [8]),
    denseLayer("D3", "joined", 8, 6, "linear"),
    layer("R", "re_lu", "ReLU", [6]),
    layer("P", "dropout", "Dropout", [6]),
    denseLayer("D4", "price", 6, 1, "linear"),
  ];
  const links = [
    ["A", "D0"],
    ["B", "D1"],
    ["D1", "D2"],
    ["D0", "M"],
    ["D2", "M"],
    ["M", "D3"],
    ["D3", "R"],
    ["R", "P"],
    ["P", "D4"],
  ] as const;
  const kernel = (id: string, dense: Dense | undefined) =>
    dense === undefined
      ? []
      : [
          section("weight", id, "kernel", [dense.inputs, dense.units], dense.kernel),
          section("weight", id, "bias", [dense.units], dense.bias),
        ];
  return {
    graph: graph("two_inputs", layers, links),
    scenery: scenery({ task: "regression", sampleCount: 10 }),
    frame: () => {
      const pa = forward(a, [0.4, -1, 0.3]);
      const pb = forward(b, [1, -0.5, 0.2, 0.1, -1.2]);
      const sum = (pa.a[1] ?? new Float32Array()).map((v, i) => v + (pb.a[2]?.[i] ?? 0));
      const pc = forward(c, sum);
      const act = (id: string, values: Float32Array | undefined) =>
        values === undefined ? [] : [section("activation", id, "", [values.length], values)];
      const sections = [
        ...act("A", pa.a[0]),
        ...act("D0", pa.a[1]),
        ...act("B", pb.a[0]),
        ...act("D1", pb.a[1]),
        ...act("D2", pb.a[2]),
        ...act("M", sum),
        ...act("D3", pc.z[0]),
        ...act("R", pc.a[1]),
        ...act("P", pc.a[1]),
        ...act("D4", pc.a[2]),
        ...kernel("D0", a[0]),
        ...kernel("D1", b[0]),
        ...kernel("D2", b[1]),
        ...kernel("D3", c[0]),
        ...kernel("D4", c[1]),
      ];
      return new Frame(header, new Map([["loss", 1.2]]), new Map(), sections, 0);
    },
  };
}

function conv(): DemoScene {
  const layers = [
    layer("L0", "input_layer", "InputLayer", [28, 28, 1]),
    layer("L1", "conv2d", "Conv2D", [26, 26, 8], { parameterCount: 80, activation: "relu", note: "no inner view" }),
    layer("L2", "max_pooling2d", "MaxPooling2D", [13, 13, 8]),
    layer("L3", "my_attention_block_with_a_long_name", "Functional", [13, 13, 8], {
      parameterCount: 1234,
      note: "a model inside this model",
    }),
    layer("L4", "flatten", "Flatten", [1352]),
    denseLayer("L5", "dense", 1352, 32, "relu"),
    layer("L6", "dropout", "Dropout", [32]),
    denseLayer("L7", "output", 32, 10, "softmax"),
  ];
  const base = digits(32);
  const row = base.frame(4);
  const layersOf = createMlp([1352, 32, 10], ["relu", "softmax"], seeded(4));
  const random = seeded(14);
  const flat = Float32Array.from({ length: 1352 }, () => Math.max(0, gaussian(random)));
  const inner = chainFrame(layersOf, { index: 4, x: flat, y: [], target: 4 }, {}, null);
  const rename: Record<string, string> = { L1: "L5", L2: "L7" };
  const sections = [
    ...inner.sections
      .filter((one) => one.layer !== "L0")
      .map((one) => ({ ...one, layer: rename[one.layer] ?? one.layer })),
    ...(row?.sections.filter((one) => one.layer === "L0") ?? []),
  ];
  const pairs = layers.slice(1).map((one, i) => [`L${i}`, one.id] as const);
  return {
    graph: graph("small_cnn", layers, pairs),
    scenery: base.scenery,
    frame: () => new Frame({ ...header, sample: 4, target: 4 }, new Map(), new Map(), sections, 0),
  };
}

function resnet(): DemoScene {
  const layers = [layer("L0", "input", "InputLayer", [32, 32, 3])];
  const links: [string, string][] = [];
  for (let block = 0; block < 12; block++) {
    const from = layers.at(-1)?.id ?? "L0";
    for (const [i, type] of ["Conv2D", "BatchNormalization"].entries()) {
      layers.push(
        layer(`B${block}${i}`, `block${block}_${type.toLowerCase()}`, type, [32, 32, 16], { parameterCount: 2320 }),
      );
      links.push([i === 0 ? from : `B${block}0`, `B${block}${i}`]);
    }
    layers.push(layer(`B${block}A`, `block${block}_add`, "Add", [32, 32, 16]));
    links.push([`B${block}1`, `B${block}A`], [from, `B${block}A`]);
  }
  return { graph: graph("resnet", layers, links), scenery: null, frame: () => emptyFrame() };
}

function broken(): DemoScene {
  const base = moons();
  return {
    ...base,
    frame: (index) => {
      const frame = base.frame(index);
      if (frame === null) return null;
      const sections = frame.sections.map((one) => {
        const values = one.values.slice();
        if (one.layer === "L2")
          values.fill(one.quantity === "field" ? 0 : Number.NaN, 0, one.quantity === "field" ? 1024 : 4);
        return { ...one, values };
      });
      return new Frame({ ...frame.header, state: "failed" }, new Map([["loss", Number.NaN]]), new Map(), sections, 0);
    },
  };
}

function unbuilt(): DemoScene {
  const layers = ["dense", "dropout", "dense_1"].map((name, i) => ({
    ...layer(`L${i}`, name, i === 1 ? "Dropout" : "Dense", []),
    outputShape: [],
    units: null,
  }));
  return {
    graph: graph(
      "sequential",
      layers,
      [
        ["L0", "L1"],
        ["L1", "L2"],
      ],
      { isBuilt: false, inputs: [] },
    ),
    scenery: null,
    frame: () => null,
  };
}

export const SCENES: Readonly<Record<string, () => DemoScene>> = {
  moons,
  rings,
  regression,
  digits,
  wide: () => digits(300, [1500]),
  iris: irisScene,
  inputs: twoInputs,
  conv,
  resnet,
  nan: broken,
  unbuilt,
  waiting: () => ({ ...moons(), frame: () => null }),
  empty: () => ({ graph: graph("empty", [], []), scenery: null, frame: () => null }),
  none: () => ({ graph: null, scenery: null, frame: () => null }),
};
