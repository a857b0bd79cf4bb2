import { Frame } from "../src/core/frame.ts";
import type { DemoScene } from "./demoScene.ts";
import { chainFrame, chainGraph, scenery, section } from "./frames.ts";
import { type ActivationName, createMlp, type Dense, gaussian, seeded } from "./mlp.ts";
import { digits } from "./trainedScenes.ts";

/** What a person's model may bring: names that do not fit, sizes at the ends, numbers that are none. */
interface Wish {
  readonly sizes: readonly number[];
  readonly hidden?: ActivationName;
  readonly names?: readonly string[];
  readonly features?: readonly string[];
  readonly classes?: readonly string[];
  readonly title?: string;
  readonly change?: (layers: Dense[]) => void;
  readonly unit?: number;
}

const SAMPLES = 20;

const scaleFirst =
  (factor: number) =>
  ([first]: Dense[]): void =>
    first?.kernel.set(first.kernel.map((weight) => weight * factor));

function chain(wish: Wish): DemoScene {
  const { sizes, hidden = "tanh", title = "bad_input" } = wish;
  const hiddenCount = sizes.length - 2;
  const random = seeded(17);
  const activations: ActivationName[] = [...Array.from({ length: hiddenCount }, () => hidden), "softmax"];
  const layers = createMlp(sizes, activations, random);
  wish.change?.(layers);
  const inputs = sizes[0] ?? 1;
  const outputs = sizes.at(-1) ?? 1;
  const samples = Array.from({ length: SAMPLES }, () => Float32Array.from({ length: inputs }, () => gaussian(random)));
  const names = wish.names ?? [...Array.from({ length: hiddenCount }, (_, i) => `dense_${i}`), "output"];
  return {
    graph: chainGraph(title, layers, names, [inputs]),
    scenery: scenery({
      featureNames: wish.features ?? [],
      classNames: wish.classes ?? [],
      sampleCount: SAMPLES,
    }),
    selection: { layer: "L1", unit: wish.unit ?? 0 },
    frame: (index) => {
      const target = index % outputs;
      const y = Array.from({ length: outputs }, (_, i) => Number(i === target));
      return chainFrame(layers, { index, x: samples[index % SAMPLES] ?? [], y, target }, { loss: 0.5 }, null);
    },
  };
}

const LONG = `a_very_long_name_${"x".repeat(283)}`;
const HTML = "<img src=x onerror=alert(1)><b>bold</b>&amp;";
const EMOJI = "🧠👩‍👩‍👧‍👦🇩🇪 emoji";
const RIGHT_TO_LEFT = "שכבה נסתרת العربية";
const CONTROL = "a\u202egnp.exe\u0000\n\t\u200f";
const COMBINED = "Z̴̡̛͖̞͎̘a̸̧̺̮͝l̶g̵o";

const names = (): DemoScene =>
  chain({
    title: `${HTML} ${LONG}`,
    sizes: [6, 6, 5, 6],
    names: [LONG, RIGHT_TO_LEFT, HTML],
    features: [LONG, HTML, EMOJI, RIGHT_TO_LEFT, CONTROL, COMBINED],
    classes: [LONG, HTML, EMOJI, RIGHT_TO_LEFT, CONTROL, COMBINED],
  });

const manyOutputs = (): DemoScene => chain({ sizes: [8, 12, 40] });

const longClasses = (): DemoScene =>
  chain({
    sizes: [8, 16, 30],
    hidden: "relu",
    classes: Array.from({ length: 30 }, (_, i) => `class with a really long name, number ${i} of thirty`),
    unit: 3,
  });

const oneUnit = (): DemoScene => chain({ sizes: [1, 1, 1, 1] });

const thousandUnits = (): DemoScene => chain({ sizes: [10, 1000, 3], hidden: "relu", unit: 500 });

const constantWeights = (): DemoScene =>
  chain({ sizes: [4, 6, 3], change: (layers) => layers.forEach(({ kernel }) => void kernel.fill(0.5)) });

const hugeWeights = (): DemoScene =>
  chain({
    sizes: [6, 8, 3],
    hidden: "linear",
    change: scaleFirst(123456),
  });

const tinyWeights = (): DemoScene =>
  chain({
    sizes: [6, 8, 3],
    change: scaleFirst(1.23e-6),
  });

/** NaN and both infinities in every kind of tensor, over half of each. */
function notNumbers(): DemoScene {
  const base = chain({ sizes: [16, 6, 3], hidden: "relu" });
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    ...base,
    frame: (index) => {
      const frame = base.frame(index);
      if (frame === null) return null;
      const sections = frame.sections.map((one) => {
        if (one.values instanceof Uint8Array) return one;
        const values = one.values.slice();
        for (let i = 0; i < values.length; i += 2) values[i] = bad[(i / 2) % 3] ?? 0;
        return { ...one, values };
      });
      const scalars = new Map([
        ["loss", Number.NaN],
        ["val_loss", Number.POSITIVE_INFINITY],
      ]);
      return new Frame({ ...frame.header, state: "failed" }, scalars, new Map(), sections, 0);
    },
  };
}

/** A sample whose pixels are all zero. */
function zeroSample(): DemoScene {
  return withIncoming(digits(), 36, 0);
}

/** Digits with what Python sends for the selected unit: its 784 incoming weights. */
function digitsInspected(): DemoScene {
  return withIncoming(digits(), 36, 1);
}

function withIncoming(base: DemoScene, unit: number, scale: number): DemoScene {
  const random = seeded(5);
  const incoming = Float32Array.from({ length: 784 }, () => 0.1 * gaussian(random));
  const counts = Float32Array.from({ length: 24 }, (_, i) => Math.round(20 * Math.exp(-((i - 10) ** 2) / 20)));
  return {
    ...base,
    selection: { layer: "L1", unit },
    frame: (index) => {
      const frame = base.frame(index);
      if (frame === null) return null;
      const sections = frame.sections.map((one) => {
        if (one.quantity !== "activation" || one.layer !== "L0") return one;
        return { ...one, values: Float32Array.from(one.values, (value) => value * scale) };
      });
      const pixels = sections.find((one) => one.quantity === "activation" && one.layer === "L0")?.values ?? [];
      const bias = frame.section("weight", "L1", "bias")?.values[unit] ?? 0;
      const z = incoming.reduce((sum, weight, i) => sum + weight * (pixels[i] ?? 0), bias);
      const exact = sections.map((one) => {
        if (one.layer !== "L1" || (one.quantity !== "z" && one.quantity !== "activation")) return one;
        const values = one.values.slice();
        values[unit] = one.quantity === "z" ? z : Math.max(0, z);
        return { ...one, values };
      });
      exact.push(
        section("incoming", "L1", "weight", [784], incoming, { unit }),
        section("z_histogram", "L1", "", [24], counts, { unit, lo: -3, hi: 3, count: 256 }),
      );
      return new Frame(frame.header, frame.scalars, frame.hyperparameters, exact, 0);
    },
  };
}

export const BAD_SCENES: Readonly<Record<string, () => DemoScene>> = {
  names,
  outputs40: manyOutputs,
  classes30: longClasses,
  one: oneUnit,
  thousand: thousandUnits,
  constant: constantWeights,
  huge: hugeWeights,
  tiny: tinyWeights,
  infinite: notNumbers,
  zeros: zeroSample,
  inspected: digitsInspected,
};
