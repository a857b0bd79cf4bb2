import type { Brush } from "../brush.ts";

/** Names over the columns, and the hairline below them. */
export function paintHeads(brush: Brush): void {
  const { scene, overlay, camera } = brush;
  const isPinned = scene.hairlineY !== null;
  for (const { head, node } of scene.columns) {
    if (head === null || head.x + head.width < brush.visible[0] || head.x - head.width > brush.visible[1]) continue;
    overlay.text(`head ${node.id}`, head.name, head.x, head.y, {
      anchor: "middle",
      look: "head",
      full: node.name,
      isPinned,
    });
    overlay.text(`detail ${node.id}`, head.detail, head.x, head.y + 18, { anchor: "middle", look: "muted", isPinned });
  }
  if (scene.hairlineY === null) return;
  const context = brush.edges;
  context.globalAlpha = 1;
  context.fillStyle = brush.theme.colors.hair;
  context.fillRect(scene.padding, camera.y + scene.hairlineY, scene.width - 2 * scene.padding, 1);
}
