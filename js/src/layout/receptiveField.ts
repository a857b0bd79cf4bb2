import type { Window } from "../core/graph.ts";
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
 * What a place in a map is made of: in the column before it, and so on back to the input, exact as long as each layer
 * has one before it and its window is known. The place itself comes first.
 */
export function receptiveFields(scene: Scene, layer: string, place: readonly [number, number]): PlacedPatch[] {
  const fields: PlacedPatch[] = [];
  let column = columnOfLayer(scene, layer);
  let patch: Patch = { rows: [place[0], place[0]], columns: [place[1], place[1]] };
  while (column !== undefined) {
    fields.push({ column, patch });
    const { node } = column;
    const window = node.layers[0]?.window ?? null;
    const before = node.sources.length === 1 ? columnOfLayer(scene, node.sources[0] ?? "") : undefined;
    if (node.maps === null || window === null || before === undefined) break;
    const reached = readBy(window, patch);
    // The channels of a sequence that comes in are its rows.
    const isRow = before.kind === "image" && node.maps[0] === 1 && pictureSize(before)[0] > 1;
    const read = within(isRow ? { ...reached, rows: [0, pictureSize(before)[0] - 1] } : reached, before);
    if (read === null) break;
    patch = read;
    column = before.kind === "maps" || before.kind === "image" ? before : undefined;
  }
  return fields;
}

/** What of it is not padding; `null` where that is nothing. */
function within({ rows, columns }: Patch, column: Column): Patch | null {
  const [height, width] = pictureSize(column);
  const patch: Patch = {
    rows: [Math.max(0, rows[0]), Math.min(height - 1, rows[1])],
    columns: [Math.max(0, columns[0]), Math.min(width - 1, columns[1])],
  };
  return patch.rows[0] > patch.rows[1] || patch.columns[0] > patch.columns[1] ? null : patch;
}
