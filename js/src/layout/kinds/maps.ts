import { MOST_MAPS, STRONGEST_MAPS } from "../../core/limits.ts";
import { clamp } from "../../lib/numbers.ts";
import { isSequence, kernelInputs } from "../mapShape.ts";
import { isBeside, type NetworkNode } from "../readNodes.ts";
import { type ColumnLayout, type Site, type UnitPlaces, wish } from "./columnLayout.ts";

const LARGEST = 72;
const SMALLEST = 8;
/** What a map may shrink to where many columns share the width. */
const LEAST = 24;
/** Of a head every square is a pair of places. */
const LEAST_HEAD = 48;
const GAP = 6;
const MOST_RATIO = 4;
/** A sequence is a strip: so high, and so many times as wide at most. */
const STRIP = 14;
const STRIP_RATIO = 10;
const LEAST_STRIP = 56;
/** Where maps one below the other would be smaller they are set like bricks, in two rows beside each other. */
const COMFORTABLE = 30;
/** The kernel of a map, beside its upper left corner. */
export const KERNEL_PX = 18;
const KERNEL_GAP = 4;
/** Room for what is written below: the end of the scale. */
const CAPTION = 22;

/** A picture a map; of more than sixteen some of them, and a tile for the rest. */
export const maps: ColumnLayout = {
  suits: ({ pictures }) => pictures !== null,
  plan(node, { areaHeight, density }) {
    const width = (side: number, files: number): number => Math.round(files * (side * ratioOf(node) + GAP) - GAP);
    const { side, files } = arrange(node, areaHeight);
    if (isStrip(node)) return wish(width(side, files), width(LEAST_STRIP / ratioOf(node), files));
    const hasKernels = kernelInputs(node.layers[0]) > 0 && density.hasLabels && files === 1;
    const least = width(Math.min(side, (isBeside(node) ? LEAST_HEAD : LEAST) / ratioOf(node)), files);
    return wish(width(side, files), least, hasKernels ? KERNEL_PX + KERNEL_GAP : 0);
  },
  place(node, site) {
    const placed = placeTiles(node, site);
    if (placed.unitCount === node.units) return placed;
    const drawn = site.drawnUnits(node) ?? Array.from({ length: STRONGEST_MAPS }, (_, unit) => unit);
    return { ...placed, drawnUnits: [...drawn, -1] };
  },
};

interface Arrangement {
  readonly side: number;
  /** How many stand beside each other. */
  readonly files: 1 | 2;
  /** From one map to the next. */
  readonly pitch: number;
}

function arrange(node: NetworkNode, areaHeight: number): Arrangement {
  const count = countOf(node);
  const room = areaHeight - CAPTION;
  const byPixels = 28 + Math.max(...(node.pictures?.slice(0, 2) ?? [0]));
  const wanted = isStrip(node) ? STRIP : isBeside(node) ? LARGEST : clamp(byPixels, 30, LARGEST);
  const sideAt = (files: number): number => {
    const own = (files * room) / (count + files - 1);
    return Math.max(SMALLEST, Math.floor(Math.min(wanted, own - Math.min(GAP, own / 5))));
  };
  const files = sideAt(1) < Math.min(COMFORTABLE, wanted) && count > 2 ? 2 : 1;
  const side = sideAt(files);
  const most = (side + Math.max(GAP, side * 0.34)) / files;
  return { side, files, pitch: Math.min(room / (count + files - 1), most) };
}

/** One below the other, or in two files, the second half a map lower: no two have their edges at one height. */
function placeTiles(node: NetworkNode, { x, width, centerY, areaHeight }: Site): UnitPlaces {
  const { side: wanted, files, pitch } = arrange(node, areaHeight);
  const count = countOf(node);
  const ratio = ratioOf(node);
  const own = (width - (files - 1) * GAP) / files;
  const side = isStrip(node) ? wanted : Math.min(wanted, Math.max(SMALLEST, own / ratio));
  const wide = isStrip(node) ? own : side * ratio;
  const total = (count - 1) * pitch + side;
  const top = centerY - CAPTION / 2 - total / 2;
  const unitBoxes = new Float32Array(4 * count);
  const portY = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const y = top + i * pitch;
    unitBoxes.set([x + (i % files) * (own + GAP), y, wide, side], 4 * i);
    portY[i] = y + side / 2;
  }
  return { box: { x, y: top, width, height: total }, unitBoxes, unitCount: count, portY, portSpread: side * 0.7 };
}

function countOf({ units }: NetworkNode): number {
  return units <= MOST_MAPS ? units : STRONGEST_MAPS + 1;
}

/** Width of a map for its height. */
function ratioOf(node: NetworkNode): number {
  const [rows, columns] = node.pictures ?? [1, 1];
  return clamp(columns / rows, 1 / MOST_RATIO, isStrip(node) ? STRIP_RATIO : MOST_RATIO);
}

function isStrip({ kind, layers: [main] }: NetworkNode): boolean {
  return kind === "maps" && main !== undefined && isSequence(main);
}
