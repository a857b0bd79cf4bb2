import type { ColumnKind } from "../../layout/kinds/columnLayouts.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { paintCard } from "./cards.ts";
import { paintImageInput } from "./imageInput.ts";
import { paintRows } from "./rows.ts";
import { paintBins, paintGrid, paintStrip } from "./strips.ts";
import { paintCells, paintTiles } from "./tiles.ts";

/** How the columns of one kind are painted, and what there is to explain of it. */
interface Mark {
  paint(brush: Brush, reading: ColumnReading): void;
  /** Each unit is painted in the colour of its value: the legend has its scale. */
  readonly hasScale: boolean;
  /** Each unit has room for its bias. */
  readonly hasBias?: boolean;
  /** A share from 0 to 1 is written beside its bar, so that it needs no scale. */
  readonly writesShares?: boolean;
}

export const MARKS: Readonly<Record<ColumnKind, Mark>> = {
  tiles: { paint: paintTiles, hasScale: true, hasBias: true },
  cells: { paint: paintCells, hasScale: true, hasBias: true },
  strip: { paint: paintStrip, hasScale: true },
  grid: { paint: paintGrid, hasScale: true },
  bins: { paint: paintBins, hasScale: true },
  image: { paint: paintImageInput, hasScale: true },
  maps: { paint: (brush, reading) => brush.apart.paintMaps?.(brush, reading), hasScale: true },
  rows: { paint: paintRows, hasScale: true, writesShares: true },
  prediction: { paint: (brush, reading) => brush.apart.paintPrediction?.(brush, reading), hasScale: false },
  tokens: { paint: (brush, reading) => brush.apart.paintTokens?.(brush, reading), hasScale: false },
  card: { paint: paintCard, hasScale: false },
};
