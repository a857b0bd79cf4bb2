import type { EdgeQuantity, Frame, Scenery } from "../core/frame.ts";
import { numberOf } from "../draw/sections.ts";
import type { NetworkNode } from "../layout/readNodes.ts";
import { nodeOfLayer } from "../layout/readNodes.ts";
import { formatNumber, formatSigned } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";
import type { Hover } from "../store/viewState.ts";
import type { Fact } from "./facts.ts";
import { readUnit, type UnitReading, unitName } from "./readUnit.ts";

/** What a tooltip says: a title and at most six rows. */
export interface Peek {
  readonly title: string;
  readonly facts: readonly Fact[];
}

const SUM_OF: Readonly<Record<EdgeQuantity, string>> = {
  weight: "sum of w",
  signal: "sum of w·a",
  gradient: "sum of gradients",
};

/** What is known of a unit, an edge or a bundle of edges; null where nothing is. */
export function peekFacts(
  nodes: readonly NetworkNode[],
  frame: Frame,
  scenery: Scenery | null,
  hover: Hover,
  quantity: EdgeQuantity,
): Peek | null {
  const reading = readUnit(nodes, frame, hover);
  if (reading === null) return null;
  const own = unitName(reading.node, hover.unit, scenery);
  if (hover.bundle !== undefined) return bundlePeek(frame, reading, own, hover.bundle, quantity);
  if (hover.source === undefined) return { title: own, facts: unitFacts(reading) };
  const from = nodeOfLayer(nodes, hover.sourceLayer ?? "") ?? reading.source;
  const title = from === null ? own : `${unitName(from, hover.source, scenery)} → ${own}`;
  return { title, facts: edgeFacts(withOwnWeight(reading, nodes, frame, hover), hover.source) };
}

/** An edge out of the selected unit is known from there where the edges of its target are bundled. */
function withOwnWeight(
  reading: UnitReading,
  nodes: readonly NetworkNode[],
  frame: Frame,
  { unit, source, sourceLayer }: Hover,
): UnitReading {
  if (reading.weights !== null || source === undefined || sourceLayer === undefined) return reading;
  const weight = readUnit(nodes, frame, { layer: sourceLayer, unit: source })?.next;
  if (weight?.node !== reading.node) return reading;
  const weights: number[] = [];
  weights[source] = weight.weights[unit] ?? Number.NaN;
  return { ...reading, weights };
}

function edgeFacts(reading: UnitReading, source: number): Fact[] {
  const facts: Fact[] = [];
  const weight = reading.weights?.[source];
  const input = reading.inputs?.[source];
  const gradient = reading.gradients?.[source];
  if (weight !== undefined) facts.push({ name: "weight w", value: formatSigned(weight, 3), isBold: true });
  if (input !== undefined) facts.push({ name: "input a", value: formatSigned(input, 3) });
  if (weight !== undefined && input !== undefined) {
    facts.push({ name: "signal w·a", value: formatSigned(weight * input, 3) });
  }
  if (gradient !== undefined) facts.push({ name: "gradient", value: formatSigned(gradient, 3) });
  const others = Array.from(reading.weights ?? []).filter((other) => other !== undefined);
  if (weight !== undefined && others.length > 1) facts.push(rankFact("rank by |w|", others, weight));
  return facts;
}

function rankFact(name: string, values: readonly number[], value: number): Fact {
  const rank = 1 + values.filter((other) => Math.abs(other) > Math.abs(value)).length;
  return { name, value: `${rank} of ${values.length}` };
}

function unitFacts(reading: UnitReading): Fact[] {
  const facts: Fact[] = [];
  const isInput = reading.node.kind === "input";
  if (reading.activation !== null) {
    const value = isInput ? formatNumber(reading.activation) : formatSigned(reading.activation, 3);
    facts.push({ name: isInput ? "value" : "output a", value, isBold: true });
  }
  if (reading.z !== null) facts.push({ name: "z", value: formatSigned(reading.z, 3) });
  if (reading.bias !== null) facts.push({ name: "bias", value: formatSigned(reading.bias, 3) });
  if (!isInput) facts.push({ name: "layer", value: safeText(reading.node.name) });
  return facts;
}

/** `inputs 28–55 → dense · 3`, their sum and how many they are. */
function bundlePeek(
  frame: Frame,
  { node, unit }: UnitReading,
  own: string,
  bundle: number,
  quantity: EdgeQuantity,
): Peek | null {
  const section = frame.section("bundle", node.id, quantity);
  const [groupCount = 0, unitCount = 0] = section?.shape ?? [];
  const value = section?.values[bundle * unitCount + unit];
  if (section === undefined || value === undefined) return null;
  const size = numberOf(section, "groupSize", 0);
  const inputCount = numberOf(section, "inputCount", size * groupCount);
  const first = bundle * size;
  const last = Math.min(inputCount, first + size) - 1;
  const facts: Fact[] = [{ name: SUM_OF[quantity], value: formatSigned(value, 3), isBold: true }];
  const isKnown = size > 0 && last >= first;
  if (isKnown) facts.push({ name: "weights", value: String(last - first + 1) });
  if (section.attributes.groupKind === "image_row") {
    facts.push({ name: "row of the image", value: `${bundle} of ${groupCount}` });
  }
  const sums = Array.from({ length: groupCount }, (_, i) => section.values[i * unitCount + unit] ?? Number.NaN);
  if (groupCount > 1) facts.push(rankFact("rank by |sum|", sums, value));
  return { title: isKnown ? `inputs ${first}–${last} → ${own}` : `bundle ${bundle} → ${own}`, facts };
}
