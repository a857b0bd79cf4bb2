import { type Box, type Column, columnOfLayer, drawnUnit, unitBox } from "../../layout/scene.ts";
import type { Brush } from "../brush.ts";

export interface Focus {
  readonly layer: string;
  readonly unit: number;
}

function ringBox(column: Column, unit: number): Box | null {
  if (column.unitCount === 0) return column.box;
  const drawn = drawnUnit(column, unit);
  return drawn >= 0 && drawn < column.unitCount ? unitBox(column, drawn) : null;
}

function grow(box: Box, by: number): [number, number, number, number] {
  return [box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by];
}

/** Ring and halo of the selection, ring of the hover and of the keyboard's focus. */
export function paintRings(brush: Brush, focus: Focus | null): void {
  const { overlay, scene, values } = brush;
  const chosen = values.selection === null ? undefined : columnOfLayer(scene, values.selection.layer);
  const box = chosen === undefined || values.selection === null ? null : ringBox(chosen, values.selection.unit);
  if (box !== null && chosen !== undefined) {
    const isFlat = box.height < 24;
    const radius = box.height < 8 ? 2 : 4;
    overlay.ring("selection", ...grow(box, isFlat ? 2 : 0), radius, "selection");
    if (!isFlat) overlay.ring("selection halo", ...grow(box, 4), 8, "halo");
  }
  const hovered = values.hover === null || values.hover.source !== undefined ? null : values.hover;
  const under = hovered === null ? undefined : columnOfLayer(scene, hovered.layer);
  const hoverBox = under === undefined || hovered === null ? null : ringBox(under, hovered.unit);
  if (hoverBox !== null) overlay.ring("hover", ...grow(hoverBox, 1), 4, "hover");
  const at = focus === null ? undefined : columnOfLayer(scene, focus.layer);
  const focusBox = at === undefined || focus === null ? null : ringBox(at, focus.unit);
  if (focusBox !== null) overlay.ring("focus", ...grow(focusBox, 5), 8, "focus");
}
