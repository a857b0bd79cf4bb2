import { isDrawn } from "../../core/drawings.ts";
import type { Frame, Scenery } from "../../core/frame.ts";
import { imageSize } from "../../layout/imageSize.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { createHistogramPlot } from "../charts/histogramPlot.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, show } from "../kit/dom.ts";
import { createFacts, type Fact } from "../kit/facts.ts";
import type { Open } from "../kit/open.ts";
import { createSection } from "../kit/section.ts";
import type { Shell } from "../kit/shell.ts";
import { kindText, structureFacts } from "../words/layerFacts.ts";
import { type LayerTensors, readLayerTensors } from "../words/layerTensors.ts";
import { layerTitle } from "../words/readUnit.ts";
import { countOf } from "../words/spokenNames.ts";
import type { MapPanels } from "./mapPanels.ts";
import { createSampleRow } from "./sampleRow.ts";
import { createStatistics } from "./statistics.ts";
import { createStrongestPanel } from "./strongestUnits.ts";
import { momentsOf } from "./tensorFacts.ts";

export interface LayerPanel {
  readonly element: HTMLElement;
  set(node: NetworkNode, nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null, ramps: Ramps): void;
}

/**
 * A layer as a whole: what it is, its picture if it is an image, its strongest units, the numbers of its tensors and how
 * they are spread, and the layers before and after it.
 */
export function createLayerPanel(shell: Shell, open: Open, maps: MapPanels = {}): LayerPanel {
  const { state, signal } = shell;
  let current: NetworkNode | null = null;
  const picture = createPixelPicture();
  const scale = createRampBar();
  const image = el("figure", { class: "nv-field" }, picture.element, scale.element);
  const sample = createSampleRow(shell);
  const facts = createFacts();
  const head = createSection("", image, sample.element, facts.element);
  const strongest = createStrongestPanel(
    {
      hover: (unit) => state.set({ hover: unit === null || current === null ? null : { layer: current.id, unit } }),
      choose(unit) {
        if (current !== null) open({ layer: current.id, unit });
      },
    },
    signal,
  );
  const statistics = createStatistics();
  const weights = createHistogramPlot();
  const outputs = createHistogramPlot();
  const numbers = createSection(say("numbers"), statistics.element, weights.element, outputs.element);
  const links = createFacts();
  const linkSection = createSection(say("connectedTo"), links.element);
  const grid = maps.createMapGrid?.((unit) => current !== null && open({ layer: current.id, unit }), signal);
  const states = maps.createLayerStates?.((unit, step) => {
    if (current !== null) state.set({ selection: { layer: current.id, unit, place: [0, step] }, hover: null });
  }, signal);
  const volume = maps.createVolumePanel?.(signal);
  const kept = maps.createKeptPanel?.();
  const parts = [head, ...[grid, volume, states, kept].flatMap((one) => one ?? []), strongest, numbers, linkSection];
  const element = el("div", {}, ...parts.map((part) => part.element));

  const setImage = (
    node: NetworkNode,
    output: LayerTensors["output"],
    sample: number,
    scenery: Scenery | null,
    ramps: Ramps,
  ) => {
    const size = imageSize(node, scenery);
    const isGrey = size !== null && output !== null && output.length === size[0] * size[1];
    show(image, isGrey);
    if (!isGrey) return;
    const { least, most } = momentsOf(output);
    const span = most - least || 1;
    const label = isDrawn(sample) ? say("drawingImage") : say("sampleImage", { sample });
    picture.set(size[1], size[0], (place) => (at(output, place) - least) / span, ramps.pixel, false, label);
    scale.set(formatNumber(least), formatNumber(most), ramps.pixel, false);
  };
  const setNumbers = (node: NetworkNode, { output, parameters, omission }: LayerTensors) => {
    const outputName = say(node.kind === "input" ? keyOf("input") : keyOf("output"));
    const tensors = [...parameters, ...(output === null ? [] : [{ name: outputName, values: output }])];
    show(numbers.element, tensors.length > 0 || omission !== "");
    show(statistics.element, tensors.length > 0);
    numbers.setNote(omission);
    statistics.set(tensors);
    const kernel = parameters.find(({ name }) => name === "kernel") ?? parameters[0];
    show(weights.element, kernel !== undefined);
    if (kernel !== undefined) weights.set(titleOf(kernel.name), kernel.values);
    show(outputs.element, output !== null);
    if (output !== null)
      outputs.set(say(node.kind === "input" ? keyOf("inputsOfSample") : keyOf("outputsOfSample")), output);
  };

  return {
    element,
    set(node, nodes, frame, scenery, ramps) {
      current = node;
      const tensors = readLayerTensors(frame, node);
      head.setTitle(layerTitle(node, nodes));
      head.setNote(kindText(node));
      setImage(node, tensors.output, frame.header.sample, scenery, ramps);
      show(sample.element, tensors.output !== null || node.kind === "input");
      sample.set(frame, scenery);
      facts.set([...structureFacts(node, scenery), ...(maps.moreFacts?.(node, frame) ?? [])]);
      grid?.set(node, frame, ramps);
      states?.set(node, frame, ramps);
      volume?.set(node, null, frame, ramps);
      kept?.set(node, null, frame, ramps);
      const { output } = tensors;
      const isUnits = (node.kind === "dense" || node.kind === "input") && imageSize(node, scenery) === null;
      const hasUnits = isUnits && output !== null && output.length === node.units;
      show(strongest.element, hasUnits);
      if (hasUnits) strongest.set(node, output, scenery, state.values.hover, ramps);
      setNumbers(node, tensors);
      const neighbours = [
        ...nodes
          .filter((other) => node.sources.includes(other.id))
          .map((other) => linkFact(other, say("beforeIt"), open)),
        ...nodes
          .filter((other) => other.sources.includes(node.id))
          .map((other) => linkFact(other, say("afterIt"), open)),
      ];
      links.set(neighbours);
      show(linkSection.element, neighbours.length > 0);
    },
  };
}

function titleOf(tensor: string): string {
  return { kernel: say("weightsTitle"), bias: say("biasesTitle") }[tensor] ?? tensor;
}

function linkFact(node: NetworkNode, value: string, open: Open): Fact {
  const units = node.units > 0 ? ` · ${say(countOf(node), { count: node.units })}` : "";
  return { name: `${safeText(node.name)}${units}`, value, open: () => open({ layer: node.id, unit: null }) };
}
