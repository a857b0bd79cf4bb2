import { placeHeads } from "../../layout/placeHeads.ts";
import type { Brush } from "./brush.ts";

/** Names over the columns, and the hairline below them. */
export function paintHeads(brush: Brush): void {
  const { scene, overlay, camera } = brush;
  for (const { column, head, nameX, detailX, detailY, isPinned } of placeHeads(
    scene,
    camera,
    brush.visible,
    brush.measure,
  )) {
    const { id, name } = column.node;
    overlay.text(`head ${id}`, head.name, nameX, head.y, { anchor: "middle", look: "head", full: name, isPinned });
    overlay.text(`detail ${id}`, head.detail, detailX, detailY, { anchor: "middle", look: "muted", isPinned });
  }
  if (scene.hairlineY === null) return;
  const context = brush.edges;
  context.globalAlpha = 1;
  context.fillStyle = brush.theme.colors.hair;
  context.fillRect(scene.padding, camera.y + scene.hairlineY, scene.width - 2 * scene.padding, 1);
}
