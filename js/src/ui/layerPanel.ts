import type { Frame, Scenery } from "../core/frame.ts";
import { sectionOfNode } from "../draw/sections.ts";
import { imageSize } from "../layout/planColumn.ts";
import type { NetworkNode } from "../layout/readNodes.ts";
import { activationName } from "../lib/activationName.ts";
import { formatCount, formatNumber, formatShape } from "../lib/numberFormat.ts";
import { at } from "../lib/numbers.ts";
import { safeText } from "../lib/safeText.ts";
import type { Ramps } from "../theme/ramps.ts";
import { el, show } from "./dom.ts";
import { createFacts, type Fact } from "./facts.ts";
import { plural } from "./factsOf.ts";
import type { Open } from "./open.ts";
import { createPixelPicture } from "./pixelPicture.ts";
import { createRampBar } from "./rampBar.ts";
import { layerTitle } from "./readUnit.ts";
import { createSampleRow } from "./sampleRow.ts";
import { createSection } from "./section.ts";
import type { Shell } from "./shell.ts";
import { momentsOf, tensorFact } from "./tensorFacts.ts";

export interface LayerPanel {
  readonly element: HTMLElement;
  set(node: NetworkNode, nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null, ramps: Ramps): void;
}

/** Whether a column is inspected as a whole: an image, or a layer that is drawn as a card. */
export function isWhole(node: NetworkNode, scenery: Scenery | null): boolean {
  return node.kind === "card" || node.kind === "merge" || imageSize(node, scenery) !== null;
}

/** A layer as a whole: what it is, its picture if it is an image, its tensors, and the layers before and after it. */
export function createLayerPanel(shell: Shell, open: Open): LayerPanel {
  const picture = createPixelPicture();
  const scale = createRampBar();
  const image = el("figure", { class: "nv-field" }, picture.element, scale.element);
  const sample = createSampleRow(shell);
  const facts = createFacts();
  const head = createSection("", image, sample.element, facts.element);
  const tensors = createFacts();
  const tensorSection = createSection("Numbers", tensors.element);
  const links = createFacts();
  const linkSection = createSection("Connected to", links.element);
  const element = el("div", {}, head.element, tensorSection.element, linkSection.element);

  const setImage = (node: NetworkNode, frame: Frame, scenery: Scenery | null, ramps: Ramps) => {
    const size = imageSize(node, scenery);
    const values = size === null ? undefined : sectionOfNode(frame, node, "activation")?.values;
    const isGrey = size !== null && values !== undefined && values.length === size[0] * size[1];
    show(image, isGrey);
    show(sample.element, node.kind === "input");
    if (!isGrey) return;
    const { least, most } = momentsOf(values);
    const span = most - least || 1;
    const label = `Sample ${frame.header.sample} as an image`;
    picture.set(size[1], size[0], (place) => (at(values, place) - least) / span, ramps.pixel, false, label);
    scale.set(formatNumber(least), formatNumber(most), ramps.pixel, false);
  };

  return {
    element,
    set(node, nodes, frame, scenery, ramps) {
      head.setTitle(layerTitle(node, nodes));
      head.setNote(kindText(node));
      setImage(node, frame, scenery, ramps);
      sample.set(nodes, frame, scenery);
      facts.set(structureFacts(node, imageSize(node, scenery)));
      const numbers = numberFacts(node, frame);
      tensorSection.setNote("least · mean · most");
      tensors.set(numbers);
      show(tensorSection.element, numbers.length > 0);
      const neighbours = [
        ...nodes.filter((other) => node.sources.includes(other.id)).map((other) => linkFact(other, "before it", open)),
        ...nodes.filter((other) => other.sources.includes(node.id)).map((other) => linkFact(other, "after it", open)),
      ];
      links.set(neighbours);
      show(linkSection.element, neighbours.length > 0);
    },
  };
}

function kindText(node: NetworkNode): string {
  const main = node.layers[0];
  const notes = node.layers.map((layer) => layer.note).filter((note) => note !== null);
  const parts = [node.kind === "input" ? "the input of the network" : safeText(main?.type ?? "layer")];
  if (node.activation !== null) parts.push(activationName(node.activation));
  return [...parts, ...notes.map(safeText)].join(" · ");
}

function structureFacts(node: NetworkNode, image: readonly [number, number] | null): Fact[] {
  const shape = node.shape.length > 1 || image === null ? node.shape : image;
  const size = formatShape([null, ...shape]) || "one number";
  const facts: Fact[] = [{ name: node.kind === "input" ? "size" : "output", value: size }];
  const count = node.layers.reduce((sum, layer) => sum + layer.parameterCount, 0);
  if (node.kind !== "input") facts.push({ name: "parameters", value: formatCount(count) });
  for (const layer of node.layers) {
    for (const { name, shape, isTrainable } of layer.parameters) {
      const size = shape.map(formatCount).join(" × ") || "1";
      facts.push({ name: safeText(name), value: isTrainable ? size : `${size}, fixed` });
    }
  }
  if (node.layers.length > 1) {
    facts.push({
      name: "with",
      value: node.layers
        .slice(1)
        .map((layer) => safeText(layer.name))
        .join(", "),
    });
  }
  return facts;
}

function numberFacts(node: NetworkNode, frame: Frame): Fact[] {
  const facts: Fact[] = [];
  const values = sectionOfNode(frame, node, "activation")?.values;
  if (values !== undefined) facts.push(tensorFact(node.kind === "input" ? "input" : "output", values));
  for (const layer of node.layers) {
    for (const section of frame.sections) {
      if (section.quantity !== "weight" || section.layer !== layer.id) continue;
      facts.push(tensorFact(safeText(section.name), section.values));
    }
  }
  return facts;
}

function linkFact(node: NetworkNode, value: string, open: Open): Fact {
  const units = node.units > 0 ? ` · ${plural(node.units, "unit")}` : "";
  return { name: `${safeText(node.name)}${units}`, value, open: () => open({ layer: node.id, unit: 0 }) };
}
