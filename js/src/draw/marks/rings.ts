import { imageSize } from "../../layout/planColumn.ts";
import { type Box, type Column, columnOfLayer, drawnUnit, unitBox } from "../../layout/scene.ts";
import type { Brush } from "../brush.ts";

export interface Focus {
  readonly layer: string;
  readonly unit: number;
}

function ringBox({ scenery }: Brush, column: Column, unit: number): Box | null {
  if (column.unitCount === 0) return column.box;
  if (column.kind === "image" && unit > 0) return pixelBox(column, imageSize(column.node, scenery), unit);
  const drawn = drawnUnit(column, unit);
  return drawn >= 0 && drawn < column.unitCount ? unitBox(column, drawn) : null;
}

/** One pixel of an image with one channel, as small a ring as can be seen. */
function pixelBox({ box, node }: Column, size: readonly [number, number] | null, pixel: number): Box | null {
  const [rows, columns] = size ?? [0, 0];
  if (rows * columns !== node.units || pixel >= node.units) return box;
  const [width, height] = [box.width / columns, box.height / rows];
  return {
    x: box.x + (pixel % columns) * width,
    y: box.y + Math.floor(pixel / columns) * height,
    width,
    height,
  };
}

function grow(box: Box, by: number): [number, number, number, number] {
  return [box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by];
}

/** Ring and halo of the selection, ring of the hover and of the keyboard's focus. */
export function paintRings(brush: Brush, focus: Focus | null): void {
  const { overlay, scene, values } = brush;
  const chosen = values.selection === null ? undefined : columnOfLayer(scene, values.selection.layer);
  const box = chosen === undefined || values.selection === null ? null : ringBox(brush, chosen, values.selection.unit);
  if (box !== null && chosen !== undefined) {
    const isFlat = box.height < 24;
    const radius = box.height < 8 ? 2 : 4;
    overlay.ring("selection", ...grow(box, isFlat ? 2 : 0), radius, "selection");
    if (!isFlat) overlay.ring("selection halo", ...grow(box, 4), 8, "halo");
  }
  const { hover } = values;
  const ends = hover === null ? [] : [hover];
  if (hover?.source !== undefined && hover.sourceLayer !== undefined) {
    ends.push({ layer: hover.sourceLayer, unit: hover.source });
  }
  ends.forEach((end, place) => {
    const under = columnOfLayer(scene, end.layer);
    const hoverBox = under === undefined ? null : ringBox(brush, under, end.unit);
    if (hoverBox !== null) overlay.ring(`hover ${place}`, ...grow(hoverBox, 1), 4, "hover");
  });
  const at = focus === null ? undefined : columnOfLayer(scene, focus.layer);
  const focusBox = at === undefined || focus === null ? null : ringBox(brush, at, focus.unit);
  if (focusBox !== null) overlay.ring("focus", ...grow(focusBox, 5), 8, "focus");
}
