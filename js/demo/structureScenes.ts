import { Frame } from "../src/core/frame.ts";
import type { Graph } from "../src/core/graph.ts";
import type { DemoScene } from "./demoScene.ts";
import { chainFrame, denseLayer, emptyFrame, graph, header, layer, scenery, section } from "./frames.ts";
import { NUMBERS } from "./judged.ts";
import { createMlp, type Dense, forward, gaussian, seeded } from "./mlp.ts";
import { digits, moons } from "./trainedScenes.ts";

/** Two inputs, the right branch one layer longer, joined by Add, then a Dense with ReLU and Dropout folded in. */
export function twoLanes(name: string, inputs: readonly [string, string]): Graph {
  const layers = [
    layer("A", inputs[0], "InputLayer", [3]),
    layer("B", inputs[1], "InputLayer", [5]),
    denseLayer("D0", "left", 3, 8, "tanh"),
    denseLayer("D1", "right", 5, 12, "tanh"),
    denseLayer("D2", "right_2", 12, 8, "tanh"),
    layer("M", "add", "Add", [8]),
    denseLayer("D3", "joined", 8, 6, "linear"),
    layer("R", "re_lu", "ReLU", [6], { activation: "relu" }),
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
  return graph(name, layers, links);
}

export function twoInputs(): DemoScene {
  const random = seeded(31);
  const a = createMlp([3, 8], ["tanh"], random);
  const b = createMlp([5, 12, 8], ["tanh", "tanh"], random);
  const c = createMlp([8, 6, 1], ["relu", "linear"], random);
  const kernel = (id: string, dense: Dense | undefined) =>
    dense === undefined
      ? []
      : [
          section("weight", id, "kernel", [dense.inputs, dense.units], dense.kernel),
          section("weight", id, "bias", [dense.units], dense.bias),
        ];
  return {
    graph: twoLanes("two_inputs", ["image_statistics", "measurements"]),
    scenery: scenery({ task: NUMBERS, sampleCount: 10 }),
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

export function conv(): DemoScene {
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

export function resnet(): DemoScene {
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

/** A chain of layers that are named only. */
export function cards(count: number): DemoScene {
  const layers = Array.from({ length: count }, (_, i) =>
    layer(`C${i}`, i === 0 ? "input" : `conv2d_${i}`, i === 0 ? "InputLayer" : "Conv2D", [32, 32, 8], {
      note: "no inner view",
    }),
  );
  const links = layers.slice(1).map(({ id }, i) => [`C${i}`, id] as const);
  return { graph: graph("strip", layers, links), scenery: null, frame: () => emptyFrame() };
}

export function broken(): DemoScene {
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

/** Nothing is a number any more. */
export function diverged(base: DemoScene): DemoScene {
  return {
    ...base,
    frame: (index) => {
      const frame = base.frame(index);
      if (frame === null) return null;
      const sections = frame.sections.map((one) => {
        if (one.layer === "L0" || one.name === "class") return one;
        const values = one.values.slice();
        values.fill(values instanceof Uint8Array ? 0 : Number.NaN);
        return { ...one, values };
      });
      return new Frame({ ...frame.header, state: "failed" }, new Map([["loss", Number.NaN]]), new Map(), sections, 0);
    },
  };
}

export function unbuilt(): DemoScene {
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
