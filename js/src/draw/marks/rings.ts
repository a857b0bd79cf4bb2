import type { Selection } from "../../core/frame.ts";
import { imageSize } from "../../layout/imageSize.ts";
import { placeHeads } from "../../layout/placeHeads.ts";
import { type Box, type Column, columnOfLayer, drawnUnit, unitBox } from "../../layout/scene.ts";
import type { Brush } from "./brush.ts";

interface Target {
  readonly box: Box;
  /** It is a head that stays at its height when the scene is panned. */
  readonly isPinned: boolean;
  /** How far out the halo is, and the ring of the focus: a head has its neighbours close by. */
  readonly reach: readonly [number, number];
}

const UNIT_REACH = [4, 5] as const;
const HEAD_REACH = [3, 3] as const;

/** What a ring goes around: a unit, or the head of a layer, or the layer where it has no head. */
function ringTarget(brush: Brush, { layer, unit }: Selection): Target | null {
  const column = columnOfLayer(brush.scene, layer);
  if (column === undefined) return null;
  const box = unit === null || column.kind === "card" ? null : ringBox(brush, column, unit);
  if (box !== null) return { box, isPinned: false, reach: UNIT_REACH };
  if (unit !== null && column.kind !== "card") return null;
  if (column.head === null) return { box: column.box, isPinned: false, reach: UNIT_REACH };
  const { scene, camera, visible, measure } = brush;
  const head = placeHeads(scene, camera, visible, measure).find((one) => one.column === column);
  return head === undefined ? null : { box: head.box, isPinned: head.isPinned, reach: HEAD_REACH };
}

function ringBox({ scenery }: Brush, column: Column, unit: number): Box | null {
  if (column.kind === "image") return pixelBox(column, imageSize(column.node, scenery), unit);
  const drawn = drawnUnit(column, unit);
  return drawn >= 0 && drawn < column.unitCount ? unitBox(column, drawn) : null;
}

/** One pixel of an image with one channel, as small a ring as can be seen. */
function pixelBox({ box, node }: Column, size: readonly [number, number] | null, pixel: number): Box | null {
  const [rows, columns] = size ?? [0, 0];
  if (rows * columns !== node.units || pixel >= node.units || node.layers[0]?.channels) return box;
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
export function paintRings(brush: Brush): void {
  const { overlay, values, focus } = brush;
  const chosen = values.selection === null ? null : ringTarget(brush, values.selection);
  if (chosen !== null) {
    const { box, isPinned, reach } = chosen;
    const isFlat = box.height < 24;
    const radius = box.height < 8 ? 2 : 4;
    overlay.ring("selection", ...grow(box, isFlat ? 2 : 0), radius, "selection", isPinned);
    if (!isFlat) overlay.ring("selection halo", ...grow(box, reach[0]), 8, "halo", isPinned);
  }
  const { hover } = values;
  const ends: Selection[] = hover === null ? [] : [hover];
  if (hover?.source !== undefined && hover.sourceLayer !== undefined) {
    ends.push({ layer: hover.sourceLayer, unit: hover.source });
  }
  ends.forEach((end, place) => {
    const under = ringTarget(brush, end);
    if (under !== null) overlay.ring(`hover ${place}`, ...grow(under.box, 1), 4, "hover", under.isPinned);
  });
  const at = focus === null ? null : ringTarget(brush, focus);
  if (at !== null) overlay.ring("focus", ...grow(at.box, at.reach[1]), 8, "focus", at.isPinned);
}
