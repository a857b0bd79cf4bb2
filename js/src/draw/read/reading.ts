import { NEVER_NEGATIVE } from "../../core/anatomy.ts";
import type { EdgeQuantity, Frame, MapScale, Scenery, Section } from "../../core/frame.ts";
import { imageSize } from "../../layout/imageSize.ts";
import { isBeside, type NetworkNode } from "../../layout/readNodes.ts";
import type { Column, Scene } from "../../layout/scene.ts";
import { at, magnitudeQuantile } from "../../lib/numbers.ts";
import type { RampName } from "../../theme/ramps.ts";
import { byteShares } from "../canvas/fieldImages.ts";
import { placeEdges } from "../edges/edgeSet.ts";
import { type MapsReading, meansOf, peakOf, sentMaps, withScales } from "./maps.ts";
import { type EdgeDetail, EdgeReader, type EdgeReading, fullDetail, isBeyond } from "./readEdges.ts";
import { SCALE_SHARE, type ScaleBook } from "./scaleBook.ts";
import { biasesOf, numberOf, sectionOfNode, valuesOfNode } from "./sections.ts";

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
  /** Rows and columns of an input picture that was sent with fewer pixels than it has; else null. */
  readonly sent: readonly [number, number] | null;
  /** Of a column of maps; its `values` are their means. */
  readonly maps: MapsReading | null;
  /** Every value so far was 0: there is no scale to show, and what is drawn is the ramp's zero. */
  readonly isZero: boolean;
  /** Of a column of tokens what they are called; null where none has a name. */
  readonly words: readonly string[] | null;
}

export { sectionOfNode };

export interface Reading {
  readonly columns: readonly ColumnReading[];
  /** By the place of the link in the scene; null where the link is drawn as one quiet line. */
  readonly edges: readonly (EdgeReading | null)[];
  /** The selected unit's own edges: into the next layer, where those of the whole layer are bundled, or into a place of a map. */
  readonly outgoing: EdgeReading | null;
  /** Links into columns of which the frame holds nothing: of a large network that is off the screen. */
  readonly unsentLinks: number;
  /** Links into columns that have no weights for them. */
  readonly weightlessLinks: number;
}

/** The same reading of a scene that the camera enlarges otherwise. */
export function moveReading(reading: Reading, scene: Scene): Reading {
  const places = new Map(scene.columns.map((column) => [column.node.id, column]));
  const placeOf = (column: Column): Column => places.get(column.node.id) ?? column;
  const move = (edge: EdgeReading): EdgeReading => {
    const { set } = edge;
    return { ...edge, set: placeEdges(set, placeOf(set.source), placeOf(set.target)) };
  };
  return {
    columns: reading.columns.map((one) => ({ ...one, column: placeOf(one.column) })),
    edges: reading.edges.map((edge) => (edge === null ? null : move(edge))),
    outgoing: reading.outgoing === null ? null : move(reading.outgoing),
    unsentLinks: reading.unsentLinks,
    weightlessLinks: reading.weightlessLinks,
  };
}

function countUnsent(scene: Scene, frame: Frame | null): number {
  if (frame === null || frame.header.unrecorded === null) return 0;
  const sent = new Set(frame.sections.map(({ layer }) => layer));
  const isSent = scene.columns.map(({ node }) => node.layers.some(({ id }) => sent.has(id)));
  return scene.links.filter(({ target }) => isSent[target] === false).length;
}

const AT_MOST_ONE = new Set("softmax sigmoid hard_sigmoid".split(" "));
const SIGNED_UNIT = new Set(["tanh", "softsign", "hard_tanh"]);

function pixelRange(scenery: Scenery | null, values: ArrayLike<number> | null): readonly [number, number] {
  const thumbnails = scenery?.sections.find((section) => section.quantity === "thumbnail");
  let most = 0;
  let least = 0;
  for (let i = 0; values !== null && i < values.length; i++) {
    const value = at(values, i);
    if (!Number.isFinite(value)) continue;
    most = Math.max(most, value);
    least = Math.min(least, value);
  }
  const usual = least < 0 ? undefined : [1, 16, 255].find((end) => most <= end);
  const guess = usual ?? most;
  return [numberOf(thumbnails, "lo", least), numberOf(thumbnails, "hi", guess)];
}

/** A large input picture: its numbers as they were sent, and how many rows and columns. */
function sentPicture(frame: Frame, layer: string): { values: Float32Array; size: readonly [number, number] } | null {
  const section = frame.section("picture", layer);
  const [rows = 0, columns = 0] = section?.shape ?? [];
  if (section === undefined || rows * columns === 0) return null;
  const shares = byteShares(numberOf(section, "lo", 0), numberOf(section, "hi", 1), 0, 1);
  return { values: Float32Array.from(section.values, (code) => at(shares, code)), size: [rows, columns] };
}

export class FrameReader {
  readonly #scales: ScaleBook;
  readonly #edges: EdgeReader;

  constructor(scales: ScaleBook) {
    this.#scales = scales;
    this.#edges = new EdgeReader(scales);
  }

