import { chainGraph, denseLayer, graph, layer, scenery } from "../demo/frames.ts";
import { type ActivationName, createMlp, seeded } from "../demo/mlp.ts";
import type { Scenery } from "../src/core/frame.ts";
import type { Graph } from "../src/core/graph.ts";
import { placeColumns } from "../src/layout/placeColumns.ts";
import type { Scene } from "../src/layout/scene.ts";
import type { Measure } from "../src/lib/fitText.ts";

/** DejaVu Sans is about this wide. */
export const measure: Measure = (text, weight = "normal") => text.length * (weight === "normal" ? 7.4 : 8.2);

export function chain(sizes: readonly number[], activation: ActivationName = "tanh"): Graph {
  const layers = createMlp(
    sizes,
    sizes.slice(1).map(() => activation),
    seeded(1),
  );
  return chainGraph(
    "chain",
    layers,
    sizes.slice(1).map((_, i) => `dense_${i}`),
    [sizes[0] ?? 1],
  );
}

export const plane: Scenery = scenery({ extent: [-2, 2, -2, 2] });

export function place(graphToPlace: Graph, known: Scenery | null = null, width = 1053, height = 640): Scene {
  return placeColumns({ graph: graphToPlace, scenery: known, width, height, measure });
}

/** Two inputs, the right branch one layer longer, joined by Add, then a Dense with ReLU and Dropout folded in. */
export function twoLanes(): Graph {
  return graph(
    "lanes",
    [
      layer("A", "left_input", "InputLayer", [3]),
      layer("B", "right_input", "InputLayer", [5]),
      denseLayer("D0", "left", 3, 8, "tanh"),
      denseLayer("D1", "right", 5, 12, "tanh"),
      denseLayer("D2", "right_2", 12, 8, "tanh"),
      layer("M", "add", "Add", [8]),
      denseLayer("D3", "joined", 8, 6, "linear"),
      layer("R", "re_lu", "ReLU", [6]),
      layer("P", "dropout", "Dropout", [6]),
      denseLayer("D4", "price", 6, 1, "linear"),
    ],
    [
      ["A", "D0"],
      ["B", "D1"],
      ["D1", "D2"],
      ["D0", "M"],
      ["D2", "M"],
      ["M", "D3"],
      ["D3", "R"],
      ["R", "P"],
      ["P", "D4"],
    ],
  );
}
