import type { Frame, Scenery } from "../src/core/frame.ts";
import type { Graph } from "../src/core/graph.ts";

/** What the demo page shows: a network and a frame for each sample. */
export interface DemoScene {
  readonly graph: Graph | null;
  readonly scenery: Scenery | null;
  frame(sample: number): Frame | null;
  readonly selection?: { readonly layer: string; readonly unit: number };
  readonly sample?: number;
  readonly edges?: "weight" | "signal" | "gradient";
}
