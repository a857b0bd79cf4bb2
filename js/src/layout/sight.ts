import { type Camera, frozenTop } from "./camera.ts";
import type { Box, Scene } from "./scene.ts";

/** What of a scene is in view. */
export interface Sight {
  /** As it is laid out, not enlarged. */
  readonly base: Scene;
  /** The part of it that is in view. */
  readonly window: Box;
  readonly scale: number;
  readonly isWhole: boolean;
  /** How many layers are not, or not wholly, in view at the left and at the right. */
  readonly left: number;
  readonly right: number;
}

const SLACK_PX = 1;

export function sightOf(base: Scene, camera: Camera, viewWidth: number, viewHeight: number): Sight {
  const { scale } = camera;
  const top = frozenTop(base);
  const window = {
    x: camera.x / scale,
    y: top + camera.y / scale,
    width: Math.min(base.width, viewWidth / scale),
    height: (viewHeight - top) / scale,
  };
  const [from, to] = [window.x - SLACK_PX, window.x + window.width + SLACK_PX];
  let [left, right] = [0, 0];
  for (const { box, node } of base.columns) {
    if (box.x + box.width > to) right += node.layers.length;
    else if (box.x < from) left += node.layers.length;
  }
  return { base, window, scale, isWhole: scale === 1 && base.width <= viewWidth + SLACK_PX, left, right };
}
