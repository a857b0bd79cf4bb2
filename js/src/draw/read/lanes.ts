import type { Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";

/** The vectors of the places that look, of those that are looked at, and what is found there. */
export const LANES = ["query", "key", "value"] as const;
export type LaneName = (typeof LANES)[number];

/** The vectors of one head, a row each. */
export interface Lane {
  readonly name: LaneName;
  readonly rows: number;
  readonly columns: number;
  /** How many numbers a vector has; more than columns where each of these is the mean of several. */
  readonly size: number;
  /** How many vectors a place has, and which of them is that of the head: several heads may share keys and values. */
  readonly heads: number;
  readonly head: number;
  /** The shape of the kernel of its projection, empty where it is not known; `null` where what comes in is the lane. */
  readonly kernel: readonly number[] | null;
  /** From 0 to 1 over the range; NaN where it is not known. */
  share(place: number): number;
  /** The colours reach as far below 0 as above. */
  readonly most: number;
  /** The first numbers of the vector of the chosen place; empty where none is chosen. */
  readonly numbers: ArrayLike<number>;
}

/** What a frame has of the lanes of a head: none where they are not known, `null` where it is of another one. */
export function readLanes(frame: Frame, node: NetworkNode, head: number): readonly Lane[] | null {
  const layer = node.layers[0]?.id;
  if (frame.section("lane_picture", layer)?.values.length === 0) return [];
  const lanes = LANES.flatMap((name) => readLane(frame, layer, name, head));
  return lanes.length === 0 ? null : lanes;
}

function readLane(frame: Frame, layer: string | undefined, name: LaneName, head: number): Lane[] {
  const section = frame.section("lane_picture", layer, name);
  if (section === undefined || section.attributes.unit !== head) return [];
  const [rows = 0, columns = 0] = section.shape;
  const numbers = frame.section("lane_row", layer, name);
  const { size, heads, head: own, hi, kernel } = section.attributes;
  return [
    {
      name,
      rows,
      columns,
      size: Number(size),
      heads: Number(heads),
      head: Number(own),
      kernel: Array.isArray(kernel) ? kernel.map(Number) : null,
      share(place) {
        const code = at(section.values, place);
        return code === 0 ? Number.NaN : (code - 1) / 254;
      },
      most: Number(hi),
      numbers: numbers?.attributes.unit === head ? numbers.values : [],
    },
  ];
}
