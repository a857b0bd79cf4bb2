import type { Frame, Numbers, Scenery, Section, UnitPlace } from "../../core/frame.ts";
import type { Graph, Layer } from "../../core/graph.ts";
import { type MapMoments, momentsOfMap } from "../../draw/read/maps.ts";
import { biasesOf, sectionOfNode, valuesOfNode } from "../../draw/read/sections.ts";
import { imageSize } from "../../layout/imageSize.ts";
import { placeIn, spaceOf } from "../../layout/mapShape.ts";
import { unitOfPart } from "../../layout/mergeParts.ts";
import { inputTitle } from "../../layout/placeColumns.ts";
import { isBeside, type NetworkNode, nodeOfLayer, readNodes } from "../../layout/readNodes.ts";
import { className as classLabel, hasClasses, ownName } from "../../layout/unitNames.ts";
import { safeText } from "../../lib/safeText.ts";

/** What a frame knows of one unit. */
export interface UnitReading {
  readonly node: NetworkNode;
  readonly layer: Layer;
  readonly unit: number;
  readonly activation: number | null;
  /** Those of the whole layer. */
  readonly outputs: Numbers | null;
  readonly z: number | null;
  readonly bias: number | null;
  readonly field: Section | null;
  /** Of a map: what it is in three numbers; it has no one activation. */
  readonly map: MapMoments | null;
  readonly source: NetworkNode | null;
  readonly weights: ArrayLike<number> | null;
  readonly gradients: ArrayLike<number> | null;
  readonly inputs: ArrayLike<number> | null;
  readonly next: { readonly node: NetworkNode; readonly weights: Numbers } | null;
}

/** Reads the nodes of a graph once, however often it is asked about that graph. */
export function createNodeReader(): (graph: Graph) => readonly NetworkNode[] {
  let known: { graph: Graph; nodes: readonly NetworkNode[] } | null = null;
  return (graph) => {
    if (known?.graph !== graph) known = { graph, nodes: readNodes(graph) };
    return known.nodes;
  };
}

export function readUnit(
  nodes: readonly NetworkNode[],
  frame: Frame,
  { layer: id, unit }: UnitPlace,
): UnitReading | null {
  const node = nodeOfLayer(nodes, id);
  const layer = node?.layers[0];
  if (node === undefined || layer === undefined) return null;
  // A layer that is used twice has another sum each time.
  const before = node.sources.length === 1 ? (nodeOfLayer(nodes, node.sources[0] ?? "") ?? null) : null;
  const source = before !== null && isBeside(before) ? null : before;
  const weights = column(frame, node, unit, "weight");
  const inputs = source === null ? null : (sectionOfNode(frame, source, "activation")?.values ?? null);
  const outputs = node.pictures !== null ? undefined : valuesOfNode(frame, node);
  const fits = weights !== null && inputs !== null && weights.length === inputs.length;
  return {
    node,
    layer,
    unit,
    activation: element(outputs, unit),
    outputs: outputs ?? null,
    z: node.pictures !== null || isBeside(node) ? null : element(frame.section("z", node.id)?.values, unit),
    bias: isBeside(node) ? null : element(biasesOf(frame, node) ?? undefined, unit),
    field: isBeside(node) ? null : (sectionOfNode(frame, node, "field") ?? null),
    map: node.pictures !== null ? momentsOfMap(frame, node, unit) : null,
    source,
    weights,
    gradients: column(frame, node, unit, "gradient"),
    inputs: fits ? inputs : null,
    next: readNext(frame, nodes, node, unit),
  };
}

function element(values: Numbers | undefined, place: number): number | null {
  return values?.[place] ?? null;
}

/** The weights into one unit: a column of the kernel, or what was sent for the selected unit alone. */
function column(frame: Frame, node: NetworkNode, unit: number, quantity: string): ArrayLike<number> | null {
  const kernel = frame.section(quantity, node.id, "kernel");
  const [inputCount = 0, unitCount = 0] = kernel?.shape ?? [];
  if (kernel !== undefined && unit < unitCount) {
    return Float32Array.from({ length: inputCount }, (_, row) => kernel.values[row * unitCount + unit] ?? Number.NaN);
  }
  const incoming = frame.section("incoming", node.id, quantity);
  return incoming !== undefined && incoming.attributes.unit === unit ? incoming.values : null;
}

