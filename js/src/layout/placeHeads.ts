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
  const middle = overVisible(column, head, Math.max(nameWidth, detailWidth), scene.width, camera, visible);
  if (middle === null) return null;
  // Over a narrow first or last column a line would leave the picture.
  const inside = (half: number): number =>
    camera.scale === 1 ? clamp(middle, half + EDGE_GAP, Math.max(half, scene.width - half - EDGE_GAP)) : middle;
  const [nameX, detailX] = [inside(nameWidth / 2), inside(detailWidth / 2)];
  const left = Math.max(MARGIN, Math.min(nameX - nameWidth / 2, detailX - detailWidth / 2)) - MARGIN;
  const right = Math.min(scene.width - MARGIN, Math.max(nameX + nameWidth / 2, detailX + detailWidth / 2)) + MARGIN;
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

/** The middle of the column, unless its text would be cut; of an enlarged one the middle of what is in view. */
function overVisible(
  { box }: Column,
  { x }: Head,
  widest: number,
  sceneWidth: number,
  camera: Camera,
  [left, right]: readonly [number, number],
): number | null {
  if (camera.scale === 1) {
    const isCut = (x - widest / 2 < left && left > 0) || (x + widest / 2 > right && right < sceneWidth);
    return isCut ? null : x;
  }
  const [from, to] = [Math.max(left, box.x), Math.min(right, box.x + box.width)];
  if (to <= from) return null;
  const half = widest / 2 + EDGE_GAP;
  return clamp((from + to) / 2, left + half, right - half);
}
