import { firstOfColumn } from "../draw/edges/edgeSet.ts";
import type { Renderer } from "../draw/renderer.ts";
import { COLUMN_LAYOUTS } from "../layout/kinds/columnLayouts.ts";
import { pictureSize } from "../layout/pictureSize.ts";
import { type Column, drawnUnit, type Scene, unitBox, unitOfDrawn } from "../layout/scene.ts";
import { clamp } from "../lib/numbers.ts";
import type { Hover } from "../store/viewState.ts";
import { nearestEdge, type PickedEdge, unitAt } from "./pick.ts";

const REACH_PX = 6;
/** Weaker than this share of the scale a bundle is all but invisible, so it is not pointed at either. */
const FAINTEST = 0.02;

/** The layer whose head lies at a point of the view. */
export function headAt(renderer: Renderer, x: number, y: number): Hover | null {
  const { camera, heads } = renderer;
  const found = heads.find(({ box, isPinned }) => {
    const [left, top] = [box.x - camera.x, box.y - (isPinned ? 0 : camera.y)];
    return x >= left && x <= left + box.width && y >= top && y <= top + box.height;
  });
  return found === undefined ? null : { layer: found.column.node.id, unit: null };
}

/** What lies at a point of the scene: a unit, a layer that is one thing, else the nearest edge or bundle within 6 px. */
export function hoverAt(renderer: Renderer, scene: Scene, x: number, y: number): Hover | null {
  const found = unitAt(scene, x, y);
  if (found !== null) {
    const { column, unit } = found;
    if (column.kind === "maps" && unit !== null)
      return { layer: column.node.id, unit, place: placeInMap(column, unit, x, y) };
    return { layer: column.node.id, unit: COLUMN_LAYOUTS[column.kind].isOneThing ? null : unit };
  }
  const { reading } = renderer;
  if (reading === null) return null;
  const { outgoing } = reading;
  const own = outgoing === null ? null : nearestEdge([outgoing.set], x, y, REACH_PX);
  const chosen = renderer.values.selection;
  if (own !== null && chosen !== null && chosen.unit !== null) {
    const { source, target } = own.set;
    if (outgoing?.measure === "place") return placeEdge(own, chosen.unit);
    return { layer: target.node.id, unit: own.unit, source: chosen.unit, sourceLayer: source.node.id };
  }
  const edges = reading.edges.filter((edge) => edge !== null);
  const readingOf = new Map(edges.map((edge) => [edge.set, edge]));
  const picked = nearestEdge([...readingOf.keys()], x, y, REACH_PX, (set, value) => {
    if (set.isRaster && value === 0) return false; // leaves no mark
    return !set.isBundled || !(Math.abs(value) < FAINTEST * (readingOf.get(set)?.scale ?? 1));
  });
  if (picked === null) return null;
  const { set, source } = picked;
  const { id: layer, units } = set.target.node;
  const unit =
    set.target.drawnUnits === undefined
      ? firstOfColumn(picked.unit, set.unitCount, units)
      : (unitOfDrawn(set.target, picked.unit) ?? 0);
  const ends = { layer, unit, sourceLayer: set.source.node.id };
  if (set.source.kind === "maps" || set.target.kind === "maps") {
    if (set.source.kind !== "maps") return { layer, unit };
    const from = unitOfDrawn(set.source, source);
    return from === null || unitOfDrawn(set.target, picked.unit) === null ? null : { ...ends, source: from };
  }
  return set.isBundled ? { ...ends, bundle: source, block: readingOf.get(set)?.block ?? 1 } : { ...ends, source };
}

/** Row and column of a map at a point of it. */
function placeInMap(column: Column, unit: number, x: number, y: number): readonly [number, number] {
  const box = unitBox(column, drawnUnit(column, unit));
  const [rows, columns] = pictureSize(column);
  const cell = (share: number, count: number): number => clamp(Math.floor(share * count), 0, count - 1);
  return [cell((y - box.y) / box.height, rows), cell((x - box.x) / box.width, columns)];
}

/** What a map adds to the chosen place. */
function placeEdge({ set: { source, target }, source: from }: PickedEdge, unit: number): Hover {
  const map = source.kind === "maps" ? unitOfDrawn(source, from) : null;
  const ends = map === null ? {} : { source: map, sourceLayer: source.node.id };
  return { layer: target.node.id, unit, ...ends };
}
