import type { Scenery } from "../../core/frame.ts";
import { closedGroup, groupParts } from "../../layout/groupText.ts";
import { imageSize } from "../../layout/imageSize.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatShape } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

const MOST_PEEKED = 6;

/** `Dense · tanh`: what a layer is, in a line. */
export function kindText(node: NetworkNode): string {
  const group = closedGroup(node);
  const [layer] = node.layers;
  if (group !== null && layer !== undefined) return groupParts(layer, group).join(" · ");
  const notes = node.layers.map((layer) => layer.note).filter((note) => note !== null);
  const parts = [node.kind === "input" ? say("inputOfNetwork") : typeOf(node)];
  if (node.activation !== null) parts.push(activationName(node.activation));
  return [...parts, ...notes.map(safeText)].join(" · ");
}

/** Output shape, parameters in all and tensor by tensor, and what is folded into the column. */
export function structureFacts(node: NetworkNode, scenery: Scenery | null): Fact[] {
  const shape = node.shape.length > 1 ? node.shape : (imageSize(node, scenery) ?? node.shape);
  const size = formatShape([null, ...shape]) || say("oneNumber");
  const facts: Fact[] = [{ name: say(node.kind === "input" ? keyOf("size") : keyOf("output")), value: size }];
  const count = node.layers.reduce((sum, layer) => sum + layer.parameterCount, 0);
  const isKnown = count > 0 || node.layers.every(({ note }) => note === null);
  if (node.kind !== "input" && isKnown) facts.push({ name: say("parameterCount"), value: formatCount(count) });
  for (const layer of closedGroup(node) === null ? node.layers : []) {
    for (const { name, shape, isTrainable } of layer.parameters) {
      const size = shape.map(formatCount).join(" × ") || "1";
      facts.push({ name: safeText(name), value: isTrainable ? size : say("fixed", { size }) });
    }
  }
  if (node.layers.length > 1) {
    facts.push({
      name: say("with"),
      value: node.layers
        .slice(1)
        .map((layer) => safeText(layer.name))
        .join(say("comma")),
    });
  }
  return facts;
}

/** What a layer is, for a tooltip. */
export function layerPeek(node: NetworkNode, scenery: Scenery | null): Fact[] {
  const group = closedGroup(node);
  const value = group === null ? typeOf(node) : kindText(node);
  const facts: Fact[] = [{ name: say("layer"), value, isBold: true }];
  if (node.activation !== null) facts.push({ name: say("activation"), value: activationName(node.activation) });
  return [...facts, ...structureFacts(node, scenery)].slice(0, MOST_PEEKED);
}

function typeOf(node: NetworkNode): string {
  return safeText(node.layers[0]?.type ?? say("layer"));
}
