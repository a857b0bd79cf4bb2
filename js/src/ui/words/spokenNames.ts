import type { Scenery } from "../../core/frame.ts";
import { closedGroup, faceParts, groupParts, WORD_OF } from "../../layout/groupText.ts";
import { hasNamedMaps } from "../../layout/mapShape.ts";
import type { NetworkNode, NodeKind } from "../../layout/readNodes.ts";
import { ownName } from "../../layout/unitNames.ts";
import { activationName } from "../../lib/activationName.ts";
import { noPrediction } from "../../lib/noPrediction.ts";
import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { outputText } from "../../lib/outputText.ts";
import { safeText } from "../../lib/safeText.ts";
import { type Key, keyOf, say } from "../../lib/say.ts";
import { pictureFacts } from "./mapFacts.ts";
import { className, elementName, imageWidth, type UnitReading, unitName } from "./readUnit.ts";

/** How many units a node has, in the word for them. */
const COUNT_OF: Partial<Record<NodeKind, Key>> = {
  input: keyOf("inputs"),
  maps: keyOf("maps"),
  heads: keyOf("heads"),
};

/** The word for the units of a node. */
export function countOf(node: NetworkNode): Key {
  const [main] = node.layers;
  if (node.kind === "told" && main?.face != null) return WORD_OF[main.face.kind];
  const word = node.kind === "maps" && !isOfMaps(node) ? undefined : COUNT_OF[node.kind];
  return word ?? keyOf("units");
}

/** Whether its units are called maps. */
export function isOfMaps({ kind, layers: [main] }: NetworkNode): boolean {
  return kind === "maps" && main !== undefined && hasNamedMaps(main);
}

/** `unit 1 of 4`, `map 1 of 4` */
export function unitOf(node: NetworkNode, unit: number): string {
  const { kind, units } = node;
  if (kind === "told")
    return say(node.pictures === null ? keyOf("valueOfAll") : keyOf("pictureOf"), { unit, count: units });
  if (kind === "heads") return say("headOf", { unit, heads: units });
  return isOfMaps(node) ? say("mapOf", { unit, maps: units }) : say("unitOf", { unit, units });
}

/** `dense_1, 4 units, tanh` */
export function spokenLayer(node: NetworkNode): string {
  const parts = [safeText(node.name)];
  const [layer] = node.layers;
  const group = closedGroup(node);
  if (group !== null && layer !== undefined) {
    return [...parts, ...groupParts(layer, group), say("closedGroup")].join(say("comma"));
  }
  if (node.kind === "told" && layer !== undefined) return [...parts, ...faceParts(layer)].join(say("comma"));
  if (node.kind === "card") parts.push(safeText(node.layers[0]?.type ?? say("layer")));
  else parts.push(say(countOf(node), { count: node.units }));
  if (node.kind === "dense") parts.push(activationName(node.activation));
  return parts.join(say("comma"));
}

/** `dense_1, unit 1 of 4, tanh, output +0.742, bias +0.348, strongest input dense 1, weight −1.831` */
export function spokenUnit(reading: UnitReading, scenery: Scenery | null): string {
  const { node, unit, activation, outputs, bias, map, source, weights } = reading;
  const parts = [safeText(node.name)];
  if (node.kind === "input") {
    const own = unitName(node, unit, scenery);
    parts.push(imageWidth(node, scenery) === null ? own : say("pixel", { pixel: own }));
    if (activation !== null) parts.push(say("valueIs", { value: formatNumber(activation, 3) }));
    return parts.join(say("comma"));
  }
  const label = className(node, unit, scenery);
  const name = ownName(node, unit, scenery);
  if (name !== null) parts.push(name);
  parts.push(unitOf(node, unit));
  if (label !== null) parts.push(say("classIs", { name: label }));
  if (node.kind === "dense") parts.push(activationName(node.activation));
  if (activation !== null && node.kind === "told") parts.push(say("valueIs", { value: formatNumber(activation, 3) }));
  else if (activation !== null) parts.push(say("outputIs", { value: outputText(activation, node.activation, 3) }));
  if (map !== null) parts.push(...pictureFacts(node, map).map(({ name: what, value }) => `${what} ${value}`));
  if (node.isOutput && outputs !== null) parts.push(...[noPrediction(outputs)].filter((text) => text !== null));
  if (bias !== null) parts.push(say("biasIs", { value: formatSigned(bias, 3) }));
  const strongest = weights === null ? -1 : indexOfStrongest(weights);
  if (source !== null && weights !== null && strongest >= 0) {
    const from = elementName(source, strongest, scenery).replace(" · ", " ");
    parts.push(say("strongestInput", { from, weight: formatSigned(weights[strongest] ?? Number.NaN, 3) }));
  }
  return parts.join(say("comma"));
}

function indexOfStrongest(weights: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < weights.length; i++) {
    const size = Math.abs(weights[i] ?? Number.NaN);
    if (!Number.isNaN(size) && (best < 0 || size > Math.abs(weights[best] ?? 0))) best = i;
  }
  return best;
}
