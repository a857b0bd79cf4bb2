import type { Frame, Scenery } from "../../core/frame.ts";
import type { Graph } from "../../core/graph.ts";
import { metricsOf } from "../../draw/read/metricsOf.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { el, show } from "../kit/dom.ts";
import { createFacts, type Fact } from "../kit/facts.ts";
import type { Open } from "../kit/open.ts";
import { createSection } from "../kit/section.ts";
import type { Shell } from "../kit/shell.ts";
import { formatRate } from "../words/factsOf.ts";
import { metricFacts, newestEpoch } from "../words/metrics.ts";
import { notBuilt } from "../words/notBuilt.ts";
import { createSampleRow } from "./sampleRow.ts";

const MOST_LAYERS = 14;

/** The layers of a deep network, which are too many for a plain list. */
export interface LayerList {
  readonly element: HTMLElement;
  /** Whether there are so many. */
  update(): boolean;
}

export interface OverviewPanel {
  readonly element: HTMLElement;
  set(graph: Graph, frame: Frame | null, scenery: Scenery | null, omission: string): void;
}

/** What the inspector says while nothing is selected. */
export function createOverviewPanel(shell: Shell, open: Open, list: LayerList | null): OverviewPanel {
  const metrics = createFacts();
  const settings = createFacts();
  const layers = createFacts();
  const sample = createSampleRow(shell);
  const intro = createSection(say("inspector"));
  intro.setNote(say("inspectorIntro"));
  const sampleSection = createSection(say("sample"), sample.element);
  const metricsSection = createSection(say("thisMoment"), metrics.element, settings.element);
  const layersSection = createSection(say("theLayers"), layers.element, ...(list === null ? [] : [list.element]));
  const drawn = createSection(say("drawnAndNotDrawn"));
  const element = el(
    "div",
    { class: "nv-overview" },
    intro.element,
    metricsSection.element,
    sampleSection.element,
    layersSection.element,
    drawn.element,
  );
  return {
    element,
    set(graph, frame, scenery, omitted) {
      const scalars = metricFacts(frame);
      metrics.set(scalars);
      metricsSection.setNote(whenMeasured(newestEpoch(metricsOf(frame))));
      settings.set(settingFacts(frame));
      show(metricsSection.element, frame !== null && (scalars.length > 0 || frame.hyperparameters.size > 0));
      const hasSample = frame?.sections.some((section) => section.quantity === "activation") ?? false;
      show(sampleSection.element, hasSample);
      if (hasSample && frame !== null) sample.set(frame, scenery);
      const isListed = list?.update() ?? false;
      show(layers.element, !isListed);
      const shown = isListed ? graph.layers : graph.layers.slice(0, MOST_LAYERS);
      layers.set(
        (isListed ? [] : shown).map((layer) => ({
          name: `${safeText(layer.name)} · ${layer.activation === null ? safeText(layer.type) : activationName(layer.activation)}`,
          value: graph.isBuilt ? formatCount(layer.parameterCount) : "",
          ...(frame === null ? {} : { open: () => open({ layer: layer.id, unit: null }) }),
        })),
      );
      const { index } = shell.store;
      const rest = isListed && index !== null ? index.count - index.layers.length : graph.layers.length - shown.length;
      const frozen = graph.parameterCount - graph.trainableCount;
      layersSection.setNote(
        [
          graph.isBuilt ? say("parametersOfEach", { all: formatCount(graph.parameterCount) }) : notBuilt(graph),
          frozen > 0 ? say("ofThemFixed", { fixed: formatCount(frozen) }) : "",
          rest > 0 ? say("andMoreLayers", { rest }) : "",
        ].join(""),
      );
      drawn.setNote(omitted === "" ? say("allDrawn") : omitted);
      show(drawn.element, frame !== null);
    },
  };
}

const SETTINGS: ReadonlyMap<string, string> = new Map([
  ["learning_rate", say("learningRate")],
  ["batch_size", say("batchSize")],
  ["schedule_scale", say("scheduleScale")],
]);

function settingFacts(frame: Frame | null): Fact[] {
  return [...(frame?.hyperparameters ?? [])].map(([name, value]) => ({
    name: SETTINGS.get(name) ?? safeText(name.replaceAll("_", " ")),
    value: formatRate(value),
  }));
}

/** What the metrics are of. */
function whenMeasured(epoch: number | null): string {
  if (epoch === null) return "";
  return epoch === 0 ? say("metricsWhenEnded") : say("metricsOf", { epoch: formatCount(epoch) });
}
