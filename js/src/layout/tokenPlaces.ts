import type { Role } from "../core/anatomy.ts";
import type { Layer } from "../core/graph.ts";
import { type NetworkNode, nodeOfLayer } from "./readNodes.ts";

/** Place i of what these put out is of place i of what came in. */
const KEEPS_PLACES: ReadonlySet<Role> = new Set(["embedding", "norm", "elementwise", "merge", "dense", "attention"]);

/**
 * The one input of tokens whose places are those of an attention layer that looks from and at the same sequence; null
 * where there are several, or something on the way may have moved them.
 */
export function tokensOf(nodes: readonly NetworkNode[], node: NetworkNode): NetworkNode | null {
  const attention = node.layers[0]?.attention;
  if (attention == null || attention.queries !== attention.keys) return null;
  return tokensBefore(nodes, node, attention.keys);
}

/** The one input of tokens whose places, of this number, are those of what comes into a node; null as above. */
export function tokensBefore(nodes: readonly NetworkNode[], node: NetworkNode, count: number): NetworkNode | null {
  const inputs = new Set<NetworkNode>();
  const seen = new Set<string>();
  const waiting = [...node.sources];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const before = nodeOfLayer(nodes, id);
    if (before === undefined || seen.has(before.id)) continue;
    seen.add(before.id);
    if (before.kind === "input") {
      if (!before.isTokens || before.units !== count) return null;
      inputs.add(before);
    } else if (before.layers.every((layer) => keepsPlaces(layer, count))) waiting.push(...before.sources);
    else return null;
  }
  const [input] = inputs;
  return inputs.size === 1 && input !== undefined ? input : null;
}

function keepsPlaces({ role, outputShape, parameterCount }: Layer, count: number): boolean {
  const [, places, ...more] = outputShape[0] ?? [];
  const isMask = role === "opaque" && parameterCount === 0 && more.length === 0;
  return places === count && (KEEPS_PLACES.has(role) || isMask);
}
