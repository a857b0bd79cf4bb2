import { indexOnce } from "../lib/indexOnce.ts";
import type { ColumnKind } from "./kinds/columnLayouts.ts";
import type { NetworkNode } from "./readNodes.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Head {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly detail: string;
}

export interface Column {
  readonly node: NetworkNode;
  readonly kind: ColumnKind;
  /** The body: everything but the head and side labels. */
  readonly box: Box;
  /** x, y, width, height of each unit; for bins of each bin. Empty for cards. */
  readonly unitBoxes: Float32Array;
  readonly unitCount: number;
  /** Which unit each box is of where not all are drawn; −1 for the rest of them. Left out where the boxes tell. */
  readonly drawnUnits?: readonly number[] | undefined;
  /** Where edges arrive and leave. */
  readonly inX: number;
  readonly outX: number;
  /** y of the edges' end of each unit. */
  readonly portY: Float32Array;
  /** Height over which edges that arrive at one unit are spread. */
  readonly portSpread: number;
  readonly head: Head | null;
}

export interface SceneLink {
  readonly source: number;
  readonly target: number;
  /** The target has a kernel over this source: its edges may be drawn one by one. */
  readonly hasKernel: boolean;
  /** Goes around other columns: y of the detour below the row, or null for a direct line. */
  readonly detourY: number | null;
}

/** A picture's geometry as data. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly isBuilt: boolean;
  readonly columns: readonly Column[];
  readonly links: readonly SceneLink[];
  /** y of the hairline under the heads, or null where each column has its head above itself. */
  readonly hairlineY: number | null;
  readonly padding: number;
}

export function unitBox(column: Column, unit: number): Box {
  const start = unit * 4;
  const [x = 0, y = 0, width = 0, height = 0] = column.unitBoxes.subarray(start, start + 4);
  return { x, y, width, height };
}

/** The box of a unit, of the bin it is drawn in, or of the column where that shows no units. */
export function placeBox(column: Column, unit: number): Box {
  const drawn = drawnUnit(column, unit);
  return drawn >= 0 && drawn < column.unitCount ? unitBox(column, drawn) : column.box;
}

const columnWithLayer = indexOnce<Column>(({ node }) => node.layers.map(({ id }) => id));

export function columnOfLayer(scene: Scene, layerId: string): Column | undefined {
  return columnWithLayer(scene.columns, layerId);
}

/** The drawn unit a unit of the layer belongs to; differs where units are binned or some are drawn only. */
export function drawnUnit(column: Column, unit: number): number {
  if (column.drawnUnits !== undefined) {
    const place = column.drawnUnits.indexOf(unit);
    return place >= 0 ? place : column.unitCount - 1;
  }
  if (column.unitCount === column.node.units || column.node.units === 0) return unit;
  return Math.floor((unit * column.unitCount) / column.node.units);
}

/** The first unit of the layer in a drawn one; `null` for the rest of those that are not drawn. */
export function unitOfDrawn(column: Column, drawn: number): number | null {
  if (column.drawnUnits === undefined) return Math.ceil((drawn * column.node.units) / column.unitCount);
  const unit = column.drawnUnits[drawn] ?? -1;
  return unit < 0 ? null : unit;
}
