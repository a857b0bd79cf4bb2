import type { Frame } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";

const LONGEST_CHAIN = 8;

/** `2 → 6 → 4 → 1 · 51 parameters · Adam 0.001`: what the model is, in one line. */
export function factsOf(graph: Graph, frame: Frame | null): string {
  const facts = [chainOf(graph)];
  if (graph.isBuilt) facts.push(say("parameters", { count: graph.parameterCount }));
  const rate = frame?.hyperparameters.get("learning_rate");
  const optimizer = frame?.header.optimizer ?? null;
  if (optimizer !== null)
    facts.push(rate === undefined ? safeText(optimizer) : `${safeText(optimizer)} ${formatRate(rate)}`);
  return facts.filter((fact) => fact !== "").join(" · ");
}

/** `0.001`, `3e-4`: as a person writes it; float32 noise is cut. */
export function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return "NaN";
  const [mantissa = "", exponent = "0"] = rate.toExponential(2).split("e");
  const short = Number(mantissa).toString();
  return Math.abs(rate) >= 1e-3 && Math.abs(rate) < 1e4
    ? String(Number(rate.toPrecision(3)))
    : `${short}e${Number(exponent)}`.replace("e-", "e\u2212");
}

/** Sizes along the model where it is one chain, else its number of layers. */
function chainOf(graph: Graph): string {
  const isChain =
    graph.inputs.length === 1 && new Set(graph.links.map(({ source }) => source)).size === graph.links.length;
  const sized = graph.layers.filter((layer) => graph.inputs.includes(layer.id) || layer.parameterCount > 0);
  const sizes = sized.map((layer) => sizeOf(layer.outputShape[0], layer.units));
  const isPart = graph.layers.some(({ group }) => group !== null);
  if (isPart || !isChain || sizes.length > LONGEST_CHAIN || sizes.length < 2 || sizes.includes(null)) {
    return say("layers", { count: graph.layerCount });
  }
  return sizes.map((size) => formatCount(size ?? 0)).join(" → ");
}

function sizeOf(shape: readonly (number | null)[] | undefined, units: number | null): number | null {
  if (shape === undefined) return units;
  return shape.slice(1).reduce<number | null>((size, axis) => (size === null || axis === null ? null : size * axis), 1);
}
