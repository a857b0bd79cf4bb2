import { BUNDLE_LIMIT, STROKE_LIMIT } from "../../core/limits.ts";
import { COLUMN_LAYOUTS } from "../../layout/kinds/columnLayouts.ts";
import type { Column } from "../../layout/scene.ts";
import { at } from "../../lib/numbers.ts";

/** The edges of one pair of columns: curves from `sourceX` to `targetX`, and a value for each. */
export interface EdgeSet {
  readonly source: Column;
  readonly target: Column;
  readonly sourceX: number;
  readonly targetX: number;
  /** Sources (units, image rows or blocks) × units; edge = source · units + unit. */
  readonly sourceCount: number;
  readonly unitCount: number;
  /** Where only some connections of a larger kernel are known: source · units + unit of each edge. */
  readonly ids: Uint32Array | null;
  /** The only drawn unit of the source that the edges leave; null where they leave every source. */
  readonly origin: number | null;
  readonly y0: Float32Array;
  readonly y1: Float32Array;
  readonly values: Float32Array;
  /**
   * The edges to draw as curves, from the smallest magnitude to the largest: all, or the strongest of a crowd. Empty
   * for a raster.
   */
  order: Uint32Array;
  readonly isBundled: boolean;
  /** Painted as an image: too many for curves. */
  readonly isRaster: boolean;
}

export function sourceOf(set: EdgeSet, edge: number): number {
  return Math.floor((set.ids === null ? edge : at(set.ids, edge)) / set.unitCount);
}

export function unitOf(set: EdgeSet, edge: number): number {
  return (set.ids === null ? edge : at(set.ids, edge)) % set.unitCount;
}

/** Which of so many columns of bundles a unit is summed into: column j begins with unit floor(j · units / columns). */
export function bundleColumn(unit: number, columns: number, units: number): number {
  return Math.ceil(((unit + 1) * columns) / Math.max(1, units)) - 1;
}

export function firstOfColumn(column: number, columns: number, units: number): number {
  return Math.floor((column * units) / columns);
}

function portOf(column: Column, index: number, count: number): number {
  const ports = column.portY;
  if (count === ports.length) return at(ports, index);
  if (COLUMN_LAYOUTS[column.kind].hasEvenPorts) {
    return column.box.y + ((index + 0.5) / count) * column.box.height;
  }
  const first = Math.floor((index * ports.length) / count);
  const last = Math.min(ports.length - 1, Math.ceil(((index + 1) * ports.length) / count) - 1);
  return (at(ports, first) + at(ports, last)) / 2;
}

/** Height of each source's arrivals beside each other, so that edges into one unit do not meet in one point. */
function arrivalOffset(source: number, sourceCount: number, spread: number): number {
  return sourceCount > 1 ? (source / (sourceCount - 1) - 0.5) * spread : 0;
}

export function createEdgeSet(
  source: Column,
  target: Column,
  sourceCount: number,
  unitCount: number,
  isBundled: boolean,
  { isRaster = false, ids = null, origin = null }: Partial<Pick<EdgeSet, "isRaster" | "ids" | "origin">> = {},
): EdgeSet {
  const count = ids?.length ?? sourceCount * unitCount;
  const values = new Float32Array(count);
  const order = new Uint32Array(0);
  const shape = { sourceCount, unitCount, ids, origin, values, order, isBundled, isRaster };
  return placeEdges(shape, source, target);
}

/** The same edges between columns at another place: values and order are shared, only the curves are made. */
export function placeEdges(
  shape: Omit<EdgeSet, "source" | "target" | "sourceX" | "targetX" | "y0" | "y1">,
  source: Column,
  target: Column,
): EdgeSet {
  const { sourceCount, unitCount, ids, origin } = shape;
  const count = shape.values.length;
  const [y0, y1] = [new Float32Array(count), new Float32Array(count)];
  const starts = Float32Array.from({ length: sourceCount }, (_, s) => {
    return origin === null
      ? portOf(source, s, sourceCount)
      : at(source.portY, Math.min(source.portY.length - 1, origin));
  });
  const ends = Float32Array.from({ length: unitCount }, (_, u) => portOf(target, u, unitCount));
  const spread = Math.min(target.portSpread, sourceCount * 7);
  for (let edge = 0; edge < count; edge++) {
    const id = ids === null ? edge : at(ids, edge);
    const from = Math.floor(id / unitCount);
    y0[edge] = at(starts, from);
    y1[edge] = at(ends, id - from * unitCount) + arrivalOffset(from, sourceCount, spread);
  }
  return { ...shape, source, target, sourceX: source.outX, targetX: target.inX, y0, y1 };
}

/** Smallest magnitude first; what is not a number comes last, on top. Beyond the budget the weakest are left out. */
export function sortByMagnitude(set: EdgeSet): void {
  if (set.isRaster) return;
  const { values } = set;
  const most = set.isBundled ? BUNDLE_LIMIT : STROKE_LIMIT;
  const sizes = new Float32Array(values.length);
  for (let i = 0; i < sizes.length; i++) sizes[i] = magnitude(at(values, i));
  const least = sizes.length > most ? at(sizes.slice().sort(), sizes.length - most) : -1;
  const count = Math.min(most, sizes.length);
  if (set.order.length !== count) set.order = new Uint32Array(count);
  let next = 0;
  for (let i = 0; i < sizes.length && next < count; i++) if (at(sizes, i) >= least) set.order[next++] = i;
  set.order.sort((a, b) => at(sizes, a) - at(sizes, b));
}

function magnitude(value: number): number {
  return Number.isNaN(value) ? 3e38 : Math.min(3e38, Math.abs(value));
}