function readNext(frame: Frame, nodes: readonly NetworkNode[], node: NetworkNode, unit: number): UnitReading["next"] {
  for (const next of isBeside(node) ? [] : nodes) {
    if (!next.sources.includes(node.id) || next.kind !== "dense") continue;
    const kernel = frame.section("weight", next.id, "kernel");
    const [inputCount = 0, unitCount = 0] = kernel?.shape ?? [];
    if (kernel !== undefined && inputCount === node.units) {
      return { node: next, weights: kernel.values.slice(unit * unitCount, (unit + 1) * unitCount) };
    }
    const outgoing = frame.section("outgoing", next.id, "weight");
    const isOfThis = node.layers.some((layer) => layer.id === outgoing?.attributes.source);
    if (outgoing !== undefined && isOfThis && (outgoing.attributes.unit ?? unit) === unit) {
      return { node: next, weights: outgoing.values };
    }
  }
  return null;
}

/** Whether a layer is met as a whole before its units: an image, or what is drawn as a card. */
export function isOneThing(node: NetworkNode, scenery: Scenery | null): boolean {
  return node.kind === "card" || node.kind === "merge" || node.units === 0 || imageSize(node, scenery) !== null;
}

/** A layer as the head of its column names it. */
export function layerTitle(node: NetworkNode, nodes: readonly NetworkNode[]): string {
  const isOnlyInput = node.kind === "input" && nodes.filter(({ kind }) => kind === "input").length === 1;
  return safeText(isOnlyInput ? inputTitle(node) : node.name);
}

/** What one unit is called in a list: a feature, a pixel as (row, column), a class, or the layer's name and a number. */
export function unitName(node: NetworkNode, unit: number, scenery: Scenery | null): string {
  const joined = node.kind === "merge" ? unitOfPart(node, unit) : null;
  if (joined !== null) return unitName(joined.node, joined.unit, scenery);
  if (node.kind === "input") {
    const width = imageWidth(node, scenery);
    const grid = node.layers[0]?.grid;
    if (grid != null) return placeIn([...spaceOf(node), grid[2]].slice(0, grid[2] === 1 ? 3 : 4), unit);
    if (width !== null) return `(${Math.floor(unit / width)}, ${unit % width})`;
  }
  const label = imageSize(node, scenery) === null ? ownName(node, unit, scenery) : null;
  return label ?? className(node, unit, scenery) ?? `${safeText(node.name)} · ${unit}`;
}

/** What one of the numbers that a layer puts out is called: a unit, or a place in a map, `pool · 3 (2, 6)`. */
export function elementName(node: NetworkNode, element: number, scenery: Scenery | null): string {
  if (node.maps === null) return unitName(node, element, scenery);
  const [, , count] = node.maps;
  return `${unitName(node, element % count, scenery)} ${placeIn(spaceOf(node), Math.floor(element / count))}`;
}

/** The unit that one of the numbers belongs to which a layer puts out. */
export function unitOfElement({ maps }: NetworkNode, element: number): number {
  return maps === null ? element : element % maps[2];
}

/** How many numbers a layer puts out. */
export function elementCount({ maps, units }: NetworkNode): number {
  return maps === null ? units : maps[0] * maps[1] * maps[2];
}

/** `4 four`, or `null` where the units of this layer are no classes. */
export function className(node: NetworkNode, unit: number, scenery: Scenery | null): string | null {
  const names = hasClasses(scenery) || scenery?.task.kind === "labels" ? (scenery?.classNames ?? []) : [];
  return node.isOutput && names[unit] !== undefined && names.length === node.units ? classLabel(scenery, unit) : null;
}

/** The width of the picture whose pixels are the units of this layer. */
export function imageWidth(node: NetworkNode, scenery: Scenery | null): number | null {
  const shape = scenery?.imageShape ?? null;
  return shape !== null && node.kind === "input" && shape[0] * shape[1] === node.units ? shape[1] : null;
}
