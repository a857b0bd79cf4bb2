import type { Role } from "../core/anatomy.ts";
import type { Layer } from "../core/graph.ts";
import { at } from "../lib/numbers.ts";
import { type NetworkNode, nodeOfLayer } from "./readNodes.ts";

/** Place i of what these put out is of place i of what came in. */
const KEEPS_PLACES: ReadonlySet<Role> = new Set(["embedding", "norm", "elementwise", "merge", "dense", "attention"]);

/**
 * The one input, or what turns texts into tokens, whose places, of this number, are those of the sequence that comes into a node; null where there are
 * several, or something on the way may have moved them.
 */
export function placesBefore(nodes: readonly NetworkNode[], node: NetworkNode, count: number): NetworkNode | null {
  const inputs = new Set<NetworkNode>();
  const seen = new Set<string>();
  const waiting = [...node.sources];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const before = nodeOfLayer(nodes, id);
    if (before === undefined || seen.has(before.id)) continue;
    seen.add(before.id);
    if (before.kind === "input" || before.isTokens) {
      if (before.shape[0] !== count) return null;
      inputs.add(before);
    } else if (before.layers.every((layer) => keepsPlaces(layer, count))) waiting.push(...before.sources);
    else return null;
  }
  const [input] = inputs;
  return inputs.size === 1 && input !== undefined ? input : null;
}

function keepsPlaces({ role, outputShape, parameterCount, maskValue }: Layer, count: number): boolean {
  const [, places, ...more] = outputShape[0] ?? [];
  const isMask = role === "opaque" && parameterCount === 0 && more.length === 0;
  return places === count && (KEEPS_PLACES.has(role) || isMask || maskValue != null);
}

/**
 * Of each place of an input whether all that it goes into takes no notice of it.
 *
 * @param values the channels of each place, one place after the other
 */
export function maskedPlaces(nodes: readonly NetworkNode[], input: NetworkNode, values: ArrayLike<number>): boolean[] {
  const takers = nodes.filter(({ sources }) => sources.includes(input.id));
  const masks = takers.map(({ layers: [layer] }) => layer?.maskValue ?? null);
  const count = input.shape[0] ?? 0;
  const channels = count > 0 ? values.length / count : 0;
  const isAll = masks.length > 0 && masks.every((mask) => mask !== null) && Number.isInteger(channels);
  return Array.from({ length: isAll ? count : 0 }, (_, place) =>
    masks.every((mask) => {
      const value = Math.fround(mask ?? Number.NaN);
      for (let channel = 0; channel < channels; channel++) {
        if (at(values, place * channels + channel) !== value) return false;
      }
      return true;
    }),
  );
}
