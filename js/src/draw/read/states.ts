import { LETTING_THROUGH } from "../../core/anatomy.ts";
import type { Frame, Section } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";

/** A state or a gate of a unit at each step. */
export interface Series {
  /** `h`, `c`, or the name of a gate. */
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** A gate between nothing and all. */
  readonly isShare: boolean;
}

/** The steps of a recurrent layer, in the order in which it reads them. */
export interface Steps {
  readonly count: number;
  /** Which place of the sequence a step reads; −1 of a masked one. */
  readonly places: ArrayLike<number>;
}

/** What a frame has of the steps of a node: none where its layer does not tell them, `null` where nobody has asked. */
export function readSteps(frame: Frame, node: NetworkNode): Steps | null {
  const section = frame.section("read_place", node.layers[0]?.id);
  return section === undefined ? null : { count: section.values.length, places: section.values };
}

/** States and gates of a unit; `null` where a frame has none of it. */
export function readSeries(frame: Frame, node: NetworkNode, unit: number): readonly Series[] | null {
  const section = frame.section("unit_state", node.layers[0]?.id);
  if (section === undefined || section.attributes.unit !== unit) return null;
  const [, steps = 0] = section.shape;
  return namesOf(section).map((name, place) => {
    const values = section.values.subarray(place * steps, (place + 1) * steps);
    return { name, values, isShare: isShare(name, values) };
  });
}

/** A state or a gate of all units, or of blocks of them, as a picture. */
export interface SeriesPicture {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** From 0 to 1 between the ends of the range; NaN where it is not known. */
  share(place: number): number;
  readonly low: number;
  readonly high: number;
}

export function readPictures(frame: Frame, node: NetworkNode): readonly SeriesPicture[] {
  const section = frame.section("state_picture", node.layers[0]?.id);
  if (section === undefined) return [];
  const [, rows = 0, columns = 0] = section.shape;
  const [lows, highs] = [section.attributes.lo, section.attributes.hi] as (readonly number[])[];
  return namesOf(section).map((name, index) => ({
    name,
    rows,
    columns,
    share(place) {
      const code = at(section.values, index * rows * columns + place);
      return code === 0 ? Number.NaN : (code - 1) / 254;
    },
    low: at(lows ?? [], index),
    high: at(highs ?? [], index),
  }));
}

/** How open a gate is over all units and the steps that are read. */
export interface GateShare {
  readonly name: string;
  readonly mean: number;
  /** Below 0.1. */
  readonly closed: number;
  /** Above 0.9. */
  readonly open: number;
}

export function readGates(frame: Frame, node: NetworkNode): readonly GateShare[] {
  const section = frame.section("gate_share", node.layers[0]?.id);
  if (section === undefined) return [];
  const gates = namesOf(section).map((name, place) => {
    const [mean, closed, open] = [0, 1, 2].map((part) => at(section.values, 3 * place + part)) as [
      number,
      number,
      number,
    ];
    return { name, mean, closed, open };
  });
  return gates.filter(({ mean }) => !Number.isNaN(mean));
}

function namesOf({ attributes }: Section): readonly string[] {
  return (attributes.names ?? []) as readonly string[];
}

function isShare(name: string, values: ArrayLike<number>): boolean {
  return LETTING_THROUGH.has(name) && !Array.from(values).some((value) => value < 0 || value > 1);
}
