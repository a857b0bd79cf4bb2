import type { Column, ColumnKind } from "../scene.ts";
import { bins } from "./bins.ts";
import { card } from "./card.ts";
import { cells } from "./cells.ts";
import type { ColumnLayout } from "./columnLayout.ts";
import { grid } from "./grid.ts";
import { image } from "./image.ts";
import { prediction } from "./prediction.ts";
import { rows } from "./rows.ts";
import { strip } from "./strip.ts";
import { tiles } from "./tiles.ts";

/** What is laid out, by kind of column; how it is painted: draw/marks/marks.ts, how it is met: interact/manners.ts. */
export const COLUMN_LAYOUTS: Readonly<Record<ColumnKind, ColumnLayout>> = {
  tiles,
  cells,
  strip,
  grid,
  bins,
  image,
  rows,
  prediction,
  card,
};

/** From the left of a column's body as far as what is beside belongs to its units. */
export function ownWidth({ kind, box, outX }: Column): number {
  return COLUMN_LAYOUTS[kind].hasGauge ? outX - 2 - box.x : box.width;
}
