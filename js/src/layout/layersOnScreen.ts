import type { Camera } from "./camera.ts";
import type { Scene } from "./scene.ts";

/** Columns this near are measured already, so that they are there when one scrolls on. */
const NEAR_PX = 120;

/** Ids of the layers whose columns show more than a name in a view of this width; `scene` as the camera enlarges it. */
export function layersOnScreen(scene: Scene, camera: Camera, viewWidth: number): readonly string[] {
  const [from, to] = [camera.x - NEAR_PX, camera.x + viewWidth + NEAR_PX];
  return scene.columns
    .filter(({ kind, box }) => kind !== "card" && box.x < to && box.x + box.width > from)
    .flatMap(({ node }) => node.layers.map((layer) => layer.id));
}
