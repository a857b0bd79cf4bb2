import { clamp } from "../lib/numbers.ts";
import type { Box, Scene } from "./scene.ts";

/**
 * How a scene is looked at: `scale` times enlarged, its enlarged point (x, y) at the upper left of the view. The band of
 * heads above `frozenTop` follows in x only, so that a column is named at any place.
 */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: Camera = { scale: 1, x: 0, y: 0 };

export function isSameCamera(a: Camera, b: Camera): boolean {
  return a.scale === b.scale && a.x === b.x && a.y === b.y;
}

export const MOST_ZOOM = 8;
/** What is all but fit is fit. */
const SNAP = 1.01;
const MARGIN = 40;

export function frozenTop(scene: Scene): number {
  return scene.hairlineY ?? 0;
}

/** A camera that shows nothing beyond the scene. `scene` is as laid out, not enlarged; it is as high as the view. */
export function clampCamera(camera: Camera, scene: Scene, viewWidth: number): Camera {
  const scale = camera.scale < SNAP ? 1 : Math.min(MOST_ZOOM, camera.scale);
  return {
    scale,
    x: clamp(camera.x, 0, Math.max(0, scene.width * scale - viewWidth)),
    y: clamp(camera.y, 0, (scene.height - frozenTop(scene)) * (scale - 1)),
  };
}

/** Enlarges around the point (x, y) of the view, which stays where it is. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number, scene: Scene, viewWidth: number): Camera {
  const scale = clamp(camera.scale * factor, 1, MOST_ZOOM);
  const grown = scale / camera.scale;
  const fromTop = y - frozenTop(scene);
  const next = { scale, x: (camera.x + x) * grown - x, y: (camera.y + fromTop) * grown - fromTop };
  return clampCamera(next, scene, viewWidth);
}

export function panBy(camera: Camera, dx: number, dy: number, scene: Scene, viewWidth: number): Camera {
  return clampCamera({ ...camera, x: camera.x + dx, y: camera.y + dy }, scene, viewWidth);
}

/** Moves no more than is needed to show a box of the enlarged scene, with what stands beside it. */
export function reveal(camera: Camera, box: Box, scene: Scene, viewWidth: number): Camera {
  const top = frozenTop(scene);
  return clampCamera(
    {
      ...camera,
      x: shiftInto(camera.x, box.x - MARGIN, box.x + box.width + MARGIN, 0, viewWidth),
      y: shiftInto(camera.y, box.y - MARGIN / 2, box.y + box.height + MARGIN / 2, top, scene.height),
    },
    scene,
    viewWidth,
  );
}

function shiftInto(start: number, from: number, to: number, low: number, high: number): number {
  if (from < start + low || to - from > high - low) return from - low;
  return to > start + high ? to - high : start;
}

/** Puts a box of the scene, as `camera` enlarges it, into the middle of the view at another scale. */
export function centreOn(camera: Camera, box: Box, scale: number, scene: Scene, viewWidth: number): Camera {
  const grown = scale / camera.scale;
  const top = frozenTop(scene);
  const middleY = top + (box.y + box.height / 2 - top) * grown;
  return clampCamera(
    {
      scale,
      x: (box.x + box.width / 2) * grown - viewWidth / 2,
      y: middleY - (top + scene.height) / 2,
    },
    scene,
    viewWidth,
  );
}

/** `share` of the way. Linear in all three, so a point that is fixed at both ends stays fixed between them. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return { scale: mix(from.scale, to.scale), x: mix(from.x, to.x), y: mix(from.y, to.y) };
}
