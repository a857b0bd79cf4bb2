import type { EdgeQuantity, Frame, Section } from "../../core/frame.ts";
import { STROKE_LIMIT } from "../../core/limits.ts";
import { type Column, columnOfLayer, drawnUnit, type Scene } from "../../layout/scene.ts";
import { at, magnitudeQuantile } from "../../lib/numbers.ts";
import { createEdgeSet, type EdgeSet, sortByMagnitude } from "../edges/edgeSet.ts";
import type { Level } from "./drawingLevel.ts";
import { readPatch } from "./patch.ts";
import { SCALE_SHARE, type ScaleBook } from "./scaleBook.ts";
import { numberOf, sectionOfNode } from "./sections.ts";

/** What a frame says about the edges into one column. */
export interface EdgeReading {
  readonly set: EdgeSet;
  readonly quantity: EdgeQuantity;
  readonly ramp: "value" | "gradient";
  /** What is drawn of what joins two: each connection, the norm of all, their sum, or what they add to a place of a map. */
  readonly measure: Measure;
  /** The edges into one layer share a scale, its strokes one and its bundles another; 0 where every edge is 0. */
  readonly scale: number;
  readonly isClipped: boolean;
  /** Real edges behind the drawn ones. */
  readonly edgeCount: number;
  readonly groupKind: string;
  /** Sent rows (inputs or bundles) summed into each drawn source; 1 unless simplified. */
  readonly block: number;
  /** Drawn more simply than it was sent, to save time. */
  readonly isSimplified: boolean;
}

export type Measure = "each" | "norm" | "sum" | "place";

/** How the edges are drawn, beside what was sent. */
export interface EdgeDetail {
  /** At most so many of the strongest connections of a pair. */
  readonly topK: number;
  readonly level: Level;
  /** All strokes of the picture share one scale, and all bundles. */
  readonly hasOneScale?: boolean;
}

export const fullDetail: EdgeDetail = { topK: Number.POSITIVE_INFINITY, level: "full" };

type Draft = Omit<EdgeReading, "scale" | "isClipped">;

/** In a crowd of bundles only the very strongest may be as thick and bright as the scale allows. */
const BUNDLE_SHARE = 0.995;
const PART_SHARE = 0.9995;
/** A pair drawn more simply has at most so many curves; with fewer edges than `FEW` it is never a raster. */
const COARSE = 512;
const FEW = 120;

/** The name of a scale of edges. What is summed for a simpler drawing leaves no trace in the scale of all of it. */
function scaleKey({ set, quantity, measure, block }: Draft, hasOneScale: boolean): string {
  const kind = measure === "each" ? (set.isBundled ? "bundles" : "strokes") : measure;
  return `${kind} ${quantity} ${hasOneScale ? "" : set.target.node.id} ${block > 1 ? "blocks" : ""}`;
}

function quantileOf({ set }: Draft): number {
  const isPart = !set.isRaster && set.order.length < set.values.length;
  return magnitudeQuantile(set.values, isPart ? PART_SHARE : set.isBundled ? BUNDLE_SHARE : SCALE_SHARE);
}

/** What is infinite is drawn as an error, not as a large value. */
export function isBeyond(values: ArrayLike<number>, scale: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(at(values, i));
    if (size > scale * 1.001 && size < Number.POSITIVE_INFINITY) return true;
  }
  return false;
}

/** Values of a pair as they were sent, before they are drawn as curves or as an image. */
interface Sent {
  readonly section: Section;
  readonly sourceCount: number;
  readonly unitCount: number;
  readonly isBundled: boolean;
  /** Input and unit of each value, where they are single connections of a larger kernel. */
  readonly index: Section | null;
  readonly measure?: Measure;
  readonly factorOf: (source: number) => number;
}

/** Reads the edges of a picture off its frames; the curves are kept from frame to frame. */
export class EdgeReader {
  readonly #scales: ScaleBook;
  #sets = new Map<string, EdgeSet>();
  #scene: Scene | null = null;

  constructor(scales: ScaleBook) {
    this.#scales = scales;
  }

