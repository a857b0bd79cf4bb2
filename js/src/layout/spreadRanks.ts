import { clamp } from "../lib/numbers.ts";
import { DENSITIES, type Density, OVERFULL } from "./density.ts";
import type { Wish } from "./kinds/columnLayout.ts";
import type { ColumnKind } from "./kinds/columnLayouts.ts";
import type { NetworkNode } from "./readNodes.ts";

/** A node as a column that has no place yet. */
export interface ColumnPlan extends Wish {
  readonly node: NetworkNode;
  readonly kind: ColumnKind;
}

/** Columns of equal distance from the inputs, one above the other. */
export type Rank = readonly ColumnPlan[];

export interface RankPlace {
  readonly x: number;
  readonly width: number;
  /** 0 … 1: how far its columns are from their least to their wished width. */
  readonly reach: number;
}

export interface Spread {
  readonly ranks: readonly Rank[];
  readonly places: readonly RankPlace[];
  /** Of all, with the padding: more than the view where not even the least fits. */
  readonly width: number;
}

/** Where columns stand nearer, the edges between them cannot be told apart. */
export const LEAST_GAP = 40;
const WIDEST_GAP = 340;
const WIDEST_CARD_GAP = 120;

/** Spreads ranks over the width of a view, at the first density at which they fit; else they are as near as may be. */
export function spreadRanks(planAt: (density: Density) => Rank[], viewWidth: number, padding: number): Spread {
  for (const density of DENSITIES) {
    const ranks = planAt(density);
    const least = widthAt(ranks, 0) + gapCount(ranks) * LEAST_GAP + 2 * padding;
    if (least <= viewWidth) return place(ranks, viewWidth, padding);
  }
  return place(planAt(OVERFULL), viewWidth, padding);
}

function place(ranks: readonly Rank[], viewWidth: number, padding: number): Spread {
  const room = viewWidth - 2 * padding;
  const gaps = gapCount(ranks);
  const goodGap = clamp(Math.min(viewWidth * 0.085, (0.36 * viewWidth) / Math.max(1, ranks.length)), LEAST_GAP, 96);
  const [least, wish] = [widthAt(ranks, 0), widthAt(ranks, 1)];
  const reach = clamp((room - gaps * goodGap - least) / Math.max(1, wish - least), 0, 1);
  const content = widthAt(ranks, reach);
  const widest = ranks.some(hasEdges) ? WIDEST_GAP : WIDEST_CARD_GAP;
  const gap = gaps === 0 ? 0 : clamp((room - content) / gaps, LEAST_GAP, widest);
  const total = content + gap * gaps;
  // More room between columns whose edges are drawn one by one.
  const weights = ranks.slice(1).map((rank) => (hasEdges(rank) ? 1.5 : 0.75));
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, gaps);
  let x = padding + Math.max(0, (room - total) / 2);
  const places = ranks.map((rank, r) => {
    const own = { x, width: widestOf(rank, reach), reach };
    x += own.width + LEAST_GAP + ((gap - LEAST_GAP) * (weights[r] ?? meanWeight)) / meanWeight;
    return own;
  });
  return { ranks, places, width: Math.max(viewWidth, total + 2 * padding) };
}

/** From where to where the body of a column goes, without its labels. */
export function bodyPlace(plan: ColumnPlan, place: RankPlace): { readonly x: number; readonly width: number } {
  const width = bodyWidth(plan, place.reach);
  const outer = width + plan.left + plan.right;
  return { x: Math.round(place.x + (place.width - outer) / 2 + plan.left), width };
}

function bodyWidth(plan: ColumnPlan, reach: number): number {
  return Math.floor(plan.leastWidth + (plan.wishWidth - plan.leastWidth) * reach);
}

function gapCount(ranks: readonly Rank[]): number {
  return Math.max(0, ranks.length - 1);
}

function widthAt(ranks: readonly Rank[], reach: number): number {
  return ranks.reduce((total, rank) => total + widestOf(rank, reach), 0);
}

function widestOf(rank: Rank, reach: number): number {
  return Math.max(0, ...rank.map((plan) => plan.left + plan.right + bodyWidth(plan, reach)));
}

function hasEdges(rank: Rank): boolean {
  return rank.some(({ kind }) => kind !== "card");
}
