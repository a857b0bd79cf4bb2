import { TILE_UNITS } from "../../core/limits.ts";
import type { NetworkNode } from "../readNodes.ts";
import { widestName } from "../unitNames.ts";
import { type ColumnLayout, stack, wish } from "./columnLayout.ts";

const GAUGE = 8;
const TILE = 56;
const INPUT_TILE = 44;
const LEAST_TILE = 18;
/** What a tile may shrink to where many columns share the width. */
const SMALL_TILE = 24;

function tilePitch(node: NetworkNode, areaHeight: number): number {
  return Math.min(node.kind === "input" ? 72 : 78, areaHeight / Math.max(1, node.units));
}

function tileSize(node: NetworkNode, areaHeight: number): number {
  const pitch = tilePitch(node, areaHeight);
  return pitch - (pitch < 24 ? 2 : 4);
}

/** One square per unit, with its field over the plane of the inputs. */
export const tiles: ColumnLayout = {
  suits: (node, { scenery, areaHeight, density }) =>
    density.hasTiles && node.units <= TILE_UNITS && scenery?.extent != null && tileSize(node, areaHeight) >= LEAST_TILE,
  plan(node, context) {
    const most = node.kind === "input" ? INPUT_TILE : TILE;
    const tile = Math.floor(Math.min(most, tileSize(node, context.areaHeight)));
    return wish(tile, Math.min(tile, SMALL_TILE), widestName(node, context), GAUGE);
  },
  place: (node, site) => stack(site, site.width, tilePitch(node, site.areaHeight), node.units),
  hasGauge: true,
};
