import type { Scenery } from "../core/frame.ts";
import { BELOW_THUMBNAILS, placeThumbnails } from "../draw/marks/imageInput.ts";
import { placeOnPlane } from "../draw/marks/pointShapes.ts";
import type { ColumnKind } from "../layout/kinds/columnLayouts.ts";
import { type Column, drawnUnit, type Scene, unitBox } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";
import { nearestPoint, type PlacedPoint } from "./nearestPoint.ts";

/** How pointer and keys meet the columns of one kind. */
interface Manner {
  /** The drawn unit at a point of the body, or of what belongs to it; null between units. */
  pick(column: Column, x: number, y: number): number | null;
  /** The height at which keys step from a unit to the columns beside it. */
  steps(column: Column, unit: number): number;
  /** The sample whose mark lies at a point. */
  sample(column: Column, scene: Scene, scenery: Scenery, x: number, y: number): number | null;
}

const noSample = () => null;
const atPort = (column: Column, unit: number) => at(column.portY, drawnUnit(column, unit));

/** The unit whose box has the point; those one below the other also own what is beside them, `reach` px up and down. */
function pickBox(column: Column, x: number, y: number, isStacked = false, reach = 0): number | null {
  for (let unit = 0; unit < column.unitCount; unit++) {
    const box = unitBox(column, unit);
    const inX = isStacked || (x >= box.x && x <= box.x + box.width);
    if (inX && y >= box.y - reach && y <= box.y + box.height + reach) return unit;
  }
  return null;
}

const asUnits: Manner = { pick: (column, x, y) => pickBox(column, x, y), steps: atPort, sample: noSample };

export const MANNERS: Readonly<Record<ColumnKind, Manner>> = {
  tiles: { ...asUnits, pick: (column, x, y) => pickBox(column, x, y, true) },
  cells: asUnits,
  strip: { ...asUnits, pick: (column, x, y) => pickBox(column, x, y, true, 0.5) },
  maps: asUnits,
  grid: asUnits,
  bins: asUnits,
  image: { ...asUnits, steps: ({ box }) => box.y + box.height / 2, sample: thumbnailAt },
  rows: asUnits,
  prediction: { ...asUnits, pick: (column, _, y) => nearestPort(column, y), sample: pointAt },
  tokens: asUnits,
  card: asUnits,
};

function nearestPort(column: Column, y: number): number {
  let best = 0;
  column.portY.forEach((port, unit) => {
    if (Math.abs(port - y) < Math.abs(at(column.portY, best) - y)) best = unit;
  });
  return best;
}

function thumbnailAt(column: Column, scene: Scene, scenery: Scenery, x: number, y: number): number | null {
  const indices = scenery.sections.find((section) => section.quantity === "thumbnail_index");
  const placed = indices === undefined ? [] : placeThumbnails(column, indices.values, scene.height - BELOW_THUMBNAILS);
  const found = placed.find(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
  return found?.sample ?? null;
}

function pointAt(column: Column, _: Scene, scenery: Scenery, x: number, y: number): number | null {
  return nearestPoint(placedPoints(column, scenery), x, y);
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
