import { isDrawn } from "../../core/drawings.ts";
import type { Frame, Verdict } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { metricsOf } from "../../draw/read/metricsOf.ts";
import { faceParts, groupParts } from "../../layout/groupText.ts";
import { hasNamedMaps } from "../../layout/mapShape.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Connection } from "../../store/frameStore.ts";
import { timeText } from "./clockText.ts";
import { factsOf } from "./factsOf.ts";
import { foundLines } from "./foundLines.ts";
import { metricsText } from "./metrics.ts";
import { nonFiniteText } from "./problemText.ts";
import { statusOf } from "./statusOf.ts";
import { toldNumbers } from "./toldNumbers.ts";

const MOST_LAYERS = 20;
const MOST_NAMES = 16;

/** The whole view in sentences; twin of nnvis_widget/stream/description.py. */
export function describe(graph: Graph | null, frame: Frame | null, connection: Connection, omission: string): string {
  if (graph === null) return say("nothingToShow");
  const lines = [say("listed", { what: safeText(graph.name), list: factsOf(graph, frame) })];
  const status = statusOf(graph, frame, connection);
  if (status !== null) lines.push(say("sentence", { text: status.word }));
  lines.push(layersText(graph));
  if (graph.opened.length > 0) {
    const names = graph.opened.slice(0, MOST_LAYERS).map(({ name }) => safeText(name));
    lines.push(say("openAre", { list: names.join(say("comma")) }));
  }
  if (frame !== null) {
    if (frame.header.latestStep > 0) lines.push(say("timeIs", { time: timeText(frame) }));
    const metrics = metricsOf(frame);
    if (metrics.length > 0) lines.push(say("sentence", { text: metricsText(metrics) }));
    if (frame.header.meaning !== "") lines.push(say("outputMeans", { meaning: frame.header.meaning }));
    const said = verdictText(frame.header.verdict);
    if (said !== "") {
      const { sample } = frame.header;
      const numbered = say("sampleSays", { sample: formatCount(sample), said });
      lines.push(isDrawn(sample) ? say("drawingSays", { said }) : numbered);
    }
    const numbers = toldNumbers(graph, frame);
    if (numbers !== "") lines.push(numbers);
    const strongest = strongestWeights(graph, frame);
    const isPart = frame.sections.some(({ quantity }) => quantity === "bundle" || quantity === "top");
    const list = strongest.join(say("semicolon"));
    if (list !== "") lines.push(say(isPart ? keyOf("strongestDrawn") : keyOf("strongestWeights"), { list }));
    const { firstBad, problem } = frame.header;
    if (firstBad !== null) lines.push(say("problemIs", { problem: nonFiniteText(firstBad, frame.clock) }));
    if (problem !== null) lines.push(say("problemIs", { problem: safeText(problem.title) }));
    lines.push(...foundLines(frame));
  }
  if (omission !== "") lines.push(omission);
  return lines.join("\n");
}

/** `predicted 4 four, 75.3%, then 9 nine, 5.9%, ✓ right`; empty where it is not known. */
function verdictText(verdict: Verdict | null): string {
  if (verdict === null) return "";
  const said = [verdict.verb, verdict.predicted].filter((part) => part !== "").join(" ");
  return [said, verdict.second, verdict.words].filter((part) => part !== "").join(say("comma"));
}

function layersText({ layers }: Graph): string {
  const shown = layers.slice(0, MOST_LAYERS).map((layer) => {
    const { name, type, units, activation, unitNames, group, attention, face } = layer;
    if (group !== null) {
      return say("noted", { text: safeText(name), note: groupParts(layer, group).join(say("comma")) });
    }
    const parts = [safeText(type)];
    if (face != null && !face.isOutput) parts.push(...faceParts(layer));
    else if (units !== null) {
      const word = hasNamedMaps(layer) ? keyOf("maps") : keyOf("units");
      const count = attention == null ? say(word, { count: units }) : say("heads", { count: attention.heads });
      const names = unitNames.slice(0, MOST_NAMES).map(safeText).join(" · ");
      parts.push(names === "" ? count : say("nameIs", { name: count, value: names }));
    }
    if (activation !== null && activation.replaceAll("_", "") !== type.toLowerCase()) {
      parts.push(activationName(activation));
    }
    return say("noted", { text: safeText(name), note: parts.join(say("comma")) });
  });
  const rest = layers.length - shown.length;
  const more = rest > 0 ? say("andMore", { count: rest }) : "";
  const isPart = layers.some(({ group }) => group !== null);
  const count = say(isPart ? keyOf("cardsShown") : keyOf("layers"), { count: layers.length });
  if (shown.length === 0) return say("sentence", { text: count });
  return say("listed", { what: count, list: `${shown.join(say("semicolon"))}${more}` });
}

function strongestWeights(graph: Graph, frame: Frame): string[] {
  const found: { text: string; size: number }[] = [];
  const names = new Map(graph.layers.map(({ id, name }) => [id, name]));
  for (const section of frame.sections) {
    if (section.quantity !== "weight" || section.name !== "kernel") continue;
    const [, units = 1] = section.shape;
    section.values.forEach((value, place) => {
      const size = Math.abs(value);
      if (!(size > (found[2]?.size ?? 0))) return;
      const name = safeText(names.get(section.layer) ?? section.layer);
      const [input, unit] = [Math.floor(place / units), place % units];
      const text = say("weightFromTo", { layer: name, input, unit, weight: formatSigned(value, 3) });
      found.push({ text, size });
      found.sort((one, other) => other.size - one.size).splice(3);
    });
  }
  return found.map(({ text }) => text);
}
