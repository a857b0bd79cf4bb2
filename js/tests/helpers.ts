import { chainGraph, scenery } from "../demo/frames.ts";
import { type ActivationName, createMlp, seeded } from "../demo/mlp.ts";
import { twoLanes as lanesOf } from "../demo/structureScenes.ts";
import type { Scenery } from "../src/core/frame.ts";
import type { Graph } from "../src/core/graph.ts";
import { placeColumns } from "../src/layout/placeColumns.ts";
import type { Scene } from "../src/layout/scene.ts";
import type { Measure } from "../src/lib/fitText.ts";
import type { Actions } from "../src/ui/kit/shell.ts";

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

export const twoLanes = (): Graph => lanesOf("lanes", ["left_input", "right_input"]);

/** For what is looked at without being steered. */
export const noActions: Actions = {
  command: () => {},
  seek: () => {},
  seekBy: () => {},
  toggleTraining: () => {},
  stepThrough: () => {},
  toggleBookmark: () => {},
};
