import { type EdgeSet, sourceOf, unitOf } from "../draw/edgeSet.ts";
import { type Column, type Scene, unitBox } from "../layout/scene.ts";
import { at, clamp } from "../lib/numbers.ts";

export interface PickedEdge {
  readonly set: EdgeSet;
  readonly source: number;
  readonly unit: number;
  readonly distance: number;
}

/** Distance from a point to the curve with level ends, to first order: height over the curve across its slope. */
function distanceToCurve(px: number, py: number, x0: number, y0: number, x1: number, y1: number): number {
  const share = clamp((px - x0) / (x1 - x0), 0, 1);
  let t = share;
  for (let i = 0; i < 4; i++) {
    const x = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
    const slope = 1.5 - 3 * t + 3 * t * t;
    t = clamp(t - (x - share) / slope, 0, 1);
  }
  const y = y0 + (y1 - y0) * t * t * (3 - 2 * t);
  const dy = (y1 - y0) * 6 * t * (1 - t);
  const dx = (x1 - x0) * (1.5 - 3 * t + 3 * t * t);
  const across = Math.abs(py - y) / Math.hypot(1, dy / dx);
  const beside = px < x0 ? x0 - px : px > x1 ? px - x1 : 0;
  return Math.hypot(across, beside);
}

/** The edge or bundle nearest to a point, within `reach` px; of equally near ones the stronger. */
export function nearestEdge(
  sets: readonly EdgeSet[],
  x: number,
  y: number,
  reach = 6,
  isSeen: (set: EdgeSet, value: number) => boolean = () => true,
): PickedEdge | null {
  let best: PickedEdge | null = null;
  for (const set of sets) {
    if (x < set.sourceX - reach || x > set.targetX + reach) continue;
    const count = set.isRaster ? set.values.length : set.order.length;
    for (let i = count - 1; i >= 0; i--) {
      const edge = set.isRaster ? i : at(set.order, i);
      const y0 = at(set.y0, edge);
      const y1 = at(set.y1, edge);
      if (y < Math.min(y0, y1) - reach || y > Math.max(y0, y1) + reach) continue;
      if (!isSeen(set, at(set.values, edge))) continue;
      const distance = distanceToCurve(x, y, set.sourceX, y0, set.targetX, y1);
      if (distance <= reach && (best === null || distance < best.distance - 0.5)) {
        best = { set, source: sourceOf(set, edge), unit: unitOf(set, edge), distance };
      }
    }
  }
  return best;
}

export interface PickedUnit {
  readonly column: Column;
  readonly unit: number;
}

/** The unit under a point, with its gauge or bar; cards are their own unit 0. */
export function unitAt(scene: Scene, x: number, y: number): PickedUnit | null {
  for (const column of scene.columns) {
    const isWide = column.kind === "strip" || column.kind === "tiles";
    const right = isWide ? column.outX - 2 : column.box.x + column.box.width;
    if (x < column.box.x - 2 || x > right || y < column.box.y - 4 || y > column.box.y + column.box.height + 4) continue;
    if (column.kind === "prediction") return { column, unit: nearestPort(column, y) };
    for (let unit = 0; unit < column.unitCount; unit++) {
      const box = unitBox(column, unit);
      const reachY = column.kind === "strip" ? 0.5 : 0;
      const inX = isWide ? true : x >= box.x && x <= box.x + box.width;
      if (inX && y >= box.y - reachY && y <= box.y + box.height + reachY) {
        return { column, unit: wholeUnit(column, unit) };
      }
    }
  }
  return null;
}

function nearestPort(column: Column, y: number): number {
  let best = 0;
  column.portY.forEach((port, unit) => {
    if (Math.abs(port - y) < Math.abs(at(column.portY, best) - y)) best = unit;
  });
  return best;
}

/** For binned columns the first unit of the bin. */
function wholeUnit(column: Column, drawn: number): number {
  if (column.kind !== "bins") return drawn;
  return Math.ceil((drawn * column.node.units) / column.unitCount);
}

export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
  readonly sample: number;
}

/** The sample whose point is nearest, within `reach` px. */
export function nearestPoint(points: Iterable<PlacedPoint>, x: number, y: number, reach = 8): number | null {
  let best: number | null = null;
  let nearest = reach;
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance <= nearest) {
      nearest = distance;
      best = point.sample;
    }
  }
  return best;
}
