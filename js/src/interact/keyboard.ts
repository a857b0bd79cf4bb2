import { isDrawn } from "../core/drawings.ts";
import type { EdgeQuantity, Selection } from "../core/frame.ts";
import { COLUMN_LAYOUTS } from "../layout/kinds/columnLayouts.ts";
import { type Column, columnOfLayer, type Scene } from "../layout/scene.ts";
import { clamp } from "../lib/numbers.ts";
import { MANNERS } from "./manners.ts";

/** Where the keyboard is. */
export type Place = Selection;

const LEAP = 10;
const QUANTITIES: readonly EdgeQuantity[] = ["weight", "signal", "gradient"];

/** Coming from outside one meets these as one thing. */
function isWhole({ kind, node }: Column): boolean {
  return COLUMN_LAYOUTS[kind].isOneThing === true || node.units === 0;
}

function inReadingOrder(scene: Scene): Column[] {
  return [...scene.columns].sort((a, b) => a.node.rank - b.node.rank || a.box.y - b.box.y);
}

function heightOf(column: Column, unit: number): number {
  return MANNERS[column.kind].steps(column, unit);
}

function enter(column: Column, y: number): Place {
  if (isWhole(column)) return { layer: column.node.id, unit: null };
  let best = 0;
  for (let unit = 1; unit < column.node.units; unit++) {
    if (Math.abs(heightOf(column, unit) - y) < Math.abs(heightOf(column, best) - y)) best = unit;
  }
  return { layer: column.node.id, unit: best };
}

/**
 * Where a key leads from a place; null for a key that does not move. From nowhere, any moving key enters the first column.
 * From a layer as a whole the keys lead to layers, ↓ into its units; from a unit to units, ↑ from the first to the layer.
 */
export function movePlace(scene: Scene, place: Place | null, key: string): Place | null {
  const order = inReadingOrder(scene);
  const first = order[0];
  if (first === undefined || !MOVES.has(key)) return null;
  const column = place === null ? undefined : columnOfLayer(scene, place.layer);
  if (place === null || column === undefined) return { layer: first.node.id, unit: isWhole(first) ? null : 0 };
  const units = column.node.units;
  if (place.unit === null || units === 0) return moveLayer(order, order.indexOf(column), units, key);
  const unit = clamp(place.unit, 0, units - 1);
  const stay = (next: number): Place => ({ layer: column.node.id, unit: clamp(next, 0, units - 1) });
  switch (key) {
    case "ArrowUp":
      return unit === 0 ? { layer: column.node.id, unit: null } : stay(unit - 1);
    case "ArrowDown":
      return stay(unit + 1);
    case "PageUp":
      return stay(unit - LEAP);
    case "PageDown":
      return stay(unit + LEAP);
    case "Home":
      return stay(0);
    case "End":
      return stay(units - 1);
    default: {
      const step = key === "ArrowRight" ? 1 : -1;
      const next = order[order.indexOf(column) + step];
      return next === undefined ? stay(unit) : enter(next, heightOf(column, unit));
    }
  }
}

function moveLayer(order: readonly Column[], from: number, units: number, key: string): Place {
  const to = (place: number): Place => ({
    layer: order[clamp(place, 0, order.length - 1)]?.node.id ?? "",
    unit: null,
  });
  switch (key) {
    case "ArrowDown":
      return units === 0 ? to(from) : { ...to(from), unit: 0 };
    case "ArrowUp":
      return to(from);
    case "ArrowLeft":
      return to(from - 1);
    case "ArrowRight":
      return to(from + 1);
    case "PageUp":
      return to(from - LEAP);
    case "PageDown":
      return to(from + LEAP);
    default:
      return to(key === "Home" ? 0 : order.length - 1);
  }
}

const MOVES = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]);

export function nextQuantity(quantity: EdgeQuantity): EdgeQuantity {
  return QUANTITIES[(QUANTITIES.indexOf(quantity) + 1) % QUANTITIES.length] ?? "weight";
}

/** The sample `step` further, around the end; from a drawing to the first or the last of the data. */
export function nextSample(sample: number, step: number, count: number): number {
  if (isDrawn(sample) && count > 0) return step > 0 ? 0 : count - 1;
  return count > 0 ? (((sample + step) % count) + count) % count : sample;
}