  read(
    scene: Scene,
    frame: Frame | null,
    quantity: EdgeQuantity,
    isLocked: boolean,
    detail: EdgeDetail = fullDetail,
  ): { edges: (EdgeReading | null)[]; outgoing: EdgeReading | null } {
    if (scene !== this.#scene) {
      this.#sets = new Map();
      this.#scene = scene;
    }
    if (frame === null) return { edges: scene.links.map(() => null), outgoing: null };
    const drafts = scene.links.map((link) => {
      const source = scene.columns[link.source];
      const target = scene.columns[link.target];
      if (!link.hasKernel || source === undefined || target === undefined) return null;
      const sent = readSent(source, target, frame, quantity);
      return sent === null ? null : this.#draft(source, target, sent, quantity, detail);
    });
    const outgoing = this.#readPlace(scene, frame) ?? this.#readOutgoing(scene, frame, quantity);
    const all = [...drafts, outgoing].filter((draft) => draft !== null);
    const finish = this.#finisher(all, isLocked, detail.hasOneScale === true);
    return {
      edges: drafts.map((draft) => (draft === null ? null : finish(draft))),
      outgoing: outgoing === null ? null : finish(outgoing),
    };
  }

  #finisher(drafts: readonly Draft[], isLocked: boolean, hasOneScale: boolean): (draft: Draft) => EdgeReading {
    const keyOf = (draft: Draft): string => scaleKey(draft, hasOneScale);
    const quantiles = new Map<string, number[]>();
    for (const draft of drafts)
      quantiles.set(keyOf(draft), [...(quantiles.get(keyOf(draft)) ?? []), quantileOf(draft)]);
    const scales = new Map([...quantiles].map(([key, all]) => [key, this.#scales.updateShared(key, all, isLocked)]));
    return (draft) => {
      const scale = scales.get(keyOf(draft)) ?? 0;
      return { ...draft, scale, isClipped: isBeyond(draft.set.values, scale) };
    };
  }

  #keep(key: string, create: () => EdgeSet): EdgeSet {
    const set = this.#sets.get(key) ?? create();
    this.#sets.set(key, set);
    return set;
  }

  #draft(source: Column, target: Column, sent: Sent, quantity: EdgeQuantity, { topK, level }: EdgeDetail): Draft {
    const set =
      sent.index === null
        ? (joined(source, target, sent) ?? this.#fill(source, target, sent, level))
        : strongest(source, target, sent, sent.index, topK, level);
    sortByMagnitude(set);
    const count = sent.sourceCount * sent.unitCount;
    const isSummedHere = set.isBundled && set.sourceCount < sent.sourceCount;
    const block = isSummedHere ? blockOf(sent) : 1;
    const measure = sent.measure ?? "each";
    return {
      set,
      quantity,
      measure,
      ramp: quantity === "gradient" ? "gradient" : "value",
      edgeCount: numberOf(sent.section, "edgeCount", count),
      groupKind: isSummedHere ? "block" : String(sent.section.attributes.groupKind ?? ""),
      block,
      isSimplified: isSummedHere || (set.isRaster && level === "raster"),
    };
  }

  /** All values of a pair; on the simpler level neighbouring sources are summed until few enough curves are left. */
  #fill(source: Column, target: Column, sent: Sent, level: Level): EdgeSet {
    const { sourceCount, unitCount, section, factorOf } = sent;
    const count = sourceCount * unitCount;
    const isRaster = (!sent.isBundled && count > STROKE_LIMIT) || (level === "raster" && count > FEW);
    const isCoarse = level === "bundles" && !isRaster && count > COARSE && sent.measure === undefined;
    const block = isCoarse ? blockOf(sent) : 1;
    const groups = Math.ceil(sourceCount / block);
    const isBundled = sent.isBundled || block > 1;
    const set = this.#keep(`${target.node.id} ${groups} ${unitCount} ${isBundled} ${isRaster}`, () =>
      createEdgeSet(source, target, groups, unitCount, isBundled, { isRaster }),
    );
    const { values } = set;
    if (block > 1) values.fill(0);
    for (let from = 0, i = 0; from < sourceCount; from++) {
      const factor = factorOf(from);
      const start = Math.floor(from / block) * unitCount;
      for (let unit = 0; unit < unitCount; unit++, i++) {
        const value = at(section.values, i) * factor;
        values[start + unit] = block > 1 ? at(values, start + unit) + value : value;
      }
    }
    return set;
  }

  /** What each map adds to the chosen place of a map behind it; the maps that are not drawn together. */
  #readPlace(scene: Scene, frame: Frame): Draft | null {
    const section = frame.sections.find((one) => one.quantity === "patch");
    const target = columnOfLayer(scene, section?.layer ?? "");
    const source = columnOfLayer(scene, target?.node.sources[0] ?? "");
    if (section === undefined || target?.kind !== "maps" || source === undefined) return null;
    const numberIn = (name: string): number => numberOf(section, name, -1);
    const patch = readPatch(frame, target.node, numberIn("unit"), [numberIn("row"), numberIn("column")]);
    if (patch === null || (source.kind !== "maps" && source.kind !== "image")) return null;
    const count = source.kind === "maps" ? source.unitCount : 1;
    const own = drawnUnit(target, numberIn("unit"));
    const ids = Uint32Array.from({ length: count }, (_, from) => from * target.unitCount + own);
    const set = createEdgeSet(source, target, count, target.unitCount, false, { ids });
    patch.parts.forEach((part, map) => {
      const from = count === 1 ? 0 : drawnUnit(source, patch.first + map);
      set.values[from] = at(set.values, from) + part;
    });
    sortByMagnitude(set);
    const plain = { groupKind: "", block: 1, isSimplified: false, measure: "place" } as const;
    return { set, quantity: "weight", ramp: "value", edgeCount: patch.inputs.length, ...plain };
  }

  #readOutgoing(scene: Scene, frame: Frame, quantity: EdgeQuantity): Draft | null {
    if (quantity === "gradient") return null;
    const section = frame.sections.find((one) => one.quantity === "outgoing");
    const unit = numberOf(section, "unit", -1);
    const source = columnOfLayer(scene, String(section?.attributes.source ?? ""));
    const target = columnOfLayer(scene, section?.layer ?? "");
    if (section === undefined || unit < 0 || source === undefined || target === undefined) return null;
    const isPart = ["bundle", "top"].some((way) => frame.section(way, target.node.id) !== undefined);
    if (!isPart) return null;
    const factor = quantity === "weight" ? 1 : activationOf(frame, source, unit);
    const count = section.values.length;
    const set = this.#keep(`outgoing ${source.node.id} ${unit} ${target.node.id} ${count}`, () =>
      createEdgeSet(source, target, 1, count, false, { origin: drawnUnit(source, unit) }),
    );
    for (let i = 0; i < count; i++) set.values[i] = at(section.values, i) * factor;
    sortByMagnitude(set);
    const plain = { groupKind: "", block: 1, isSimplified: false, measure: "each" } as const;
    return { set, quantity, ramp: "value", edgeCount: count, ...plain };
  }
}

