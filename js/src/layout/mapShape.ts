import { ANATOMY, type Role } from "../core/anatomy.ts";
import type { Graph, Layer } from "../core/graph.ts";
import { MAP_LIMIT } from "../core/limits.ts";
import type { NetworkNode } from "./readNodes.ts";

/** Rows, columns and number of maps. */
export type MapShape = readonly [number, number, number];

/** What the maps of a layer are, a sequence being one row; twin of `map_shape` in nnvis_widget/core/graph.py. */
export function mapShapeOf(layer: Layer): MapShape | null {
  const [rows, columns, count] = gridShape(layer) ?? [];
  if (!rows || !columns || !count || rows * columns * count > MAP_LIMIT) return null;
  const isOther = layer.note !== null || layer.role === "input" || layer.role === "attention";
  return isOther ? null : [rows, columns, count];
}

/** Rows, columns and channels of what a layer puts out; twin of `grid_shape` in nnvis_widget/core/graph.py. */
export function gridShape({ outputShape, channels, grid }: Layer): MapShape | null {
  if (grid != null) return [grid[0], grid[1], grid[2]];
  const sizes = outputShape.length === 1 ? (outputShape[0] ?? []).slice(1) : [];
  const [first = 0, second = 0, third = 0] = sizes.map((size) => size ?? 0);
  if (sizes.length === 2 && channels) return channels === "first" ? [1, second, first] : [1, first, second];
  if (sizes.length !== 3) return null;
  return channels === "first" ? [second, third, first] : [first, second, third];
}

/** Rows and columns of a map, before them slices where it has any, as the layer puts them out. */
export function spaceOf({ layers: [main], shape, maps }: NetworkNode): readonly number[] {
  if (main?.grid == null) return maps?.slice(0, 2) ?? [];
  return (main.channels === "first" ? shape.slice(1) : shape.slice(0, -1)).map((size) => size ?? 1);
}

/** A place as a number an axis. */
export function placeIn(space: readonly number[], place: number): string {
  const axes: number[] = [];
  let rest = place;
  for (const size of [...space].reverse()) {
    axes.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `(${axes.join(", ")})`;
}

/** Whether its units are called maps: not those of a layer over a sequence, which have a strip each all the same. */
export function hasNamedMaps(layer: Layer): boolean {
  return mapShapeOf(layer) !== null && (!isSequence(layer) || ANATOMY[layer.role].hasMaps);
}

/** Whether what it puts out is a sequence that is drawn as strips. */
export function isSequence({ outputShape, channels }: Layer): boolean {
  return channels != null && outputShape[0]?.length === 3;
}

/** Rows, columns and number of the pictures of an attention layer, one for each head; null of any other layer. */
export function headShapeOf({ attention, note }: Layer): MapShape | null {
  if (attention == null || note !== null) return null;
  const [rows, columns] = attention.block;
  return [Math.ceil(attention.queries / rows), Math.ceil(attention.keys / columns), attention.heads];
}

/**
 * Whether what a layer puts out are maps: those of a convolution or a pooling, what comes of pictures, and what is given
 * the shape of pictures for one of these.
 */
export function hasMaps(layer: Layer, graph: Graph, layers: ReadonlyMap<string, Layer>): boolean {
  if (mapShapeOf(layer) === null) return false;
  if (ANATOMY[layer.role].hasMaps || isSequence(layer)) return true;
  const ends = (from: "source" | "target", to: "source" | "target"): Layer[] =>
    graph.links.filter((link) => link[from] === layer.id).flatMap((link) => layers.get(link[to]) ?? []);
  if (layer.role === "reshape") return ends("source", "target").some(takesPictures);
  const sources = ends("target", "source");
  return sources.length > 0 && sources.every(({ outputShape }) => (outputShape[0]?.length ?? 0) > 3);
}

function takesPictures({ role, parameters }: Layer): boolean {
  return ANATOMY[role].hasMaps || parameters.some(({ name, shape }) => name === "kernel" && shape.length > 3);
}

/** The first kernel of a layer that moves kernels over pictures; of a separable one that of each map. */
function kernelOver({ role, parameters, outputShape }: Layer): readonly number[] | undefined {
  const kernel = parameters.find(({ name }) => name.endsWith("kernel"));
  return kernel?.shape.length === outputShape[0]?.length && ANATOMY[role].hasMaps ? kernel?.shape : undefined;
}

/** How many inputs the kernel of a map reaches over where it is one picture, grey or in colour; else 0. */
export function kernelInputs(layer: Layer | undefined): number {
  const shape = layer === undefined ? undefined : kernelOver(layer);
  if (shape === undefined || shape.length > 4) return 0;
  if (layer?.role === "depthwise") return 1;
  const inputs = shape.at(layer?.role === "transposed" ? -1 : -2);
  return inputs === 1 || (inputs === 3 && shape.length === 4) ? inputs : 0;
}

/** Whether maps come of other maps by kernels. */
export function kernelOfMaps({ kind, layers: [main] }: Pick<NetworkNode, "kind" | "layers">): boolean {
  return kind === "maps" && main !== undefined && kernelOver(main) !== undefined;
}

/** Whether unit i comes of map i before it, and of nothing else, if there are as many. */
export function passesMaps({ kind, layers: [main] }: Pick<NetworkNode, "kind" | "layers">): boolean {
  if (main === undefined) return false;
  return kind === "named" ? main.role === "pool" : kind === "maps" && ONE_BY_ONE.has(main.role);
}

const ONE_BY_ONE: ReadonlySet<Role> = new Set(["pool", "norm", "elementwise", "depthwise"]);
