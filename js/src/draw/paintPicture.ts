import { fitText, type Measure } from "../lib/fitText.ts";
import type { Brush } from "./marks/brush.ts";
import { paintEdges } from "./marks/edges.ts";
import { paintHeads } from "./marks/heads.ts";
import { paintKey } from "./marks/key.ts";
import { MARKS } from "./marks/marks.ts";
import { type Focus, paintRings } from "./marks/rings.ts";
import { paintScaleLabels } from "./marks/scaleLabels.ts";

const ZOOM_BUTTONS = 160;
const DRAWN_AS = "drawn as ";

/** Paints the whole scene; what is scrolled out of sight is left out. */
export function paintPicture(brush: Brush, focus: Focus | null, omission: string): void {
  paintHeads(brush);
  cutToBand(brush, () => {
    if (brush.standIn === null) paintEdges(brush);
    else brush.standIn.paint(brush.edges, brush.scene, brush.camera.scale, brush.pixelRatio);
    for (const reading of brush.reading.columns) {
      const { box, outX } = reading.column;
      if (outX + 40 < brush.visible[0] || box.x - 120 > brush.visible[1]) continue;
      MARKS[reading.column.kind].paint(brush, reading);
    }
  });
  paintScaleLabels(brush);
  paintKey(brush);
  paintRings(brush, focus);
  const note = footLine(brush, omission);
  if (note !== "") paintNote(brush, note);
}

/** Keeps what is painted between the heads and the foot of an enlarged scene. */
function cutToBand(brush: Brush, paint: () => void): void {
  const { band, camera, visible } = brush;
  if (band === null) {
    paint();
    return;
  }
  for (const context of [brush.edges, brush.images]) {
    context.save();
    context.beginPath();
    context.rect(visible[0], camera.y + band.top, visible[1] - visible[0], band.bottom - band.top);
    context.clip();
  }
  paint();
  for (const context of [brush.edges, brush.images]) context.restore();
}

/** At the foot of the scene; of an enlarged one at the foot of the view, left of the zoom buttons. */
function paintNote(brush: Brush, note: string): void {
  const { scene, visible, band } = brush;
  const isCut = band !== null;
  const room = (isCut ? visible[1] - visible[0] - ZOOM_BUTTONS : scene.width) - 2 * scene.padding;
  const x = scene.padding + (isCut ? visible[0] : 0);
  const y = isCut ? brush.viewHeight - 10 : scene.omissionY;
  brush.overlay.text("omission", fitSentences(note, room, brush.measure), x, y, {
    look: isCut ? "muted pinned" : "muted",
    full: note,
    isPinned: true,
  });
}

/**
 * As many whole sentences as there is room for. Where not even the first fits, what is drawn is more telling than how
 * much there is, so it begins there.
 */
export function fitSentences(text: string, room: number, measure: Measure): string {
  let shown = "";
  for (const sentence of text.split(/(?<=\.) /)) {
    const longer = shown === "" ? sentence : `${shown} ${sentence}`;
    if (shown !== "" && measure(longer) > room) break;
    shown = longer;
  }
  const place = measure(shown) > room ? shown.indexOf(DRAWN_AS) : -1;
  return fitText(place < 0 ? shown : `D${shown.slice(place + 1)}`, room, measure);
}

function footLine(brush: Brush, omission: string): string {
  if (!brush.scene.isBuilt) return "The model is not built yet: its shapes and weights are not known.";
  return omission;
}
