import type { Frame, Verdict } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import type { Connection } from "../../store/frameStore.ts";
import { timeText } from "./clockText.ts";
import { factsOf, plural } from "./factsOf.ts";
import { metricsOf, metricsText } from "./metrics.ts";
import { nonFiniteText } from "./problemText.ts";
import { statusOf } from "./statusOf.ts";

const MOST_LAYERS = 20;
const MOST_NAMES = 16;

/** The whole view in sentences; twin of nnvis_widget/stream/description.py. */
export function describe(graph: Graph | null, frame: Frame | null, connection: Connection, omission: string): string {
  if (graph === null) return "Nothing to show yet. Give the view a built Keras model: view.model = model";
  const lines = [`${safeText(graph.name)}: ${factsOf(graph, frame)}.`];
  const status = statusOf(graph, frame, connection);
  if (status !== null) lines.push(`${status.word}.`);
  lines.push(layersText(graph));
  if (frame !== null) {
    if (frame.header.latestStep > 0) lines.push(`Time: ${timeText(frame)}.`);
    const metrics = metricsOf(frame);
    if (metrics.length > 0) lines.push(`${metricsText(metrics)}.`);
    if (frame.header.meaning !== "") lines.push(`Output: ${frame.header.meaning}.`);
    const said = verdictText(frame.header.verdict);
    if (said !== "") lines.push(`Sample ${formatCount(frame.header.sample)}: ${said}.`);
    const strongest = strongestWeights(graph, frame);
    const isPart = frame.sections.some(({ quantity }) => quantity === "bundle" || quantity === "top");
    const where = isPart ? " among the edges drawn one by one" : "";
    if (strongest.length > 0) lines.push(`Strongest weights${where}: ${strongest.join("; ")}.`);
    if (frame.header.firstBad !== null) lines.push(`Problem: ${nonFiniteText(frame.header.firstBad, frame.clock)}.`);
    if (frame.header.problem !== null) lines.push(`Problem: ${safeText(frame.header.problem.title)}.`);
  }
  if (omission !== "") lines.push(omission);
  return lines.join("\n");
}

/** `predicted 4 four, 75.3%, ✓ right`; empty where it is not known. */
function verdictText(verdict: Verdict | null): string {
  if (verdict === null) return "";
  const said = [verdict.verb, verdict.predicted].filter((part) => part !== "").join(" ");
  return [said, verdict.words].filter((part) => part !== "").join(", ");
}

function layersText({ layers }: Graph): string {
  const shown = layers.slice(0, MOST_LAYERS).map(({ name, type, units, activation, unitNames }) => {
    const parts = [safeText(type)];
    const names = unitNames.length > 0 ? `: ${unitNames.slice(0, MOST_NAMES).map(safeText).join(" · ")}` : "";
    if (units !== null) parts.push(plural(units, "unit") + names);
    if (activation !== null && activation.replaceAll("_", "") !== type.toLowerCase()) {
      parts.push(activationName(activation));
    }
    return `${safeText(name)} (${parts.join(", ")})`;
  });
  const rest = layers.length - shown.length;
  const more = rest > 0 ? `; and ${formatCount(rest)} more` : "";
  return `${plural(layers.length, "layer")}${shown.length > 0 ? `: ${shown.join("; ")}${more}` : ""}.`;
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
      const text = `${name} input ${Math.floor(place / units)} to unit ${place % units} ${formatSigned(value, 3)}`;
      found.push({ text, size });
      found.sort((one, other) => other.size - one.size).splice(3);
    });
  }
  return found.map(({ text }) => text);
}
