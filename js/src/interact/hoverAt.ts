import type { Renderer } from "../draw/renderer.ts";
import type { Scene } from "../layout/scene.ts";
import type { Hover } from "../store/viewState.ts";
import { nearestEdge, unitAt } from "./pick.ts";

const REACH_PX = 6;
/** Weaker than this share of the scale a bundle is not drawn, so it is not pointed at either. */
const FAINTEST = 0.02;

/** What lies at a point of the scene: a unit, else the nearest edge or bundle within 6 px. */
export function hoverAt(renderer: Renderer, scene: Scene, x: number, y: number): Hover | null {
  const unit = unitAt(scene, x, y);
  if (unit !== null) return unit.column.kind === "image" ? null : { layer: unit.column.node.id, unit: unit.unit };
  const { reading } = renderer;
  if (reading === null) return null;
  const { outgoing } = reading;
  const own = outgoing === null ? null : nearestEdge([outgoing.set], x, y, REACH_PX);
  const chosen = renderer.values.selection;
  if (own !== null && chosen !== null) {
    const { source, target } = own.set;
    return { layer: target.node.id, unit: own.unit, source: chosen.unit, sourceLayer: source.node.id };
  }
  const edges = reading.edges.filter((edge) => edge !== null);
  const scales = new Map(edges.map((edge) => [edge.set, edge.scale]));
  const picked = nearestEdge([...scales.keys()], x, y, REACH_PX, (set, value) => {
    return !set.isBundled || !(Math.abs(value) < FAINTEST * (scales.get(set) ?? 1));
  });
  if (picked === null) return null;
  const { set, source } = picked;
  const ends = { layer: set.target.node.id, unit: picked.unit, sourceLayer: set.source.node.id };
  return set.isBundled ? { ...ends, bundle: source } : { ...ends, source };
}
