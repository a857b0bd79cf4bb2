import type { Frame } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { formatCount, formatNumber, formatPercent } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";
import { activationName } from "./activationText.ts";
import { el, setText, show } from "./dom.ts";
import { createFacts, type Fact } from "./facts.ts";
import { formatRate } from "./factsOf.ts";

const MOST_LAYERS = 14;

export interface OverviewPanel {
  readonly element: HTMLElement;
  set(graph: Graph, frame: Frame | null, omission: string): void;
}

/** What the inspector says while nothing is selected. */
export function createOverviewPanel(): OverviewPanel {
  const metrics = createFacts();
  const settings = createFacts();
  const layers = createFacts();
  const layersSub = el("p", { class: "nv-sub" });
  const omission = el("p", { class: "nv-sub" });
  const metricsSection = el("section", {}, el("h3", {}, "This moment"), metrics.element, settings.element);
  const drawn = el("section", {}, el("h3", {}, "Drawn, and not drawn"), omission);
  const element = el(
    "div",
    {},
    el(
      "section",
      {},
      el("h3", {}, "Inspector"),
      el("p", { class: "nv-sub" }, "Click a neuron to see its numbers and how they add up."),
    ),
    metricsSection,
    el("section", {}, el("h3", {}, "Layers"), layersSub, layers.element),
    drawn,
  );
  return {
    element,
    set(graph, frame, omitted) {
      const scalars = metricFacts(frame);
      metrics.set(scalars);
      settings.set(settingFacts(frame));
      show(metricsSection, frame !== null && (scalars.length > 0 || frame.hyperparameters.size > 0));
      const shown = graph.layers.slice(0, MOST_LAYERS);
      layers.set(
        shown.map((layer) => ({
          name: `${safeText(layer.name)} · ${layer.activation === null ? layer.type : activationName(layer.activation)}`,
          value: layer.parameterCount === 0 ? "0" : formatCount(layer.parameterCount),
        })),
      );
      const rest = graph.layers.length - shown.length;
      const frozen = graph.parameterCount - graph.trainableCount;
      setText(
        layersSub,
        `Parameters of each; ${formatCount(graph.parameterCount)} in all${frozen > 0 ? `, ${formatCount(frozen)} of them fixed` : ""}${rest > 0 ? `; ${rest} more layers` : ""}`,
      );
      setText(omission, omitted === "" ? "Every edge and every neuron is drawn." : omitted);
      show(drawn, frame !== null);
    },
  };
}

export function metricFacts(frame: Frame | null): Fact[] {
  return [...(frame?.scalars ?? [])].map(([name, value]) => ({
    name: safeText(name.replace(/^val_/, "validation ").replaceAll("_", " ")),
    value: name.includes("accuracy") ? formatPercent(value) : formatNumber(value, 3),
    isBold: true,
  }));
}

function settingFacts(frame: Frame | null): Fact[] {
  return [...(frame?.hyperparameters ?? [])].map(([name, value]) => ({
    name: safeText(name.replaceAll("_", " ")),
    value: formatRate(value),
  }));
}
