import type { EdgeQuantity, Frame, Scenery, Section } from "../core/frame.ts";
import type { NetworkNode } from "../layout/readNodes.ts";
import type { Column, Scene } from "../layout/scene.ts";
import { at } from "../lib/numbers.ts";
import type { RampName } from "../theme/ramps.ts";
import { createEdgeSet, type EdgeSet, sortByMagnitude } from "./edgeSet.ts";
import type { ScaleBook } from "./scaleBook.ts";

/** What a frame says about one column. Values are mapped low..high onto the ramp. */
export interface ColumnReading {
  readonly column: Column;
  readonly ramp: RampName;
  readonly low: number;
  readonly high: number;
  readonly values: ArrayLike<number> | null;
  readonly field: Section | null;
  readonly bias: ArrayLike<number> | null;
  readonly biasScale: number;
  readonly isClipped: boolean;
}

/** What a frame says about the edges into one column. */
export interface EdgeReading {
  readonly set: EdgeSet;
  readonly quantity: EdgeQuantity;
  readonly ramp: "value" | "gradient";
  readonly scale: number;
  readonly isClipped: boolean;
  /** Real edges behind the drawn ones. */
  readonly edgeCount: number;
  readonly groupKind: string;
}

export interface Reading {
  readonly columns: readonly ColumnReading[];
  /** By the place of the link in the scene; null where the link is drawn as one quiet line. */
  readonly edges: readonly (EdgeReading | null)[];
}

const NEVER_NEGATIVE = new Set("relu relu6 softmax sigmoid hard_sigmoid softplus exponential".split(" "));
const AT_MOST_ONE = new Set("softmax sigmoid hard_sigmoid".split(" "));
const SIGNED_UNIT = new Set(["tanh", "softsign", "hard_tanh"]);

/** A section of a node: of the last layer folded into it that has one. */
export function sectionOfNode(frame: Frame, node: NetworkNode, quantity: string): Section | undefined {
  for (let i = node.layers.length - 1; i >= 0; i--) {
    const section = frame.section(quantity, node.layers[i]?.id ?? "");
    if (section !== undefined) return section;
  }
  return undefined;
}

function numberOf(section: Section | null | undefined, name: string, otherwise: number): number {
  const value = section?.attributes[name];
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

function pixelRange(scenery: Scenery | null, values: ArrayLike<number> | null): readonly [number, number] {
  const thumbnails = scenery?.sections.find((section) => section.quantity === "thumbnail");
  let most = 0;
  let least = 0;
  for (let i = 0; values !== null && i < values.length; i++) {
    most = Math.max(most, at(values, i));
    least = Math.min(least, at(values, i));
  }
  const guess = most <= 1 ? 1 : most <= 16 ? 16 : Math.max(255, most);
  return [numberOf(thumbnails, "lo", least), numberOf(thumbnails, "hi", guess)];
}

export class FrameReader {
  readonly #scales: ScaleBook;
  #sets = new Map<string, EdgeSet>();
  #scene: Scene | null = null;

  constructor(scales: ScaleBook) {
    this.#scales = scales;
  }

  read(scene: Scene, frame: Frame | null, scenery: Scenery | null, quantity: EdgeQuantity, isLocked: boolean): Reading {
    if (scene !== this.#scene) {
      this.#sets = new Map();
      this.#scene = scene;
    }
    const columns = scene.columns.map((column) => this.#readColumn(column, frame, scenery, isLocked));
    const edges = scene.links.map((link) => {
      const source = scene.columns[link.source];
      const target = scene.columns[link.target];
      if (!link.hasKernel || frame === null || source === undefined || target === undefined) return null;
      return this.#readEdges(source, target, frame, quantity, isLocked);
    });
    return { columns, edges };
  }

  #readColumn(column: Column, frame: Frame | null, scenery: Scenery | null, isLocked: boolean): ColumnReading {
    const { node } = column;
    const section = frame === null ? undefined : sectionOfNode(frame, node, "activation");
    const values = section !== undefined && column.kind !== "card" ? section.values : null;
    const field = (frame === null ? undefined : sectionOfNode(frame, node, "field")) ?? null;
    const bias = frame?.section("weight", node.id, "bias")?.values ?? null;
    const kernelScale = this.#scales.get(`weight ${node.id}`) ?? 0;
    const biasScale =
      kernelScale > 0 ? 0.5 * kernelScale : this.#scales.update(`bias ${node.id}`, bias ?? [], isLocked);
    const base = { column, values, field, bias, biasScale };
    if (column.kind === "image") {
      const [low, high] = pixelRange(scenery, values);
      return { ...base, ramp: "pixel", low, high, isClipped: false };
    }
    const activation = node.activation ?? "linear";
    if (AT_MOST_ONE.has(activation)) return { ...base, ramp: "magnitude", low: 0, high: 1, isClipped: false };
    if (SIGNED_UNIT.has(activation)) return { ...base, ramp: "value", low: -1, high: 1, isClipped: false };
    const spread = Math.max(Math.abs(numberOf(field, "lo", 0)), Math.abs(numberOf(field, "hi", 0)));
    const sample = this.#scales.update(`activation ${node.id}`, field !== null ? [spread] : (values ?? []), isLocked);
    const high = sample > 0 ? sample : 1;
    const isClipped = values !== null && Array.prototype.some.call(values, (v: number) => Math.abs(v) > high * 1.001);
    if (NEVER_NEGATIVE.has(activation)) return { ...base, ramp: "magnitude", low: 0, high, isClipped };
    return { ...base, ramp: "value", low: -high, high, isClipped };
  }

  #readEdges(
    source: Column,
    target: Column,
    frame: Frame,
    quantity: EdgeQuantity,
    isLocked: boolean,
  ): EdgeReading | null {
    const id = target.node.id;
    const kernel = frame.section(quantity === "gradient" ? "gradient" : "weight", id, "kernel");
    const section = kernel ?? frame.section("bundle", id, quantity);
    const [sourceCount = 0, unitCount = 0] = section?.shape ?? [];
    if (section === undefined || sourceCount * unitCount === 0) return null;
    if (section.values.length !== sourceCount * unitCount) return null;
    const input =
      kernel !== undefined && quantity === "signal" ? sectionOfNode(frame, source.node, "activation") : null;
    if (input === undefined || (input !== null && input.values.length !== sourceCount)) return null;

    const key = `${id} ${sourceCount} ${unitCount}`;
    const set = this.#sets.get(key) ?? createEdgeSet(source, target, sourceCount, unitCount, kernel === undefined);
    this.#sets.set(key, set);
    const { values } = set;
    const raw = section.values;
    for (let i = 0; i < values.length; i++) {
      const value = at(raw, i);
      const factor = input === null ? 1 : at(input.values, Math.floor(i / unitCount));
      values[i] = quantity === "gradient" ? -value : value * factor;
    }
    sortByMagnitude(set);
    const isPart = set.order.length < values.length;
    const scale = this.#scales.update(`${quantity} ${id}`, values, isLocked, isPart ? 0.9995 : 0.98);
    let isClipped = false;
    for (let i = 0; i < values.length && !isClipped; i++) isClipped = Math.abs(at(values, i)) > scale * 1.001;
    return {
      set,
      quantity,
      ramp: quantity === "gradient" ? "gradient" : "value",
      scale: scale > 0 ? scale : 1,
      isClipped,
      edgeCount:
        kernel === undefined ? numberOf(section, "edge_count", sourceCount * unitCount) : sourceCount * unitCount,
      groupKind: String(section.attributes.group_kind ?? ""),
    };
  }
}
