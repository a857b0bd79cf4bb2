import { safeText } from "../../lib/safeText.ts";
import type { Ramp, RampName } from "../../theme/ramps.ts";
import type { KeyItem } from "../marks/key.ts";
import { sideOf } from "../read/twoSides.ts";

export type { RampName };

/** One colour scale in use. `low` and `high` are the numbers at the ends of the ramp. */
export interface RampLegend {
  readonly id: string;
  readonly label: string;
  readonly ramp: RampName;
  readonly low: number;
  readonly high: number;
  /** Some drawn value is beyond an end: the end reads `≥ 3.3`. */
  readonly isClipped: boolean;
  /** A tick in the middle of the ramp marks zero. */
  readonly hasMiddleZero: boolean;
  /** Each layer has a scale of its own, from −m to +m, and its m is written in the picture. */
  readonly isPerLayer?: boolean;
  /** The least and the greatest of these m. */
  readonly spread?: readonly [number, number];
  /** The part of the ramp that is used, about its middle or from its start; 1 where it is left out. */
  readonly strength?: number;
  /** Between its ends, 0 to 1, where the one of two colours ends; left out where the colour runs from end to end. */
  readonly boundary?: number;
}

/** A scale of a layer; `layer` tells two of one label apart. */
export type Entry = RampLegend & { readonly layer: string };

const LONGEST_NAME = 14;

export function shortName(name: string): string {
  const characters = Array.from(safeText(name));
  return characters.length <= LONGEST_NAME ? characters.join("") : `${characters.slice(0, LONGEST_NAME - 1).join("")}…`;
}

/** Where a ramp's zero is. */
export function middleOf(ramp: RampName): number {
  return ramp === "value" || ramp === "gradient" ? 0.5 : 0;
}

/** The colour at a share, 0 to 1, of the part of the ramp that an entry uses. */
export function legendColor({ ramp, strength = 1, boundary }: RampLegend, colors: Ramp, share: number): string {
  const middle = middleOf(ramp);
  const place = boundary === undefined ? share : sideOf(share, boundary);
  return colors.at(middle + (place - middle) * strength);
}

/** The thickest edge. `high` is null where several scales share the widths: each is widest at its own end, as the label says. */
export interface WidthLegend {
  readonly label: string;
  readonly high: number | null;
}

export interface PictureLegend {
  readonly ramps: readonly RampLegend[];
  readonly width: WidthLegend | null;
  /** What the parts of a neuron mean, of those that are drawn. */
  readonly key: readonly KeyItem[];
  /** What is not drawn one by one, in sentences; empty when nothing is left out. */
  readonly omission: string;
  /** For example "All 40 edges drawn" or "1 of 64 units silent", or empty. */
  readonly note: string;
}

export const emptyLegend: PictureLegend = { ramps: [], width: null, key: [], omission: "", note: "" };
