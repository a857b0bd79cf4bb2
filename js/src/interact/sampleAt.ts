import type { Scenery } from "../core/frame.ts";
import { placeThumbnails } from "../draw/marks/imageInput.ts";
import { placeOnPlane } from "../draw/marks/points.ts";
import type { Column, Scene } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";
import { nearestPoint, type PlacedPoint } from "./pick.ts";

/** The sample whose data point or thumbnail lies at a point of the scene. */
export function sampleAt(scene: Scene, scenery: Scenery | null, x: number, y: number): number | null {
  if (scenery === null) return null;
  for (const column of scene.columns) {
    if (column.kind === "prediction") {
      const sample = nearestPoint(placedPoints(column, scenery), x, y);
      if (sample !== null) return sample;
    }
    if (column.kind !== "image") continue;
    const indices = scenery.sections.find((section) => section.quantity === "thumbnail_index");
    if (indices === undefined) continue;
    for (const { box, sample } of placeThumbnails(column, indices.values, scene.omissionY - 14)) {
      if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) return sample;
    }
  }
  return null;
}

function* placedPoints(column: Column, scenery: Scenery): Iterable<PlacedPoint> {
  const points = scenery.sections.find((section) => section.quantity === "points" && section.name === "train");
  const indices = scenery.sections.find((section) => section.quantity === "point_index" && section.name === "train");
  if (points === undefined || indices === undefined || scenery.extent === null) return;
  for (let i = 0; i < indices.values.length; i++) {
    const [x, y] = placeOnPlane(column.box, scenery.extent, at(points.values, 2 * i), at(points.values, 2 * i + 1));
    yield { x, y, sample: at(indices.values, i) };
  }
}
