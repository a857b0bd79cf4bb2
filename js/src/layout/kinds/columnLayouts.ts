import type { NetworkNode } from "../readNodes.ts";
import type { Column } from "../scene.ts";
import { bins } from "./bins.ts";
import { card } from "./card.ts";
import { cells } from "./cells.ts";
import type { ColumnLayout, PlanContext } from "./columnLayout.ts";
import { grid } from "./grid.ts";
import { image } from "./image.ts";
import { maps } from "./maps.ts";
import { prediction } from "./prediction.ts";
import { rows } from "./rows.ts";
import { strip } from "./strip.ts";
import { tiles } from "./tiles.ts";
import { tokens } from "./tokens.ts";

/**
 * The kinds of columns; the first that suits a node is taken. How one is painted: draw/marks/marks.ts, how it is met:
 * interact/manners.ts.
 */
const KINDS = { card, tokens, image, maps, prediction, rows, tiles, cells, strip, grid, bins } satisfies Record<
  string,
  ColumnLayout
>;

export type ColumnKind = keyof typeof KINDS;

export const COLUMN_LAYOUTS: Readonly<Record<ColumnKind, ColumnLayout>> = KINDS;

export function planKind(node: NetworkNode, context: PlanContext): ColumnKind {
  const kinds = Object.keys(KINDS) as ColumnKind[];
  return kinds.find((kind) => COLUMN_LAYOUTS[kind].suits(node, context)) ?? "bins";
}

/** From the left of a column's body as far as what is beside belongs to its units. */
export function ownWidth({ kind, box, outX }: Column): number {
  return COLUMN_LAYOUTS[kind].hasGauge ? outX - 2 - box.x : box.width;
}
