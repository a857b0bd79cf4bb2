import { TILE_UNITS } from "../core/limits.ts";
import type { Measure } from "../lib/fitText.ts";
import type { NetworkNode } from "./readNodes.ts";

/** Where the "Reading a neuron" key goes: baselines of its title and of its items, and where the first item starts. */
export interface KeyPlace {
  readonly titleY: number;
  readonly itemsX: number;
  readonly itemsY: number;
}

export const KEY_TITLE = "Reading a neuron";
export const KEY_ITEMS = {
  field: "Tile: its output over the input plane",
  activation: "Tile: its output for the ringed sample",
  bar: "Bar: output for the ringed sample",
  bias: "Dot: bias",
} as const;
export const KEY_ICON = 24;
export const KEY_GAP = 32;

const TITLE_GAP = 24;
const TWO_LINES = 72;
const ONE_LINE = 40;
/** Height a unit should keep beside the key, for layers of up to eight units and for larger ones. */
const COMFORT = 52;
const LEAST_COMFORT = 36;

/**
 * Takes the foot of the picture for the key if the largest layer of tiles keeps comfortable tiles above it: two lines
 * where there is height, one where there is only width. `height` is what the key takes.
 */
export function placeKey(
  nodes: readonly NetworkNode[],
  top: number,
  width: number,
  height: number,
  padding: number,
  measure: Measure,
): { readonly key: KeyPlace | null; readonly height: number } {
  const units = Math.max(
    0,
    ...nodes.filter((node) => !node.isOutput && node.units <= TILE_UNITS).map((node) => node.units),
  );
  const wanted = units * (units > 8 ? LEAST_COMFORT : COMFORT);
  const room = height - top - 16;
  if (units === 0 || width < 560) return { key: null, height: 0 };
  if (height >= 540 && room - TWO_LINES >= wanted) {
    return { key: { titleY: height - 48, itemsX: padding, itemsY: height - 22 }, height: TWO_LINES };
  }
  const texts = [KEY_ITEMS.activation, KEY_ITEMS.bar, KEY_ITEMS.bias];
  const itemsX = padding + measure(KEY_TITLE, "bold") + TITLE_GAP;
  const needed = texts.reduce((sum, text) => sum + KEY_ICON + measure(text), 2 * KEY_GAP);
  if (itemsX + needed > width - padding || room - ONE_LINE < wanted) return { key: null, height: 0 };
  return { key: { titleY: height - 16, itemsX, itemsY: height - 16 }, height: ONE_LINE };
}
