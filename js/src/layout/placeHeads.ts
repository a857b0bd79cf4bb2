import type { Measure } from "../lib/fitText.ts";
import { clamp } from "../lib/numbers.ts";
import type { Camera } from "./camera.ts";
import type { Box, Column, Head, Scene } from "./scene.ts";

const EDGE_GAP = 12;
const DETAIL_DROP = 18;
const ASCENT = 15;
const DESCENT = 6;
/** Half of the least space between the heads of neighbours. */
const MARGIN = 4;

/** Where a head is written and pointed at; x in the scene, y in the view where the heads are pinned, else in the scene. */
export interface HeadPlace {
  readonly column: Column;
  readonly head: Head;
  readonly nameX: number;
  readonly detailX: number;
  readonly detailY: number;
  readonly box: Box;
  readonly isPinned: boolean;
}

/** The heads of the columns that are in view; `visible` is the part of the scene that is, from x to x. */
export function placeHeads(
  scene: Scene,
  camera: Camera,
  visible: readonly [number, number],
  measure: Measure,
): HeadPlace[] {
  return scene.columns.flatMap((column) => placeHead(column, scene, camera, visible, measure) ?? []);
}

function placeHead(
  column: Column,
  scene: Scene,
  camera: Camera,
  visible: readonly [number, number],
  measure: Measure,
): HeadPlace | null {
  const { head } = column;
  if (head === null) return null;
  const [nameWidth, detailWidth] = [measure(head.name, "head"), measure(head.detail)];
  const nameX = overVisible(column, head, Math.max(nameWidth, detailWidth), camera, visible);
  if (nameX === null) return null;
  // Under a narrow first or last column the second line would leave the picture.
  const half = detailWidth / 2;
  const detailX = camera.scale === 1 ? clamp(nameX, half, Math.max(half, scene.width - half)) : nameX;
  const left = Math.max(MARGIN, Math.min(nameX - nameWidth / 2, detailX - half)) - MARGIN;
  const right = Math.min(scene.width - MARGIN, Math.max(nameX + nameWidth / 2, detailX + half)) + MARGIN;
  const detailY = head.y + DETAIL_DROP;
  const y = head.y - ASCENT;
  return {
    column,
    head,
    nameX,
    detailX,
    detailY,
    box: { x: left, y, width: right - left, height: detailY + DESCENT - y },
    isPinned: scene.hairlineY !== null,
  };
}

/** The middle of the column; of an enlarged one the middle of what is in view. Null where that is nothing. */
function overVisible(
  { box }: Column,
  { x, width }: Head,
  widest: number,
  camera: Camera,
  [left, right]: readonly [number, number],
): number | null {
  if (camera.scale === 1) return x + width < left || x - width > right ? null : x;
  const [from, to] = [Math.max(left, box.x), Math.min(right, box.x + box.width)];
  if (to <= from) return null;
  const half = widest / 2 + EDGE_GAP;
  return clamp((from + to) / 2, left + half, right - half);
}
