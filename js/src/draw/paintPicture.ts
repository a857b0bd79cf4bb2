import type { Column } from "../layout/scene.ts";
import type { Labels } from "./canvas/overlay.ts";
import type { Brush } from "./marks/brush.ts";
import { paintEdges } from "./marks/edges.ts";
import { paintHeads } from "./marks/heads.ts";
import { MARKS } from "./marks/marks.ts";
import { paintRings } from "./marks/rings.ts";
import { paintScaleLabels } from "./marks/scaleLabels.ts";

const SILENT: Labels = { text: () => {}, ring: () => {} };

/** Paints the whole scene; what is scrolled out of sight is left out. */
export function paintPicture(brush: Brush): void {
  paintHeads(brush);
  cutToBand(brush, () => {
    if (brush.standIn === null) paintEdges(brush);
    else brush.standIn.paint(brush.edges, brush.scene, brush.camera.scale, brush.pixelRatio);
    for (const reading of brush.reading.columns) {
      const { box, outX } = reading.column;
      if (outX + 40 < brush.visible[0] || box.x - 120 > brush.visible[1]) continue;
      const isCut = brush.camera.scale === 1 && isAtEdge(reading.column, brush);
      MARKS[reading.column.kind].paint(isCut ? { ...brush, overlay: SILENT } : brush, reading);
    }
    brush.apart.paintMapWindow?.(brush);
    brush.apart.paintFoundUnits?.(brush);
  });
  paintScaleLabels(brush);
  brush.apart.paintBadges?.(brush);
  paintRings(brush);
}

/** Its texts would be cut by the edge of the view. */
function isAtEdge({ box, outX }: Column, { visible, scene }: Brush): boolean {
  const [left, right] = visible;
  return (left > 0 && box.x < left) || (right < scene.width && outX > right);
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
