import type { Scenery } from "../src/core/frame.ts";
import type { DemoScene } from "./demoScene.ts";
import { chainFrame, chainGraph, type DemoDetail, scenery, section } from "./frames.ts";
import { CLASSES, NUMBERS, TWO_CLASSES } from "./judged.ts";
import { type ActivationName, createMlp, forward, gaussian, seeded, train } from "./mlp.ts";

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
  const known = planeScenery(rows, validation, {
    classNames: names,
    sampleCount: rows.length,
    task: out === 1 ? TWO_CLASSES : CLASSES,
  });
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

export function moons(): DemoScene {
  return planeScene([6, 4], "tanh", 1, moonRows(160, 1), moonRows(60, 2), ["class 0", "class 1"], 240);
}

/** Moons with any hidden layers, as the playground notebook builds them. */
export function playground(hidden: readonly number[], activation: ActivationName): DemoScene {
  const scene = planeScene(hidden, activation, 1, moonRows(160, 1), moonRows(60, 2), ["class 0", "class 1"], 30);
  return { ...scene, selection: { layer: "L1", unit: 0 } };
}

export function rings(): DemoScene {
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

export function regression(): DemoScene {
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
    scenery: planeScenery(rows, [], { task: NUMBERS }),
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

export function digits(hidden = 64, extra: readonly number[] = [], detail?: DemoDetail): DemoScene {
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
      return chainFrame(layers, { index, ...row }, { loss: 0.2, accuracy: 0.94 }, null, [28, 28], detail);
    },
  };
}

export function irisScene(): DemoScene {
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
