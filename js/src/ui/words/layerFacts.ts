import type { Scenery } from "../../core/frame.ts";
import { imageSize } from "../../layout/imageSize.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatShape } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import type { Fact } from "../kit/facts.ts";

const MOST_PEEKED = 6;

/** `Dense · tanh`: what a layer is, in a line. */
export function kindText(node: NetworkNode): string {
  const notes = node.layers.map((layer) => layer.note).filter((note) => note !== null);
  const parts = [node.kind === "input" ? "the input of the network" : typeOf(node)];
  if (node.activation !== null) parts.push(activationName(node.activation));
  return [...parts, ...notes.map(safeText)].join(" · ");
}

/** Output shape, parameters in all and tensor by tensor, and what is folded into the column. */
export function structureFacts(node: NetworkNode, scenery: Scenery | null): Fact[] {
  const shape = node.shape.length > 1 ? node.shape : (imageSize(node, scenery) ?? node.shape);
  const size = formatShape([null, ...shape]) || "one number";
  const facts: Fact[] = [{ name: node.kind === "input" ? "size" : "output", value: size }];
  const count = node.layers.reduce((sum, layer) => sum + layer.parameterCount, 0);
  if (node.kind !== "input") facts.push({ name: "parameters", value: formatCount(count) });
  for (const layer of node.layers) {
    for (const { name, shape, isTrainable } of layer.parameters) {
      const size = shape.map(formatCount).join(" × ") || "1";
      facts.push({ name: safeText(name), value: isTrainable ? size : `${size}, fixed` });
    }
  }
  if (node.layers.length > 1) {
    facts.push({
      name: "with",
      value: node.layers
        .slice(1)
        .map((layer) => safeText(layer.name))
        .join(", "),
    });
  }
  return facts;
}

/** What a layer is, for a tooltip. */
export function layerPeek(node: NetworkNode, scenery: Scenery | null): Fact[] {
  const facts: Fact[] = [{ name: "layer", value: typeOf(node), isBold: true }];
  if (node.activation !== null) facts.push({ name: "activation", value: activationName(node.activation) });
  return [...facts, ...structureFacts(node, scenery)].slice(0, MOST_PEEKED);
}

function typeOf(node: NetworkNode): string {
  return safeText(node.layers[0]?.type ?? "layer");
}
