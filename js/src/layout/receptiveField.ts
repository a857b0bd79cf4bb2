import type { Window } from "../core/graph.ts";
import { gridShape, isSequence } from "./mapShape.ts";
import { pictureSize } from "./pictureSize.ts";
import { type Column, columnOfLayer, type Scene } from "./scene.ts";

/** Rows and columns of a picture, from and to, both within. */
export interface Patch {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

export interface PlacedPatch {
  readonly column: Column;
  readonly patch: Patch;
  /** Nothing but merges lies between it and the place. */
  readonly isDirect: boolean;
}

/** What a window reads to make a patch; it may reach into the padding. */
export function readBy({ size, step, before, spread, isTransposed }: Window, { rows, columns }: Patch): Patch {
  const back = ([from, to]: readonly [number, number], axis: 0 | 1): [number, number] => {
    const [by, reach] = [step[axis], (size[axis] - 1) * spread[axis]];
    if (!isTransposed) return [from * by - before[axis], to * by - before[axis] + reach];
    return [Math.ceil((from + before[axis] - reach) / by), Math.floor((to + before[axis]) / by)];
  };
  return { rows: back(rows, 0), columns: back(columns, 1) };
}

/**
 * What a place in a map is made of, in the columns before it and back to the input: the box around all that the ways
 * through skips and merges reach. The place itself comes first. Where a window on one of the ways is not known, nothing
 * is told of what lies before it.
 */
export function receptiveFields(scene: Scene, layer: string, place: readonly [number, number]): PlacedPatch[] {
  const chosen = columnOfLayer(scene, layer);
  if (chosen === undefined) return [];
  const patches = new Map<Column, Patch>([[chosen, { rows: [place[0], place[0]], columns: [place[1], place[1]] }]]);
  const unknown = new Set<Column>();
  const direct = new Set<Column>();
  const backwards = scene.columns.filter(({ node }) => node.rank <= chosen.node.rank);
  backwards.sort((one, other) => other.node.rank - one.node.rank);
  for (const column of backwards) {
    const patch = patches.get(column);
    const window = unknown.has(column) ? null : windowOf(column);
    const isNear = column === chosen || (direct.has(column) && column.node.kind === "merge");
    if (patch === undefined && !unknown.has(column)) continue;
    for (const id of column.node.sources) {
      const before = columnOfLayer(scene, id);
      if (before === undefined) continue;
      if (isNear) direct.add(before);
      const isKnown = window !== null && patch !== undefined && fits(column, before);
      const read = isKnown ? within(reachOf(column, before, window, patch), before) : null;
      if (!isKnown) unknown.add(before);
      else if (read !== null) patches.set(before, around(patches.get(before) ?? read, read));
    }
  }
  return Array.from(patches, ([column, patch]) => ({ column, patch, isDirect: direct.has(column) })).filter(
    ({ column: { kind, node }, column }) => (kind === "image" || node.maps !== null) && !unknown.has(column),
  );
}

/** Of what has one layer before it, or joins several place by place. */
function windowOf({ node }: Column): Window | null {
  const isMerge = node.kind === "merge";
  const isKnown = isMerge || (node.maps !== null && node.sources.length === 1);
  return isKnown ? (node.layers[0]?.window ?? null) : null;
}

function reachOf({ node }: Column, before: Column, window: Window, patch: Patch): Patch {
  const reached = readBy(window, patch);
  // The channels of a sequence that comes in are its rows.
  const isRow = before.kind === "image" && node.layers.some(isSequence);
  return isRow ? { ...reached, rows: [0, sizeOf(before)[0] - 1] } : reached;
}

/** A place of several that are joined comes of that place in each as large; of a smaller one it is spread over more. */
function fits({ node }: Column, before: Column): boolean {
  const [main] = node.layers;
  const [rows, columns] = (main === undefined ? null : gridShape(main)) ?? [];
  const [height, width] = sizeOf(before);
  return node.kind !== "merge" || (rows === height && columns === width);
}

function sizeOf(column: Column): readonly [number, number] {
  const [main] = column.node.layers;
  const [rows, columns] = (column.node.kind === "merge" && main !== undefined ? gridShape(main) : null) ?? [];
  return rows !== undefined && columns !== undefined ? [rows, columns] : pictureSize(column);
}

function around(one: Patch, other: Patch): Patch {
  const both = (axis: "rows" | "columns"): [number, number] => [
    Math.min(one[axis][0], other[axis][0]),
    Math.max(one[axis][1], other[axis][1]),
  ];
  return { rows: both("rows"), columns: both("columns") };
}

/** What of it is not padding; `null` where that is nothing. */
function within({ rows, columns }: Patch, column: Column): Patch | null {
  const [height, width] = sizeOf(column);
  const patch: Patch = {
    rows: [Math.max(0, rows[0]), Math.min(height - 1, rows[1])],
    columns: [Math.max(0, columns[0]), Math.min(width - 1, columns[1])],
  };
  return patch.rows[0] > patch.rows[1] || patch.columns[0] > patch.columns[1] ? null : patch;
}
