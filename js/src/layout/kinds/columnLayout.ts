import type { Scenery } from "../../core/frame.ts";
import type { Measure } from "../../lib/fitText.ts";
import type { Density } from "../density.ts";
import type { NetworkNode } from "../readNodes.ts";
import type { Box } from "../scene.ts";

/** What a column wants before it is given a place. All in px; `left` and `right` are room for labels beside the body. */
export interface Wish {
  readonly wishWidth: number;
  readonly leastWidth: number;
  readonly left: number;
  readonly right: number;
}

export interface PlanContext {
  readonly scenery: Scenery | null;
  readonly measure: Measure;
  /** Height a column may use. */
  readonly areaHeight: number;
  readonly viewWidth: number;
  readonly viewHeight: number;
  readonly hasPrediction: boolean;
  /** How many columns share the width. */
  readonly columnCount: number;
  readonly density: Density;
}

/** Where the body of a column goes: from `x` on, `width` wide, around `centerY`. */
export interface Site {
  readonly scenery: Scenery | null;
  readonly x: number;
  readonly width: number;
  readonly centerY: number;
  readonly areaHeight: number;
  /** Which units of a node are drawn, where these are some of them. */
  drawnUnits(node: NetworkNode): readonly number[] | undefined;
}

export interface UnitPlaces {
  readonly box: Box;
  readonly unitBoxes: Float32Array;
  readonly unitCount: number;
  readonly drawnUnits?: readonly number[];
  readonly portY: Float32Array;
  readonly portSpread: number;
}

/** How the columns of one kind are laid out, and what is true of all of them. */
export interface ColumnLayout {
  /** Whether a node is drawn so in the room there is. */
  suits(node: NetworkNode, context: PlanContext): boolean;
  plan(node: NetworkNode, context: PlanContext): Wish;
  place(node: NetworkNode, site: Site): UnitPlaces;
  /** It is its own head: no name is written above it. */
  readonly isNamedInside?: boolean;
  /** Pointed at and stepped into as a whole; a unit of it is not told apart at first. */
  readonly isOneThing?: boolean;
  /** All units share one picture: to see one of them is to see the whole. */
  readonly isOnePicture?: boolean;
  /** A title is written between head and picture. */
  readonly hasTitle?: boolean;
  /** Px by which the body moves, so that with its title or ticks it is in the middle. */
  readonly shift?: number;
  /** The gauge or bar beside a unit belongs to the unit. */
  readonly hasGauge?: boolean;
  /** Edges end evenly along the height, however many there are, not at units. */
  readonly hasEvenPorts?: boolean;
  /** Enlarged, only the distances between its units grow: a taller row says no more. */
  readonly keepsHeight?: boolean;
}

/** Px: the result, or the sample it is the result of, is the largest thing in the picture. */
export const LARGE = 240;
const LARGE_SHARE = 0.4;

/** The least height of a result where the height of the picture allows it. */
export function largeResult(viewHeight: number): number {
  return Math.max(LARGE, LARGE_SHARE * viewHeight);
}

/** A wish for one width, or for a range; with room at the left and right. */
export function wish(wishWidth: number, leastWidth = wishWidth, left = 0, right = 0): Wish {
  return { wishWidth, leastWidth, left, right };
}

/** Units one below the other. */
export function stack({ x, width, centerY }: Site, height: number, pitch: number, count: number): UnitPlaces {
  const unitBoxes = new Float32Array(count * 4);
  const portY = new Float32Array(count);
  const total = (count - 1) * pitch + height;
  const top = centerY - total / 2;
  for (let i = 0; i < count; i++) {
    const y = top + i * pitch;
    unitBoxes.set([x, y, width, height], i * 4);
    portY[i] = y + height / 2;
  }
  const portSpread = Math.max(0, height * 0.7);
  return { box: { x, y: top, width, height: total }, unitBoxes, unitCount: count, portY, portSpread };
}

/** One thing of this height, with so many places where edges end. */
export function single({ x, width, centerY }: Site, height: number, portCount: number): UnitPlaces {
  const box = { x, y: centerY - height / 2, width, height };
  const portY = new Float32Array(portCount);
  for (let i = 0; i < portCount; i++) portY[i] = box.y + ((i + 0.5) / portCount) * box.height;
  const unitBoxes = new Float32Array([box.x, box.y, box.width, box.height]);
  return { box, unitBoxes, unitCount: 1, portY, portSpread: 0 };
}
