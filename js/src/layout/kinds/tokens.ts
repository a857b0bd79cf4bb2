import type { NetworkNode } from "../readNodes.ts";
import { type ColumnLayout, type Site, type UnitPlaces, wish } from "./columnLayout.ts";

const WIDTH = 76;
const WIDTH_OF_TEXT = 168;
const LEAST = 44;
const HEIGHT = 20;
const PITCH = 24;
const LEAST_PITCH = 18;
const GAP = 8;
const MOST_FILES = 4;
/** Room left of a file for the numbers of its places. */
const NUMBERS = 24;

/** A box with its word a token, or with its text, from top to bottom, in files beside each other where there are many. */
export const tokens: ColumnLayout = {
  suits: ({ isTokens, units }, { areaHeight }) => isTokens && filesOf(units, areaHeight) <= MOST_FILES,
  plan({ units, isText }, { areaHeight }) {
    const files = filesOf(units, areaHeight);
    const width = (own: number): number => files * own + (files - 1) * (GAP + NUMBERS);
    return wish(width(isText ? WIDTH_OF_TEXT : WIDTH), width(LEAST), NUMBERS);
  },
  place: placeFiles,
};

function filesOf(units: number, areaHeight: number): number {
  return Math.ceil(units / Math.max(1, Math.floor(areaHeight / LEAST_PITCH)));
}

function placeFiles({ units }: NetworkNode, { x, width, centerY, areaHeight }: Site): UnitPlaces {
  const files = filesOf(units, areaHeight);
  const rows = Math.ceil(units / files);
  const pitch = Math.min(PITCH, areaHeight / rows);
  const height = Math.min(HEIGHT, pitch - 2);
  const own = (width - (files - 1) * (GAP + NUMBERS)) / files;
  const total = (rows - 1) * pitch + height;
  const top = centerY - total / 2;
  const unitBoxes = new Float32Array(4 * units);
  const portY = new Float32Array(units);
  for (let unit = 0; unit < units; unit++) {
    const y = top + (unit % rows) * pitch;
    unitBoxes.set([x + Math.floor(unit / rows) * (own + GAP + NUMBERS), y, own, height], 4 * unit);
    portY[unit] = y + height / 2;
  }
  return { box: { x, y: top, width, height: total }, unitBoxes, unitCount: units, portY, portSpread: height * 0.7 };
}
