import type { Column } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";

/** The edges of one pair of columns: curves from `sourceX` to `targetX`, and a value for each. */
export interface EdgeSet {
  readonly source: Column;
  readonly target: Column;
  readonly sourceX: number;
  readonly targetX: number;
  /** Sources (units, image rows or blocks) × units; edge = source · units + unit. */
  readonly sourceCount: number;
  readonly unitCount: number;
  readonly y0: Float32Array;
  readonly y1: Float32Array;
  readonly values: Float32Array;
  /** The edges to draw, from the smallest magnitude to the largest: all, or the strongest of a crowd. */
  order: Uint32Array;
  readonly isBundled: boolean;
}

function sourceY(column: Column, index: number, count: number): number {
  const ports = column.portY;
  if (count === ports.length) return at(ports, index);
  if (column.kind === "image" || column.kind === "card" || column.kind === "bins") {
    return column.box.y + ((index + 0.5) / count) * column.box.height;
  }
  const first = Math.floor((index * ports.length) / count);
  const last = Math.min(ports.length - 1, Math.ceil(((index + 1) * ports.length) / count) - 1);
  return (at(ports, first) + at(ports, last)) / 2;
}

function targetY(column: Column, unit: number, count: number): number {
  const port = Math.min(column.portY.length - 1, Math.floor((unit * column.portY.length) / count));
  return at(column.portY, port);
}

export function createEdgeSet(
  source: Column,
  target: Column,
  sourceCount: number,
  unitCount: number,
  isBundled: boolean,
): EdgeSet {
  const count = sourceCount * unitCount;
  const y0 = new Float32Array(count);
  const y1 = new Float32Array(count);
  const spread = Math.min(target.portSpread, sourceCount * 7);
  for (let s = 0; s < sourceCount; s++) {
    const start = sourceY(source, s, sourceCount);
    const offset = sourceCount > 1 ? (s / (sourceCount - 1) - 0.5) * spread : 0;
    for (let u = 0; u < unitCount; u++) {
      y0[s * unitCount + u] = start;
      y1[s * unitCount + u] = targetY(target, u, unitCount) + offset;
    }
  }
  return {
    source,
    target,
    sourceX: source.outX,
    targetX: target.inX,
    sourceCount,
    unitCount,
    y0,
    y1,
    values: new Float32Array(count),
    order: new Uint32Array(0),
    isBundled,
  };
}

const MOST_STROKES = 4000;
const MOST_BUNDLES = 2048;

/** Smallest magnitude first; what is not a number comes last, on top. Beyond the budget the weakest are left out. */
export function sortByMagnitude(set: EdgeSet): void {
  const { values } = set;
  const most = set.isBundled ? MOST_BUNDLES : MOST_STROKES;
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
