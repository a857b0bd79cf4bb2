import type { ColumnKind } from "../layout/scene.ts";
import { fitText, type Measure } from "../lib/fitText.ts";
import type { Brush } from "./brush.ts";
import { paintCard } from "./marks/cards.ts";
import { paintEdges } from "./marks/edges.ts";
import { paintHeads } from "./marks/heads.ts";
import { paintImageInput } from "./marks/imageInput.ts";
import { paintKey } from "./marks/key.ts";
import { paintPrediction } from "./marks/prediction.ts";
import { type Focus, paintRings } from "./marks/rings.ts";
import { paintRows } from "./marks/rows.ts";
import { paintBins, paintGrid, paintStrip } from "./marks/strips.ts";
import { paintCells, paintTiles } from "./marks/tiles.ts";
import type { ColumnReading } from "./reading.ts";

const MARKS: Readonly<Record<ColumnKind, (brush: Brush, reading: ColumnReading) => void>> = {
  tiles: paintTiles,
  cells: paintCells,
  strip: paintStrip,
  grid: paintGrid,
  bins: paintBins,
  image: paintImageInput,
  rows: paintRows,
  prediction: paintPrediction,
  card: paintCard,
};

/** Paints the whole scene; what is scrolled out of sight is left out. */
export function paintPicture(brush: Brush, focus: Focus | null, omission: string): void {
  paintHeads(brush);
  paintEdges(brush);
  for (const reading of brush.reading.columns) {
    const { box, outX } = reading.column;
    if (outX + 40 < brush.visible[0] || box.x - 120 > brush.visible[1]) continue;
    MARKS[reading.column.kind](brush, reading);
  }
  paintKey(brush);
  paintRings(brush, focus);
  const note = footLine(brush, omission);
  if (note === "") return;
  const shown = fitSentences(note, brush.scene.width - 2 * brush.scene.padding, brush.measure);
  brush.overlay.text("omission", shown, brush.scene.padding, brush.scene.omissionY, { look: "muted", full: note });
}

/** As many whole sentences as there is room for; the first is cut where even it does not fit. */
function fitSentences(text: string, room: number, measure: Measure): string {
  let shown = "";
  for (const sentence of text.split(/(?<=\.) /)) {
    const longer = shown === "" ? sentence : `${shown} ${sentence}`;
    if (shown !== "" && measure(longer) > room) break;
    shown = longer;
  }
  return fitText(shown, room, measure);
}

function footLine(brush: Brush, omission: string): string {
  if (!brush.scene.isBuilt) return "The model is not built yet: its shapes and weights are not known.";
  if (brush.frame === null) return "Waiting for the first measurement.";
  return omission;
}
