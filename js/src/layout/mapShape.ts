import type { Role } from "../core/anatomy.ts";
import type { Graph, Layer } from "../core/graph.ts";
import { MAP_LIMIT } from "../core/limits.ts";
import type { NetworkNode } from "./readNodes.ts";

/** Rows, columns and number of maps. */
export type MapShape = readonly [number, number, number];

/** What the maps of a layer are, its last axis counting them; twin of `map_shape` in nnvis_widget/core/graph.py. */
export function mapShapeOf({ outputShape, role, note }: Layer): MapShape | null {
  const [, rows, columns, count, ...more] = (outputShape.length === 1 ? outputShape[0] : undefined) ?? [];
  if (!rows || !columns || !count || more.length > 0 || rows * columns * count > MAP_LIMIT) return null;
  return note !== null || role === "input" || role === "attention" ? null : [rows, columns, count];
}

const OF_PICTURES: ReadonlySet<Role> = new Set(["conv", "pool"]);

/**
 * Whether what a layer puts out are maps: those of a convolution or a pooling, what comes of pictures, and what is given
 * the shape of pictures for one of these.
 */
export function hasMaps(layer: Layer, graph: Graph, layers: ReadonlyMap<string, Layer>): boolean {
  if (mapShapeOf(layer) === null) return false;
  if (OF_PICTURES.has(layer.role)) return true;
  const ends = (from: "source" | "target", to: "source" | "target"): Layer[] =>
    graph.links.filter((link) => link[from] === layer.id).flatMap((link) => layers.get(link[to]) ?? []);
  if (layer.role === "reshape") return ends("source", "target").some(takesPictures);
  const sources = ends("target", "source");
  return sources.length > 0 && sources.every(({ outputShape }) => outputShape[0]?.length === 4);
}

function takesPictures({ role, parameters }: Layer): boolean {
  return OF_PICTURES.has(role) || parameters.some(({ name, shape }) => name === "kernel" && shape.length === 4);
}

/** How many inputs the kernel of a convolution reaches over where it is one picture, grey or in colour; else 0. */
export function kernelInputs(layer: Layer | undefined): number {
  const kernel = layer?.parameters.find(({ name }) => name === "kernel");
  const inputs = kernel?.shape.length === 4 ? (kernel.shape[2] ?? 0) : 0;
  return layer?.role === "conv" && (inputs === 1 || inputs === 3) ? inputs : 0;
}

/** Whether maps come of other maps by a kernel for each pair. */
export function kernelOfMaps({ kind, layers: [main] }: Pick<NetworkNode, "kind" | "layers">): boolean {
  const kernel = main?.parameters.find(({ name }) => name === "kernel");
  return kind === "maps" && main?.role === "conv" && kernel?.shape.length === 4;
}

/** Whether unit i comes of map i before it, and of nothing else, if there are as many. */
export function passesMaps({ kind, layers: [main] }: Pick<NetworkNode, "kind" | "layers">): boolean {
  if (main === undefined) return false;
  if (kind === "named") return main.role === "pool";
  const isDepthwise = main.role === "opaque" && main.window != null;
  return kind === "maps" && (ONE_BY_ONE.has(main.role) || isDepthwise);
}

const ONE_BY_ONE: ReadonlySet<Role> = new Set(["pool", "norm", "elementwise"]);
