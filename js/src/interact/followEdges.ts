import type { EdgeQuantity, Frame, Selection, UnitPlace } from "../core/frame.ts";
import { areJoinedByMaps, type MapLink, mapLinks } from "../draw/read/mapLinks.ts";
import { sectionOfNode } from "../draw/read/sections.ts";
import type { NetworkNode } from "../layout/readNodes.ts";
import { columnOfLayer, type Scene } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";
import type { Hover } from "../store/viewState.ts";

export type Direction = "outgoing" | "incoming";

/** One edge of a unit, by the units at its ends. */
export interface UnitEdge {
  readonly source: UnitPlace;
  readonly target: UnitPlace;
  readonly value: number;
}

/**
 * The edges of a unit in one direction, the strongest by magnitude first; what is not a number comes last.
 *
 * Where the edges of a layer are bundled the frame has single ones for the selected unit alone; `null` says that this
 * unit's are not known. A unit with no edges that way has an empty list.
 */
export function rankEdges(
  frame: Frame,
  scene: Scene,
  place: UnitPlace,
  direction: Direction,
  quantity: EdgeQuantity,
): UnitEdge[] | null {
  const edges =
    direction === "incoming" ? edgesInto(frame, scene, place, quantity) : edgesOutOf(frame, scene, place, quantity);
  const size = ({ value }: UnitEdge): number => (Number.isNaN(value) ? -1 : Math.abs(value));
  return edges?.sort((a, b) => size(b) - size(a)) ?? null;
}

function edgesInto(frame: Frame, scene: Scene, place: UnitPlace, quantity: EdgeQuantity): UnitEdge[] | null {
  const node = columnOfLayer(scene, place.layer)?.node;
  const source = columnOfLayer(scene, node?.sources[0] ?? "")?.node;
  if (node === undefined || node.sources.length !== 1 || source === undefined) return [];
  if (areJoinedByMaps(source, node))
    return edgesOfMaps(frame, source, node, quantity, ({ target }) => target === place.unit);
  if (node.kind !== "dense") return [];
  const name = quantity === "gradient" ? "gradient" : "weight";
  const kernel = frame.section(name, node.id, "kernel");
  const [, unitCount = 0] = kernel?.shape ?? [];
  const own = frame.section("incoming", node.id, name);
  let weights: ArrayLike<number>;
  if (kernel !== undefined && place.unit < unitCount) {
    weights = kernel.values.filter((_, i) => i % unitCount === place.unit);
  } else if (own?.attributes.unit === place.unit) weights = own.values;
  else return null;
  const inputs = quantity === "signal" ? sectionOfNode(frame, source, "activation")?.values : undefined;
  if (quantity === "signal" && inputs?.length !== weights.length) return null;
  return Array.from(weights, (weight, unit) => ({
    source: { layer: source.id, unit },
    target: { layer: node.id, unit: place.unit },
    value: inputs === undefined ? weight : weight * at(inputs, unit),
  }));
}

/** All edges out of one unit scale with its own activation, so the signal ranks them as the weight does. */
function edgesOutOf(frame: Frame, scene: Scene, place: UnitPlace, quantity: EdgeQuantity): UnitEdge[] | null {
  const node = columnOfLayer(scene, place.layer)?.node;
  if (node === undefined) return [];
  if (node.kind === "maps") {
    const after = scene.columns.map((column) => column.node).filter(({ sources }) => sources[0] === node.id);
    const of = after.map((next) => edgesOfMaps(frame, node, next, quantity, ({ source }) => source === place.unit));
    return of.flatMap((edges) => edges);
  }
  const targets = scene.columns.filter(({ node: next }) => {
    return next.kind === "dense" && next.sources.length === 1 && next.sources[0] === node.id;
  });
  const name = quantity === "gradient" ? "gradient" : "weight";
  const edges: UnitEdge[] = [];
  let isKnown = targets.length === 0;
  for (const { node: target } of targets) {
    const kernel = frame.section(name, target.id, "kernel");
    const [inputCount = 0, unitCount = 0] = kernel?.shape ?? [];
    const own = frame.section("outgoing", target.id, name);
    let weights: ArrayLike<number> | null = null;
    if (kernel !== undefined && place.unit < inputCount) {
      weights = kernel.values.subarray(place.unit * unitCount, (place.unit + 1) * unitCount);
    } else if (own?.attributes.unit === place.unit && node.layers.some((layer) => layer.id === own.attributes.source)) {
      weights = own.values;
    }
    if (weights === null) continue;
    isKnown = true;
    for (let unit = 0; unit < weights.length; unit++) {
      edges.push({
        source: { layer: node.id, unit: place.unit },
        target: { layer: target.id, unit },
        value: at(weights, unit),
      });
    }
  }
  return isKnown ? edges : null;
}

/** Those of a pair of layers that are joined by a number for each pair of maps. */
function edgesOfMaps(
  frame: Frame,
  source: NetworkNode,
  target: NetworkNode,
  quantity: EdgeQuantity,
  isAsked: (link: MapLink) => boolean,
): UnitEdge[] {
  if (source.kind !== "maps") return [];
  return (mapLinks(frame, source, target, quantity) ?? []).filter(isAsked).map((link) => ({
    source: { layer: source.id, unit: link.source },
    target: { layer: target.id, unit: link.target },
    value: link.value,
  }));
}

/** A step along an edge: from where, over which by rank, to where. */
export interface Trail {
  readonly from: UnitPlace;
  readonly direction: Direction;
  readonly rank: number;
  readonly to: UnitPlace;
}

/**
 * From where and by which rank the next step goes: the strongest edge of the place, or, asked for the next after a step
 * that led here, the edge one weaker from where that step began.
 */
export function nextStep(
  place: UnitPlace,
  direction: Direction,
  isNext: boolean,
  trail: Trail | null,
): { readonly from: UnitPlace; readonly rank: number } {
  const continues =
    isNext &&
    trail !== null &&
    trail.direction === direction &&
    trail.to.layer === place.layer &&
    trail.to.unit === place.unit;
  return continues ? { from: trail.from, rank: trail.rank + 1 } : { from: place, rank: 0 };
}

/** Where following an edge leads: to the end that is not selected, else to the end that is farther from the pointer. */
export function farEnd(edge: Hover, selection: Selection | null, isNearSource: boolean): Selection {
  const target = { layer: edge.layer, unit: edge.unit };
  if (edge.sourceLayer === undefined || edge.source === undefined) return target;
  const source = { layer: edge.sourceLayer, unit: edge.source };
  const isSelected = ({ layer, unit }: Selection): boolean => selection?.layer === layer && selection.unit === unit;
  if (isSelected(target)) return source;
  return isSelected(source) || isNearSource ? target : source;
}
