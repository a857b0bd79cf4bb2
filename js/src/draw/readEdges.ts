import type { EdgeQuantity, Frame, Section } from "../core/frame.ts";
import { type Column, columnOfLayer, drawnUnit, type Scene } from "../layout/scene.ts";
import { at, magnitudeQuantile } from "../lib/numbers.ts";
import { createEdgeSet, type EdgeSet, sortByMagnitude } from "./edgeSet.ts";
import { SCALE_SHARE, type ScaleBook } from "./scaleBook.ts";
import { numberOf, sectionOfNode } from "./sections.ts";

/** What a frame says about the edges into one column. */
export interface EdgeReading {
  readonly set: EdgeSet;
  readonly quantity: EdgeQuantity;
  readonly ramp: "value" | "gradient";
  /** All strokes of a picture share one scale, all bundles another. */
  readonly scale: number;
  readonly isClipped: boolean;
  /** Real edges behind the drawn ones. */
  readonly edgeCount: number;
  readonly groupKind: string;
}

type Draft = Omit<EdgeReading, "scale" | "isClipped">;

/** In a crowd of bundles only the very strongest may be as thick and bright as the scale allows. */
const BUNDLE_SHARE = 0.995;
const PART_SHARE = 0.9995;

function quantileOf({ set }: Draft): number {
  const isPart = set.order.length < set.values.length;
  return magnitudeQuantile(set.values, isPart ? PART_SHARE : set.isBundled ? BUNDLE_SHARE : SCALE_SHARE);
}

function isBeyond(values: Float32Array, scale: number): boolean {
  for (let i = 0; i < values.length; i++) if (Math.abs(at(values, i)) > scale * 1.001) return true;
  return false;
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
      return this.#readLink(source, target, frame, quantity);
    });
    const outgoing = this.#readOutgoing(scene, frame, quantity);
    const all = [...drafts, outgoing].filter((draft) => draft !== null);
    const finish = this.#finisher(all, quantity, isLocked);
    return {
      edges: drafts.map((draft) => (draft === null ? null : finish(draft))),
      outgoing: outgoing === null ? null : finish(outgoing),
    };
  }

  #finisher(drafts: readonly Draft[], quantity: EdgeQuantity, isLocked: boolean): (draft: Draft) => EdgeReading {
    const share = (key: string, isBundled: boolean): number => {
      const alike = drafts.filter(({ set }) => set.isBundled === isBundled);
      if (alike.length === 0) return 1;
      return this.#scales.updateShared(key, alike.map(quantileOf), isLocked) || 1;
    };
    const strokes = share(`strokes ${quantity}`, false);
    const bundles = share(`bundles ${quantity}`, true);
    return (draft) => {
      const scale = draft.set.isBundled ? bundles : strokes;
      return { ...draft, scale, isClipped: isBeyond(draft.set.values, scale) };
    };
  }

  #keep(key: string, create: () => EdgeSet): EdgeSet {
    const set = this.#sets.get(key) ?? create();
    this.#sets.set(key, set);
    return set;
  }

  #readLink(source: Column, target: Column, frame: Frame, quantity: EdgeQuantity): Draft | null {
    const id = target.node.id;
    const kernel = frame.section(quantity === "gradient" ? "gradient" : "weight", id, "kernel");
    const section = kernel ?? frame.section("bundle", id, quantity);
    const [sourceCount = 0, unitCount = 0] = section?.shape ?? [];
    if (section === undefined || sourceCount * unitCount === 0) return null;
    if (section.values.length !== sourceCount * unitCount) return null;
    const input =
      kernel !== undefined && quantity === "signal" ? sectionOfNode(frame, source.node, "activation") : null;
    if (input === undefined || (input !== null && input.values.length !== sourceCount)) return null;

    const set = this.#keep(`${id} ${sourceCount} ${unitCount}`, () =>
      createEdgeSet(source, target, sourceCount, unitCount, kernel === undefined),
    );
    const { values } = set;
    const raw = section.values;
    const sign = quantity === "gradient" ? -1 : 1;
    for (let from = 0, i = 0; from < sourceCount; from++) {
      const factor = input === null ? sign : at(input.values, from);
      for (let unit = 0; unit < unitCount; unit++, i++) values[i] = at(raw, i) * factor;
    }
    sortByMagnitude(set);
    const count = sourceCount * unitCount;
    return {
      set,
      quantity,
      ramp: quantity === "gradient" ? "gradient" : "value",
      edgeCount: kernel === undefined ? numberOf(section, "edgeCount", count) : count,
      groupKind: String(section.attributes.groupKind ?? ""),
    };
  }

  #readOutgoing(scene: Scene, frame: Frame, quantity: EdgeQuantity): Draft | null {
    if (quantity === "gradient") return null;
    const section = frame.sections.find((one) => one.quantity === "outgoing");
    const unit = numberOf(section, "unit", -1);
    const source = columnOfLayer(scene, String(section?.attributes.source ?? ""));
    const target = columnOfLayer(scene, section?.layer ?? "");
    if (section === undefined || unit < 0 || source === undefined || target === undefined) return null;
    if (frame.section("bundle", target.node.id) === undefined) return null;
    const factor = quantity === "weight" ? 1 : activationOf(frame, source, unit);
    const count = section.values.length;
    const set = this.#keep(`outgoing ${source.node.id} ${unit} ${target.node.id} ${count}`, () => {
      const made = createEdgeSet(source, target, 1, count, false);
      made.y0.fill(at(source.portY, Math.min(source.portY.length - 1, drawnUnit(source, unit))));
      return made;
    });
    for (let i = 0; i < count; i++) set.values[i] = at(section.values, i) * factor;
    sortByMagnitude(set);
    return { set, quantity, ramp: "value", edgeCount: count, groupKind: "" };
  }
}

function activationOf(frame: Frame, column: Column, unit: number): number {
  const section: Section | undefined = sectionOfNode(frame, column.node, "activation");
  return section === undefined ? Number.NaN : at(section.values, unit);
}
