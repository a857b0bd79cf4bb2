import type { Frame, MapScale, Section } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at, largestMagnitude } from "../../lib/numbers.ts";
import type { ScaleBook } from "./scaleBook.ts";
import { sectionOfNode } from "./sections.ts";

/** What a frame has of the maps of a node. */
export interface MapsReading {
  /** uint8 pictures of the drawn maps, each on its own range. */
  readonly pictures: Section;
  readonly rows: number;
  readonly columns: number;
  /** Which maps these are. */
  readonly drawn: readonly number[];
  /** What these are the first by, where they are not all. */
  readonly by: string;
  /** Least, greatest and mean of every map. */
  readonly moments: ArrayLike<number>;
  /** The end of each map's colour scale. */
  readonly ends: ArrayLike<number>;
  readonly kernels: Section | null;
  readonly kernelEnd: number;
}

export const LEAST_AT = 0;
export const GREATEST_AT = 1;
export const MEAN_AT = 2;
const MOMENTS = 3;
/** A map is said to be silent below this share of the layer's largest. */
const SILENT_SHARE = 0.03;

type Sent = Omit<MapsReading, "ends" | "kernelEnd">;

/** The maps of a frame without their scales; `null` where it has none of this node. */
export function sentMaps(frame: Frame, node: NetworkNode): Sent | null {
  const pictures = sectionOfNode(frame, node, "map_picture");
  const moments = sectionOfNode(frame, node, "map_moments")?.values;
  const [count = 0, rows = 0, columns = 0] = pictures?.shape ?? [];
  if (pictures === undefined || moments?.length !== MOMENTS * node.units || count * rows * columns === 0) return null;
  const index = sectionOfNode(frame, node, "map_index");
  const drawn = index === undefined ? Array.from({ length: count }, (_, map) => map) : Array.from(index.values);
  const by = String(index?.attributes.by ?? "");
  return { pictures, rows, columns, drawn, by, moments, kernels: frame.section("map_kernel", node.id) ?? null };
}

/** One moment of a map. */
export function momentOf({ moments }: Pick<MapsReading, "moments">, map: number, which: number): number {
  return at(moments, MOMENTS * map + which);
}

/** The largest magnitude in a map. */
export function peakOf(maps: Pick<MapsReading, "moments">, map: number): number {
  const ends = [momentOf(maps, map, LEAST_AT), momentOf(maps, map, GREATEST_AT)].filter(Number.isFinite).map(Math.abs);
  return Math.max(0, ...ends);
}

/** The largest magnitude of all maps of a layer. */
export function largestPeak(maps: Pick<MapsReading, "moments">): number {
  let most = 0;
  for (let map = 0; map < maps.moments.length / MOMENTS; map++) most = Math.max(most, peakOf(maps, map));
  return most;
}

/** Whether next to nothing is in a map, beside the other maps of its layer. */
export function isSilent(maps: Pick<MapsReading, "moments">, map: number): boolean {
  const most = largestPeak(maps);
  return peakOf(maps, map) < SILENT_SHARE * most || (most === 0 && Number.isFinite(momentOf(maps, map, MEAN_AT)));
}

/** What a map is in three numbers, of its finite values. */
export interface MapMoments {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
}

/** Those of one map of a node; `null` where the frame has none. */
export function momentsOfMap(frame: Frame, node: NetworkNode, map: number): MapMoments | null {
  const moments = sectionOfNode(frame, node, "map_moments")?.values;
  if (moments?.length !== MOMENTS * node.units || map >= node.units) return null;
  const moment = (which: number) => at(moments, MOMENTS * map + which);
  return { least: moment(LEAST_AT), greatest: moment(GREATEST_AT), mean: moment(MEAN_AT) };
}

/** The mean of each map: what stands for a map in one number. */
export function meansOf(frame: Frame, node: NetworkNode): Float32Array | null {
  const moments = sectionOfNode(frame, node, "map_moments")?.values;
  if (moments?.length !== MOMENTS * node.units) return null;
  return Float32Array.from({ length: node.units }, (_, map) => at(moments, MOMENTS * map + MEAN_AT));
}

/** Which maps of each layer a frame has, where that are some of them: by the layer's id. */
export function drawnMapsOf(frame: Frame | null): ReadonlyMap<string, readonly number[]> {
  const sections = frame?.sections.filter(({ quantity }) => quantity === "map_index") ?? [];
  return new Map(sections.map(({ layer, values }) => [layer, Array.from(values)]));
}

/** Gives the maps of a network their scales. */
export function withScales(
  sent: ReadonlyMap<NetworkNode, Sent>,
  scale: MapScale,
  book: ScaleBook,
  isLocked: boolean,
): ReadonlyMap<NetworkNode, MapsReading> {
  const all = [...sent].filter(([node]) => node.kind === "maps").map(([, maps]) => largestPeak(maps));
  const shared = scale === "network" ? book.updateShared("maps", all, isLocked) : 0;
  const entries = [...sent].map(([node, maps]): [NetworkNode, MapsReading] => {
    const update = (key: string, peaks: readonly number[]) => book.updateShared(`maps ${key}`, peaks, isLocked);
    const own = scale === "layer" || node.kind !== "maps" ? update(node.id, [largestPeak(maps)]) : shared;
    const ends = Float32Array.from({ length: node.units }, (_, map) =>
      scale === "map" ? update(`${node.id} ${map}`, [peakOf(maps, map)]) : own,
    );
    const kernels = maps.kernels?.values ?? [];
    const kernelEnd = update(`kernels ${node.id}`, [largestMagnitude(kernels)]);
    return [node, { ...maps, ends, kernelEnd }];
  });
  return new Map(entries);
}
