import type { EdgeQuantity, Frame, Scenery } from "../../core/frame.ts";
import { bundleColumn, firstOfColumn } from "../../draw/edges/edgeSet.ts";
import { wrongAt } from "../../draw/read/found.ts";
import { areJoinedByMaps, mapLinks } from "../../draw/read/mapLinks.ts";
import { numberOf } from "../../draw/read/sections.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { isBeside, nodeOfLayer } from "../../layout/readNodes.ts";
import { formatCount, formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { outputText } from "../../lib/outputText.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Hover } from "../../store/viewState.ts";
import type { Fact } from "../kit/facts.ts";
import { foundWord } from "../words/foundText.ts";
import { layerPeek } from "../words/layerFacts.ts";
import { pictureFacts } from "../words/mapFacts.ts";
import { elementName, layerTitle, readUnit, type UnitReading, unitName } from "../words/readUnit.ts";

/** What a tooltip says: a title and at most six rows. */
export interface Peek {
  readonly title: string;
  readonly facts: readonly Fact[];
}

const SUM_OF: Readonly<Record<EdgeQuantity, string>> = {
  weight: say("sumOfW"),
  signal: say("sumOfSignals"),
  gradient: say("sumOfGradients"),
};

const NAME_OF: Readonly<Record<EdgeQuantity, string>> = { weight: "w", signal: "w·a", gradient: say("gradientName") };

/** What is known of a layer, a unit, an edge or a bundle of edges; null where nothing is. */
export function peekFacts(
  nodes: readonly NetworkNode[],
  frame: Frame,
  scenery: Scenery | null,
  hover: Hover,
  quantity: EdgeQuantity,
): Peek | null {
  const { layer, unit } = hover;
  if (unit === null) {
    const node = nodeOfLayer(nodes, layer);
    return node === undefined
      ? null
      : { title: layerTitle(node, nodes), facts: [...foundFacts(frame, node, null), ...layerPeek(node, scenery)] };
  }
  const reading = readUnit(nodes, frame, { layer, unit });
  if (reading === null) return null;
  const own = unitName(reading.node, unit, scenery);
  if (hover.bundle !== undefined) return bundlePeek(frame, reading, own, hover.bundle, hover.block ?? 1, quantity);
  if (hover.source === undefined) {
    return { title: own, facts: [...foundFacts(frame, reading.node, unit), ...unitFacts(reading)] };
  }
  const from = nodeOfLayer(nodes, hover.sourceLayer ?? "") ?? reading.source;
  if (from !== null && areJoinedByMaps(from, reading.node)) {
    return mapLinkPeek(frame, from, reading.node, hover.source, unit, quantity, scenery);
  }
  const title = from === null ? own : `${elementName(from, hover.source, scenery)} → ${own}`;
  const facts = edgeFacts(withOwnWeight(reading, nodes, frame, hover), hover.source);
  const isKnown = facts.some(({ isBold }) => isBold);
  return { title, facts: isKnown ? facts : [...sentAlone(frame, hover, quantity), ...facts] };
}

/** What is wrong with it: the worst. */
function foundFacts(frame: Frame, node: NetworkNode, unit: number | null): Fact[] {
  const [worst] = wrongAt(frame, node, unit);
  return worst === undefined ? [] : [{ name: foundWord(worst), value: worst.badge, isBold: true }];
}

/** What joins two maps, or a map and a unit. */
function mapLinkPeek(
  frame: Frame,
  from: NetworkNode,
  node: NetworkNode,
  source: number,
  unit: number,
  quantity: EdgeQuantity,
  scenery: Scenery | null,
): Peek | null {
  const links = mapLinks(frame, from, node, quantity) ?? [];
  const link = links.find((one) => one.source === source && one.target === unit);
  if (link === undefined) return null;
  const { measure, isProduct } = frame.section("map_link", node.id, quantity)?.attributes ?? {};
  const isSum = measure === "sum";
  const norm = isProduct === true ? say("productNorm") : quantity === "gradient" ? "‖g‖" : "‖w‖";
  const name = isSum ? SUM_OF[quantity] : norm;
  const value = isSum ? formatSigned(link.value, 3) : formatNumber(link.value, 3);
  const into = links.filter(({ target }) => target === unit).map((one) => one.value);
  return {
    title: `${unitName(from, source, scenery)} → ${unitName(node, unit, scenery)}`,
    facts: [{ name, value, isBold: true }, rankFact(name, into, link.value)],
  };
}

/** An edge out of the selected unit is known from there where the edges of its target are bundled. */
function withOwnWeight(
  reading: UnitReading,
  nodes: readonly NetworkNode[],
  frame: Frame,
  { source, sourceLayer }: Hover,
): UnitReading {
  const { unit } = reading;
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
  if (weight !== undefined) facts.push({ name: say("weightW"), value: formatSigned(weight, 3), isBold: true });
  if (input !== undefined) facts.push({ name: say("inputA"), value: formatSigned(input, 3) });
  if (weight !== undefined && input !== undefined) {
    facts.push({ name: say("signalWa"), value: formatSigned(weight * input, 3) });
  }
  if (gradient !== undefined) facts.push({ name: say("gradientName"), value: formatSigned(gradient, 3) });
  const others = Array.from(reading.weights ?? []).filter((other) => other !== undefined);
  if (weight !== undefined && others.length > 1) facts.push(rankFact("|w|", others, weight));
  return facts;
}

function rankFact(name: string, values: readonly number[], value: number): Fact {
  const rank = 1 + values.filter((other) => Math.abs(other) > Math.abs(value)).length;
  return { name: say("rankBy", { size: name }), value: say("rankOf", { rank, count: values.length }) };
}

function unitFacts(reading: UnitReading): Fact[] {
  const facts: Fact[] = [];
  const isInput = reading.node.kind === "input" || isBeside(reading.node);
  if (reading.map !== null) facts.push(...pictureFacts(reading.node, reading.map));
  if (reading.activation !== null) {
    const value = isInput
      ? formatNumber(reading.activation)
      : outputText(reading.activation, reading.node.activation, 3);
    facts.push({ name: isInput ? say("value") : say("outputA"), value, isBold: true });
  }
  if (reading.z !== null) facts.push({ name: "z", value: formatSigned(reading.z, 3) });
  if (reading.bias !== null) facts.push({ name: say("biasRow"), value: formatSigned(reading.bias, 3) });
  if (!isInput) facts.push({ name: say("layer"), value: safeText(reading.node.name) });
  return facts;
}

/** `inputs 28–55 → dense · 3`, their sum and how many connections that is. */
function bundlePeek(
  frame: Frame,
  { node, unit, inputs }: UnitReading,
  name: string,
  bundle: number,
  block: number,
  quantity: EdgeQuantity,
): Peek | null {
  const section =
    frame.section("bundle", node.id, quantity) ??
    frame.section(quantity === "gradient" ? "gradient" : "weight", node.id, "kernel");
  const [rowCount = 0, columnCount = 0] = section?.shape ?? [];
  if (section === undefined || columnCount === 0) return null;
  const isKernel = section.quantity !== "bundle";
  const column = bundleColumn(unit, columnCount, node.units);
  const sums = new Float64Array(Math.ceil(rowCount / block));
  for (let row = 0; row < rowCount; row++) {
    const factor = isKernel && quantity === "signal" ? (inputs?.[row] ?? Number.NaN) : 1;
    const place = Math.floor(row / block);
    sums[place] = at(sums, place) + at(section.values, row * columnCount + column) * factor;
  }
  const sum = sums[bundle];
  if (sum === undefined) return null;
  const rowSize = isKernel ? 1 : numberOf(section, "groupSize", 0);
  const inputCount = isKernel ? rowCount : numberOf(section, "inputCount", rowSize * rowCount);
  const first = bundle * block * rowSize;
  const last = Math.min(inputCount, first + block * rowSize) - 1;
  const from = firstOfColumn(column, columnCount, node.units);
  const to = firstOfColumn(column + 1, columnCount, node.units) - 1;
  const own = to > from ? `${safeText(node.name)} · ${from}–${to}` : name;
  const facts: Fact[] = [{ name: SUM_OF[quantity], value: formatSigned(sum, 3), isBold: true }];
  const isKnown = last >= first;
  if (isKnown) facts.push({ name: say("connectionCount"), value: formatCount((last - first + 1) * (to - from + 1)) });
  if (block === 1 && section.attributes.groupKind === "image_row") {
    facts.push({ name: say("rowOfImage"), value: say("rankOf", { rank: bundle, count: rowCount }) });
  }
  if (sums.length > 1) facts.push(rankFact(say("sumSize"), Array.from(sums), sum));
  return {
    title: isKnown ? say("inputsTo", { first, last, unit: own }) : say("bundleTo", { bundle, unit: own }),
    facts,
  };
}

/** A connection that was sent as one of the strongest of its layer. */
function sentAlone(frame: Frame, { layer, unit, source }: Hover, quantity: EdgeQuantity): Fact[] {
  const values = frame.section("top", layer, quantity)?.values;
  const index = frame.section("top_index", layer, quantity)?.values;
  if (values === undefined || index === undefined) return [];
  for (let i = 0; i < values.length; i++) {
    if (index[2 * i] !== source || index[2 * i + 1] !== unit) continue;
    const value = formatSigned(at(values, i), 3);
    return [
      { name: NAME_OF[quantity], value, isBold: true },
      { name: say("rankBy", { size: `|${NAME_OF[quantity]}|` }), value: say("rankInLayer", { rank: i + 1 }) },
    ];
  }
  return [];
}
