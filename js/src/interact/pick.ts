import { type EdgeSet, sourceOf, unitOf } from "../draw/edges/edgeSet.ts";
import { ownWidth } from "../layout/kinds/columnLayouts.ts";
import { type Column, type Scene, unitOfDrawn } from "../layout/scene.ts";
import { at, clamp } from "../lib/numbers.ts";
import { MANNERS } from "./manners.ts";

export interface PickedEdge {
  readonly set: EdgeSet;
  readonly source: number;
  readonly unit: number;
  readonly distance: number;
}

/** Edges at most so much farther than the nearest lie one upon the other: the strongest is on top. */
const TIE_PX = 1;

/** The place in common that all curves with level ends between two columns have at x. */
interface Crossing {
  /** Share of the way down from a curve's start to its end. */
  readonly share: number;
  /** What that share grows by in a px. */
  readonly steepness: number;
  /** Px that x lies before the first column or behind the second. */
  readonly beside: number;
}

function crossingAt(x: number, x0: number, x1: number): Crossing {
  const share = clamp((x - x0) / (x1 - x0), 0, 1);
  let t = share;
  for (let i = 0; i < 4; i++) {
    const at = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
    t = clamp(t - (at - share) / (1.5 - 3 * t + 3 * t * t), 0, 1);
  }
  return {
    share: t * t * (3 - 2 * t),
    steepness: (6 * t * (1 - t)) / ((x1 - x0) * (1.5 - 3 * t + 3 * t * t)),
    beside: Math.max(0, x0 - x, x - x1),
  };
}

/** To first order: height over the curve across its slope. */
function distanceTo(y: number, y0: number, y1: number, { share, steepness, beside }: Crossing): number {
  const rise = y1 - y0;
  return Math.hypot((y - y0 - rise * share) / Math.sqrt(1 + (rise * steepness) ** 2), beside);
}

/** The edge or bundle nearest to a point, within `reach` px; of those one upon the other the strongest. */
export function nearestEdge(
  sets: readonly EdgeSet[],
  x: number,
  y: number,
  reach = 6,
  isSeen: (set: EdgeSet, value: number) => boolean = () => true,
): PickedEdge | null {
  const near: { readonly set: EdgeSet; readonly edge: number; readonly distance: number }[] = [];
  let nearest = reach;
  for (const set of sets) {
    if (x < set.sourceX - reach || x > set.targetX + reach) continue;
    const crossing = crossingAt(x, set.sourceX, set.targetX);
    const { y0, y1, values, order, isRaster } = set;
    const count = isRaster ? values.length : order.length;
    for (let i = 0; i < count; i++) {
      const edge = isRaster ? i : at(order, i);
      const distance = distanceTo(y, at(y0, edge), at(y1, edge), crossing);
      if (distance > nearest + TIE_PX || distance > reach || !isSeen(set, at(values, edge))) continue;
      nearest = Math.min(nearest, distance);
      near.push({ set, edge, distance });
    }
  }
  let best: PickedEdge | null = null;
  let most = -1;
  for (const { set, edge, distance } of near) {
    const value = at(set.values, edge);
    const size = Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value);
    if (distance > nearest + TIE_PX || size < most) continue;
    most = size;
    best = { set, source: sourceOf(set, edge), unit: unitOf(set, edge), distance };
  }
  return best;
}

export interface PickedUnit {
  readonly column: Column;
  /** `null` for the units of a layer that are not drawn. */
  readonly unit: number | null;
}

/** The unit under a point, with its gauge or bar, of bins the first of the bin; cards are their own unit 0. */
export function unitAt(scene: Scene, x: number, y: number): PickedUnit | null {
  for (const column of scene.columns) {
    const { box } = column;
    const right = box.x + ownWidth(column);
    if (x < box.x - 2 || x > right || y < box.y - 4 || y > box.y + box.height + 4) continue;
    const drawn = MANNERS[column.kind].pick(column, x, y);
    if (drawn !== null) return { column, unit: unitOfDrawn(column, drawn) };
  }
  return null;
}
