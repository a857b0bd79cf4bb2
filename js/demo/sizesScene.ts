import { Frame } from "../src/core/frame.ts";
import type { DemoScene } from "./demoScene.ts";
import { chainFrame, chainGraph, type DemoDetail, scenery } from "./frames.ts";
import { type ActivationName, createMlp, gaussian, seeded } from "./mlp.ts";

/** `?scene=sizes&sizes=9,1000,40&activation=relu&fill=zero`: any chain, with awkward names and values if wished. */
export function sizes(options: URLSearchParams, detail: DemoDetail): DemoScene {
  const widths = (options.get("sizes") ?? "4,1,3").split(",").map(Number);
  const hidden = (options.get("activation") ?? "relu") as ActivationName;
  const activations = widths.slice(1).map((_, i): ActivationName => (i === widths.length - 2 ? "softmax" : hidden));
  const layers = createMlp(widths, activations, seeded(6));
  const names = activations.map((_, i) => (i === activations.length - 1 ? "output" : `dense_layer_${i}`));
  const classes = Array.from({ length: widths.at(-1) ?? 1 }, (_, i) => `a class with a rather long name, number ${i}`);
  const fill = options.get("fill");
  return {
    graph: chainGraph("sizes", layers, names, [widths[0] ?? 1]),
    scenery: scenery({ classNames: options.has("names") ? classes : [], sampleCount: 20 }),
    selection: { layer: "L1", unit: 0 },
    frame: (index) => {
      const random = seeded(index + 1);
      const x = Float32Array.from({ length: widths[0] ?? 1 }, () => (fill === "zero" ? 0 : gaussian(random)));
      const frame = chainFrame(layers, { index, x, y: [], target: 0 }, { loss: 0.7 }, null, null, detail);
      const wrong = { constant: 0.5, infinite: Infinity, nan: Number.NaN }[fill ?? ""];
      if (wrong === undefined) return frame;
      const sections = frame.sections.map((one) => {
        const values = one.values.slice();
        if (fill === "constant" && one.quantity === "weight") values.fill(wrong);
        if (fill !== "constant") for (let i = 0; i < values.length; i += 3) values[i] = wrong;
        return { ...one, values };
      });
      return new Frame(frame.header, frame.scalars, frame.hyperparameters, sections, 0);
    },
  };
}