  read(
    scene: Scene,
    frame: Frame | null,
    scenery: Scenery | null,
    quantity: EdgeQuantity,
    isLocked: boolean,
    detail: EdgeDetail = fullDetail,
    mapScale: MapScale = "layer",
  ): Reading {
    const edges = this.#edges.read(scene, frame, quantity, isLocked, detail);
    const biasScale = this.#readBiasScale(frame, isLocked);
    const maps = this.#readMaps(scene, frame, mapScale, isLocked);
    const columns = scene.columns.map((column) => {
      const own = maps.get(column.node);
      if (column.kind === "maps") return readMapColumn(column, frame, own ?? null);
      return this.#readColumn(column, frame, scenery, isLocked, biasScale);
    });
    const weightlessLinks = scene.links.filter(({ target }) => {
      const node = scene.columns[target]?.node;
      return (
        (node?.kind === "maps" || node?.kind === "named") &&
        node.layers[0]?.parameters.every(({ shape }) => shape.length < (node.layers[0]?.face == null ? 3 : 1))
      );
    }).length;
    return { columns, ...edges, unsentLinks: countUnsent(scene, frame), weightlessLinks };
  }

  #readMaps(
    { columns }: Scene,
    frame: Frame | null,
    scale: MapScale,
    isLocked: boolean,
  ): ReadonlyMap<NetworkNode, MapsReading> {
    const nodes = frame === null ? [] : columns.filter(({ kind }) => kind === "maps").map(({ node }) => node);
    const sent = nodes.flatMap((node) => {
      const maps = frame === null ? null : sentMaps(frame, node);
      return maps === null ? [] : [[node, maps] as const];
    });
    return withScales(new Map(sent), scale, this.#scales, isLocked);
  }

  /** One for all layers: half the widest scale of their weights; where no weight is sent, the biases' own. */
  #readBiasScale(frame: Frame | null, isLocked: boolean): number {
    const weights = (frame?.sections ?? []).filter(({ quantity }) => quantity === "weight");
    const quantiles = (name: string): number[] => {
      return weights.filter((one) => one.name === name).map(({ values }) => magnitudeQuantile(values, SCALE_SHARE));
    };
    const kernels = quantiles("kernel");
    if (kernels.length > 0) return 0.5 * this.#scales.updateShared("kernels", kernels, isLocked);
    return this.#scales.updateShared("biases", quantiles("bias"), isLocked);
  }

  #readColumn(
    column: Column,
    frame: Frame | null,
    scenery: Scenery | null,
    isLocked: boolean,
    biasScale: number,
  ): ColumnReading {
    const { node } = column;
    const own = frame === null ? undefined : valuesOfNode(frame, node);
    const hasColours = !node.isTokens || column.kind === "tokens";
    const isDrawn = column.kind !== "card" || node.layers[0]?.face != null;
    const values = own !== undefined && isDrawn && hasColours ? own : null;
    const words = node.isTokens ? (frame?.header.tokens[node.id] ?? null) : null;
    const field = (frame === null || isBeside(node) ? undefined : sectionOfNode(frame, node, "field")) ?? null;
    const bias = isBeside(node) ? null : biasesOf(frame, node);
    const base = { column, values, field, bias, biasScale, maps: null, sent: null, isZero: false, words };
    if (column.kind === "image") {
      // The sample as it comes in: what is folded into the column may have scaled it.
      const raw = frame?.section("activation", node.id)?.values ?? values;
      const isApart = raw === null || node.layers[0]?.grid != null; // slices are told in another order than they are drawn
      const picture = isApart && frame !== null ? sentPicture(frame, node.id) : null;
      const pixels = picture?.values ?? raw;
      const [rows, columns] = picture?.size ?? imageSize(node, scenery) ?? [1, 1];
      const isColour = pixels !== null && pixels.length >= 3 * rows * columns;
      const [low, high] = pixelRange(isColour ? null : scenery, pixels);
      return { ...base, values: pixels, sent: picture?.size ?? null, ramp: "pixel", low, high, isClipped: false };
    }
    const activation = node.activation ?? "linear";
    if (AT_MOST_ONE.has(activation)) return { ...base, ramp: "magnitude", low: 0, high: 1, isClipped: false };
    if (SIGNED_UNIT.has(activation)) return { ...base, ramp: "value", low: -1, high: 1, isClipped: false };
    const spread = Math.max(Math.abs(numberOf(field, "lo", 0)), Math.abs(numberOf(field, "hi", 0)));
    const sample = this.#scales.update(`activation ${node.id}`, field !== null ? [spread] : (values ?? []), isLocked);
    const high = sample > 0 ? sample : 1;
    const isZero = sample === 0 && values !== null;
    const isClipped = !isZero && values !== null && isBeyond(values, high);
    if (NEVER_NEGATIVE.has(activation) || node.isNeverNegative)
      return { ...base, ramp: "magnitude", low: 0, high, isClipped, isZero };
    return { ...base, ramp: "value", low: -high, high, isClipped, isZero };
  }
}

/** The widest scale of its maps stands for all; each map has its own end. */
function readMapColumn(column: Column, frame: Frame | null, maps: MapsReading | null): ColumnReading {
  const { node } = column;
  const values = frame === null ? null : meansOf(frame, node);
  const end = maps === null ? 0 : Math.max(...Array.from(maps.ends));
  const isZero = maps !== null && end === 0;
  const high = end > 0 ? end : 1;
  const isClipped = maps !== null && Array.from(maps.ends).some((own, map) => peakOf(maps, map) > own * 1.001);
  const base = {
    column,
    maps,
    values,
    field: null,
    bias: null,
    biasScale: 0,
    sent: null,
    high,
    isZero,
    isClipped,
    words: null,
  };
  return node.isNeverNegative || node.kind === "heads"
    ? { ...base, ramp: "magnitude", low: 0 }
    : { ...base, ramp: "value", low: -high };
}
