import type { Scenery } from "../core/frame.ts";
import type { Scene } from "../layout/scene.ts";
import { MANNERS } from "./manners.ts";

/** The sample whose data point or thumbnail lies at a point of the scene. */
export function sampleAt(scene: Scene, scenery: Scenery | null, x: number, y: number): number | null {
  if (scenery === null) return null;
  for (const column of scene.columns) {
    const sample = MANNERS[column.kind].sample(column, scene, scenery, x, y);
    if (sample !== null) return sample;
  }
  return null;
}