/** Neighbouring rows to sum so that few enough curves are left. */
function blockOf({ sourceCount, unitCount }: Sent): number {
  return Math.ceil(sourceCount / Math.max(1, Math.floor(COARSE / unitCount)));
}

/** What the frame has of a pair: the whole kernel, its strongest connections or its bundles. */
function readSent(source: Column, target: Column, frame: Frame, quantity: EdgeQuantity): Sent | null {
  const id = target.node.id;
  const sign = quantity === "gradient" ? -1 : 1;
  const signed = (): number => sign;
  if (source.kind === "maps" || target.kind === "maps") return readMapLinks(source, target, frame, quantity);
  const kernel = frame.section(quantity === "gradient" ? "gradient" : "weight", id, "kernel");
  if (kernel !== undefined) {
    const [sourceCount = 0, unitCount = 0] = kernel.shape;
    if (sourceCount * unitCount === 0 || kernel.values.length !== sourceCount * unitCount) return null;
    const shape = { section: kernel, sourceCount, unitCount, isBundled: false, index: null };
    if (quantity !== "signal") return { ...shape, factorOf: signed };
    const input = sectionOfNode(frame, source.node, "activation")?.values;
    return input?.length === sourceCount ? { ...shape, factorOf: (from) => at(input, from) } : null;
  }
  const top = frame.section("top", id, quantity);
  const index = frame.section("top_index", id, quantity);
  if (top !== undefined && index !== undefined && index.values.length === 2 * top.values.length) {
    const [sourceCount, unitCount] = [numberOf(top, "inputCount", 0), numberOf(top, "unitCount", 0)];
    if (sourceCount * unitCount === 0) return null;
    return { section: top, sourceCount, unitCount, isBundled: false, index, factorOf: signed };
  }
  const bundle = frame.section("bundle", id, quantity);
  const [sourceCount = 0, unitCount = 0] = bundle?.shape ?? [];
  if (bundle === undefined || sourceCount * unitCount === 0) return null;
  if (bundle.values.length !== sourceCount * unitCount) return null;
  return { section: bundle, sourceCount, unitCount, isBundled: true, index: null, factorOf: signed };
}

