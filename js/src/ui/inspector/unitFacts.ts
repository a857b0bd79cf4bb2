import type { Frame, Scenery } from "../../core/frame.ts";
import { sectionOfNode } from "../../draw/read/sections.ts";
import { spaceOf } from "../../layout/mapShape.ts";
import { isBeside, type NetworkNode } from "../../layout/readNodes.ts";
import { ownName } from "../../layout/unitNames.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatNumber, formatPercent, formatShape } from "../../lib/numberFormat.ts";
import { isShare } from "../../lib/outputText.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";
import { activationFormula, slopeOf } from "../words/activationText.ts";
import { pictureFacts } from "../words/mapFacts.ts";
import { className, elementCount, imageWidth, type UnitReading, unitName } from "../words/readUnit.ts";
import { isOfMaps } from "../words/spokenNames.ts";
import { SUM_DECIMALS, writeOne } from "./addUp.ts";

const SHORT_NAMES = 12;

/** `unit 3`, `4 four`, `x₁`, `pixel (3, 7)` */
export function unitTitle({ node, unit }: UnitReading, scenery: Scenery | null): string {
  const label = className(node, unit, scenery);
  if (label !== null) return label;
  if (isOfMaps(node)) return say("mapNumber", { unit });
  if (node.kind === "heads") return say("headNumber", { unit });
  if (node.kind === "told")
    return (
      ownName(node, unit, scenery) ??
      say(node.pictures === null ? keyOf("valueNumber") : keyOf("pictureNumber"), { unit })
    );
  if (node.kind !== "input") return ownName(node, unit, scenery) ?? say("unitNumber", { unit });
  const own = unitName(node, unit, scenery);
  return imageWidth(node, scenery) === null ? own : say("pixel", { pixel: own });
}

/** `tanh · 6 inputs`; the bias stands among the terms. */
export function unitSubtitle({ node, source }: UnitReading): string {
  if (node.kind === "input") return say("anInput");
  if (node.kind === "named") {
    const type = safeText(node.layers[0]?.type ?? "");
    return node.layers.every(({ parameterCount }) => parameterCount === 0)
      ? `${type} · ${say("withoutWeights")}`
      : type;
  }
  if (node.kind === "maps") return mapSubtitle(node);
  if (isBeside(node)) return safeText([node.layers[0]?.type, node.layers[0]?.face?.title].filter(Boolean).join(" · "));
  const parts = [activationName(node.activation)];
  if (source !== null) parts.push(say("inputs", { count: elementCount(source) }));
  return parts.join(" · ");
}

/** `Conv2D · ReLU · 26 × 26` */
function mapSubtitle(node: UnitReading["node"]): string {
  const { layers, activation } = node;
  const size = formatShape([null, ...spaceOf(node)]);
  const own = activation === null ? [] : [activationName(activation)];
  return [safeText(layers[0]?.type ?? ""), ...own, size].join(" · ");
}

/** The numbers of one unit for the chosen sample; `zText` is z as the sum below writes it. */
export function unitFacts(
  reading: UnitReading,
  nodes: readonly NetworkNode[],
  frame: Frame,
  scenery: Scenery | null,
  zText: string | null,
): readonly Fact[] {
  const { node, z, activation } = reading;
  const facts = node.kind === "input" ? [] : planeFacts(nodes, frame, scenery);
  if (reading.map !== null) facts.push(...pictureFacts(reading.node, reading.map));
  if (z !== null) facts.push({ name: "z", value: zText ?? writeOne(z), isBold: true });
  if (node.isTokens) {
    const word = frame.header.tokens[node.id]?.[reading.unit] ?? "";
    if (word !== "")
      facts.push({ name: node.isText ? say("wholeText") : say("token"), value: safeText(word), isBold: true });
    if (activation !== null)
      facts.push({ name: say("tokenNumber"), value: formatCount(activation), isBold: word === "" });
  } else if (activation !== null) {
    const name =
      node.kind === "input" || node.kind === "named" || isBeside(node)
        ? say("value")
        : activationFormula(node.activation);
    const isPart = isShare(node.activation);
    facts.push({ name, value: isPart ? formatNumber(activation, SUM_DECIMALS) : writeOne(activation), isBold: true });
    const share = probabilityName(reading, scenery);
    if (share !== null) facts.push({ name: share, value: formatPercent(activation), isBold: true });
  }
  const slope = slopeOf(reading);
  if (slope !== null) facts.push({ name: say("slope"), value: formatNumber(slope, SUM_DECIMALS) });
  const { target } = frame.header;
  if (node.isOutput && scenery?.task.kind === "numbers" && target !== null && node.units === 1) {
    facts.push({ name: say("target"), value: formatNumber(target, SUM_DECIMALS) });
  }
  return facts;
}

/** Where the sample lies on the plane of a network with two inputs. */
function planeFacts(nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null): Fact[] {
  const inputs = nodes.filter((node) => node.kind === "input");
  const [plane] = inputs;
  const values = plane === undefined ? undefined : sectionOfNode(frame, plane, "activation")?.values;
  if (plane === undefined || inputs.length !== 1 || values?.length !== 2) return [];
  const names = [0, 1].map((feature) => unitName(plane, feature, scenery)).join(", ");
  const value = Array.from(values, (each) => formatNumber(each)).join(", ");
  return [{ name: names.length <= SHORT_NAMES ? names : say("inputsName"), value }];
}

/** What an output's share is a probability of; `null` where it is none. */
function probabilityName({ node }: UnitReading, scenery: Scenery | null): string | null {
  if (!node.isOutput || !scenery?.task.isShare) return null;
  return scenery.task.kind === "one_of_two" ? say("probabilityOfClass1") : say("probability");
}
