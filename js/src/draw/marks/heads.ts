import type { Column } from "../../layout/scene.ts";
import { clamp } from "../../lib/numbers.ts";
import type { Brush } from "../brush.ts";

const EDGE_GAP = 12;

/** Names over the columns, and the hairline below them. */
export function paintHeads(brush: Brush): void {
  const { scene, overlay, camera } = brush;
  const isPinned = scene.hairlineY !== null;
  for (const column of scene.columns) {
    const { head, node } = column;
    const x = head === null ? null : placeOverVisible(brush, column, head.x);
    if (head === null || x === null) continue;
    overlay.text(`head ${node.id}`, head.name, x, head.y, {
      anchor: "middle",
      look: "head",
      full: node.name,
      isPinned,
    });
    // Under a narrow first or last column the second line would leave the picture.
    const half = brush.measure(head.detail) / 2;
    const detailX = camera.scale === 1 ? clamp(x, half, Math.max(half, scene.width - half)) : x;
    overlay.text(`detail ${node.id}`, head.detail, detailX, head.y + 18, { anchor: "middle", look: "muted", isPinned });
  }
  if (scene.hairlineY === null) return;
  const context = brush.edges;
  context.globalAlpha = 1;
  context.fillStyle = brush.theme.colors.hair;
  context.fillRect(scene.padding, camera.y + scene.hairlineY, scene.width - 2 * scene.padding, 1);
}

/** The middle of the column; of an enlarged one the middle of what is in view. Null where that is nothing. */
function placeOverVisible(brush: Brush, { head, box }: Column, middle: number): number | null {
  const [left, right] = brush.visible;
  if (head === null) return null;
  if (brush.camera.scale === 1) return middle + head.width < left || middle - head.width > right ? null : middle;
  const [from, to] = [Math.max(left, box.x), Math.min(right, box.x + box.width)];
  if (to <= from) return null;
  const half = Math.max(brush.measure(head.name, "head"), brush.measure(head.detail)) / 2 + EDGE_GAP;
  return clamp((from + to) / 2, left + half, right - half);
}