/** A number for each pair of drawn maps, or of a map and a unit. */
function readMapLinks(source: Column, target: Column, frame: Frame, quantity: EdgeQuantity): Sent | null {
  const sent = frame.section("map_link", target.node.id, quantity);
  const section = source.kind === "image" && sent !== undefined ? togetherOf(sent) : sent;
  const [sourceCount = 0, unitCount = 0] = section?.shape ?? [];
  const isPlaced = source.kind === "image" ? sourceCount === 1 : sourceCount === source.unitCount;
  const isMet = target.kind === "maps" ? unitCount === target.unitCount : unitCount === target.node.units;
  if (section === undefined || !isPlaced || !isMet || section.values.length !== sourceCount * unitCount) return null;
  const measure = section.attributes.measure === "sum" ? "sum" : "norm";
  return { section, sourceCount, unitCount, isBundled: false, index: null, measure, factorOf: () => 1 };
}

/** Where not every pair of maps is joined, those that are: they may be others with every frame. */
function joined(source: Column, target: Column, { section, measure, sourceCount, unitCount }: Sent): EdgeSet | null {
  const pairs = Array.from(section.values.keys()).filter((pair) => !(at(section.values, pair) < 0));
  if (measure !== "norm" || pairs.length === section.values.length) return null;
  const set = createEdgeSet(source, target, sourceCount, unitCount, false, { ids: Uint32Array.from(pairs) });
  pairs.forEach((pair, i) => {
    set.values[i] = at(section.values, pair);
  });
  return set;
}

/** The channels of an input are one picture: their norms or sums together. */
function togetherOf(section: Section): Section {
  const [rows = 0, columns = 0] = section.shape;
  const isSum = section.attributes.measure === "sum";
  const values = Float32Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const value = at(section.values, row * columns + column);
      sum += isSum ? value : value * value;
    }
    return isSum ? sum : Math.sqrt(sum);
  });
  return { ...section, shape: [1, columns], values };
}

/** They are other connections with every frame, so their curves are made anew. */
function strongest(source: Column, target: Column, sent: Sent, index: Section, topK: number, level: Level): EdgeSet {
  const { sourceCount, unitCount, section } = sent;
  const count = Math.min(topK, section.values.length);
  const ids = Uint32Array.from({ length: count }, (_, i) => {
    return at(index.values, 2 * i) * unitCount + at(index.values, 2 * i + 1);
  });
  const isRaster = level === "raster" && count > FEW;
  const set = createEdgeSet(source, target, sourceCount, unitCount, false, { ids, isRaster });
  for (let i = 0; i < count; i++) set.values[i] = at(section.values, i) * sent.factorOf(0);
  return set;
}

function activationOf(frame: Frame, column: Column, unit: number): number {
  const section: Section | undefined = sectionOfNode(frame, column.node, "activation");
  return section === undefined ? Number.NaN : at(section.values, unit);
}
