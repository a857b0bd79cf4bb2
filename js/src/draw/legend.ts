import type { RampName } from "../theme/ramps.ts";

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
}

/** The thickest edge. */
export interface WidthLegend {
  readonly label: string;
  readonly high: number;
}

export interface PictureLegend {
  readonly ramps: readonly RampLegend[];
  readonly width: WidthLegend | null;
  /** What is not drawn one by one, as one sentence; empty when nothing is left out. The picture itself shows it too. */
  readonly omission: string;
  /** For example "1 of 64 units silent", or empty. */
  readonly note: string;
}

export const emptyLegend: PictureLegend = { ramps: [], width: null, omission: "", note: "" };
