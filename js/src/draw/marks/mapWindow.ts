import { pictureSize } from "../../layout/pictureSize.ts";
import { type Patch, receptiveFields } from "../../layout/receptiveField.ts";
import { type Box, type Column, columnOfLayer, drawnUnit, unitBox } from "../../layout/scene.ts";
import type { Brush } from "./brush.ts";

/** Outlines a place in a map, its window in the maps before it, and what of the input it is made of. */
export function paintMapWindow(brush: Brush): void {
  const { hover, selection } = brush.values;
  const thing = hover?.place === undefined ? selection : hover;
  const place = thing?.place;
  if (thing == null || place === undefined || thing.unit === null) return;
  const column = columnOfLayer(brush.scene, thing.layer);
  if (column?.kind !== "maps") return;
  const unit = thing.unit;
  receptiveFields(brush.scene, thing.layer, place).forEach((field, distance) => {
    const { column: own } = field;
    if (distance === 0) outlineIn(brush, own, unitBox(own, drawnUnit(own, unit)), field.patch);
    else if (own.kind === "image") outlineIn(brush, own, own.box, field.patch);
    else if (field.isDirect) {
      for (let tile = 0; tile < own.unitCount; tile++) {
        if (own.drawnUnits?.[tile] !== -1) outlineIn(brush, own, unitBox(own, tile), field.patch);
      }
    }
  });
}

function outlineIn({ images, theme }: Brush, column: Column, box: Box, { rows, columns }: Patch): void {
  const [height, width] = pictureSize(column);
  const [cellWidth, cellHeight] = [box.width / width, box.height / height];
  const x = box.x + columns[0] * cellWidth;
  const y = box.y + rows[0] * cellHeight;
  const size = [(columns[1] - columns[0] + 1) * cellWidth, (rows[1] - rows[0] + 1) * cellHeight] as const;
  images.globalAlpha = 1;
  for (const [colour, lineWidth] of [
    [theme.colors.surface, 3.5],
    [theme.colors.ink, 1.5],
  ] as const) {
    images.strokeStyle = colour;
    images.lineWidth = lineWidth;
    images.beginPath();
    images.rect(x, y, ...size);
    images.stroke();
  }
}
