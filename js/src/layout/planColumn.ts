import type { Scenery } from "../core/frame.ts";
import { TILE_UNITS } from "../core/limits.ts";
import { activationName } from "../lib/activationName.ts";
import type { Measure } from "../lib/fitText.ts";
import { formatCount, formatShape } from "../lib/numberFormat.ts";
import { clamp } from "../lib/numbers.ts";
import { safeText } from "../lib/safeText.ts";
import type { NetworkNode } from "./readNodes.ts";
import type { ColumnKind } from "./scene.ts";

/** What a column wants before it is given a place. All in px; `left` and `right` are room for labels beside the body. */
export interface ColumnPlan {
  readonly node: NetworkNode;
  readonly kind: ColumnKind;
  readonly wishWidth: number;
  readonly leastWidth: number;
  readonly left: number;
  readonly right: number;
}

export const GAUGE = 8;
export const TILE = 56;
export const INPUT_TILE = 44;
export const LEAST_TILE = 18;
/** What a tile may shrink to where many columns share the width. */
const SMALL_TILE = 28;
/** Below this width labels beside units are numbers only. */
export const NARROW = 560;
export const CELL_WIDTH = 56;
export const STRIP_CELL = 14;
export const STRIP_BAR = 44;
export const BINS = 256;
export const GRID_CELL = 4;
/** Room for the line below a grid or bins. */
export const CAPTION = 24;

export interface PlanContext {
  readonly scenery: Scenery | null;
  readonly measure: Measure;
  /** Height a column may use. */
  readonly areaHeight: number;
  readonly viewWidth: number;
  readonly hasPrediction: boolean;
  /** How many columns share the width. */
  readonly columnCount: number;
}

export function tilePitch(node: NetworkNode, areaHeight: number): number {
  return Math.min(node.kind === "input" ? 72 : 78, areaHeight / Math.max(1, node.units));
}

function tileSize(node: NetworkNode, areaHeight: number): number {
  const pitch = tilePitch(node, areaHeight);
  return pitch - (pitch < 24 ? 2 : 4);
}

/** Height and width of the picture an input is shown as, or null. */
export function imageSize(node: NetworkNode, scenery: Scenery | null): readonly [number, number] | null {
  if (node.kind !== "input") return null;
  const [rows, columns] = node.shape;
  if (node.shape.length >= 2 && node.shape.length <= 3 && rows && columns && rows > 1 && columns > 1) {
    return [rows, columns];
  }
  const known = scenery?.imageShape ?? null;
  return known !== null && node.units % (known[0] * known[1]) === 0 && node.units > 0 ? known : null;
}

function kindOfUnits(node: NetworkNode, context: PlanContext): ColumnKind {
  const count = node.units;
  const area = context.areaHeight;
  const hasPlane = context.scenery?.extent != null;
  if (count <= TILE_UNITS) {
    if (hasPlane && tileSize(node, area) >= LEAST_TILE) return "tiles";
    if (area / count >= 18) return "cells";
  }
  if (count <= 128 && area / count >= 5) return "strip";
  return count <= 1024 ? "grid" : "bins";
}

export function planKind(node: NetworkNode, context: PlanContext): ColumnKind {
  if (node.kind === "card" || node.kind === "merge") return "card";
  if (imageSize(node, context.scenery) !== null) return "image";
  if (node.isOutput && context.hasPrediction) return "prediction";
  if (node.isOutput && node.kind === "dense" && context.areaHeight / node.units >= 18) return "rows";
  return kindOfUnits(node, context);
}

/** `x₁` for an unnamed feature. */
export function featureName(scenery: Scenery | null, feature: number): string {
  const name = scenery?.featureNames[feature];
  if (name !== undefined && name !== "") return safeText(name);
  const subscript = Array.from(String(feature + 1), (digit) => String.fromCharCode(0x2080 + Number(digit))).join("");
  return `x${subscript}`;
}

/** `4 four`; no number where the name already says it. */
export function className(scenery: Scenery | null, index: number): string {
  const name = scenery?.classNames[index];
  if (name === undefined || name === "") return `class ${index}`;
  return new RegExp(`(^|\\D)${index}(\\D|$)`).test(name) ? safeText(name) : `${index} ${safeText(name)}`;
}

/** Second line of a head: size, activation, what is folded in. */
export function describeColumn(node: NetworkNode, kind: ColumnKind, scenery: Scenery | null = null): string {
  if (node.kind === "card") {
    return formatShape(node.layers[0]?.outputShape[0]);
  }
  if (node.kind === "merge") return formatCount(node.units);
  if (kind === "image") {
    const [rows, columns] = imageSize(node, scenery) ?? [0, 0];
    const channels = node.units / Math.max(1, rows * columns);
    const word = channels === 3 ? "colours" : channels === 1 ? "grey levels" : `× ${channels}`;
    return `${rows} × ${columns} ${word}`;
  }
  if (node.kind === "input") return `${formatCount(node.units)} feature${node.units === 1 ? "" : "s"}`;
  const parts = [formatCount(node.units)];
  if (node.activation !== null) parts.push(safeText(activationName(node.activation)));
  for (const layer of node.layers.slice(1)) {
    if (layer.type === "Activation" || layer.activation !== null) continue;
    const word = layer.type.toLowerCase();
    if (!parts.includes(word)) parts.push(word);
  }
  return parts.join(" · ");
}

function widestFeature(node: NetworkNode, context: PlanContext): number {
  let width = 0;
  for (let i = 0; i < node.units; i++) width = Math.max(width, context.measure(featureName(context.scenery, i)));
  return Math.min(width, context.viewWidth < 700 ? 56 : 104) + 10;
}

/** A row with its whole name, verdict and percentage. */
function widestRow(node: NetworkNode, { scenery, measure }: PlanContext): number {
  let width = 0;
  for (let i = 0; i < node.units; i++) width = Math.max(width, measure(className(scenery, i), "bold"));
  return width + measure("✓ true", "bold") + measure("> 99.9%", "bold") + 48;
}

/** Right of the plane: its ticks, and the names of its axes at the corners. */
function axisRoom({ scenery, measure }: PlanContext): number {
  return clamp(Math.max(measure(featureName(scenery, 0)), measure(featureName(scenery, 1))) + 4, 28, 72);
}

export function planColumn(node: NetworkNode, context: PlanContext): ColumnPlan {
  const kind = planKind(node, context);
  const plan = (wishWidth: number, leastWidth = wishWidth, left = 0, right = 0): ColumnPlan => ({
    node,
    kind,
    wishWidth,
    leastWidth,
    left,
    right,
  });
  const area = context.areaHeight;
  switch (kind) {
    case "tiles": {
      const most = node.kind === "input" ? INPUT_TILE : TILE;
      const tile = Math.floor(Math.min(most, tileSize(node, area)));
      return plan(tile, Math.min(tile, SMALL_TILE), node.kind === "input" ? widestFeature(node, context) : 0, GAUGE);
    }
    case "cells":
      return plan(CELL_WIDTH, CELL_WIDTH, node.kind === "input" ? widestFeature(node, context) : 0);
    case "strip": {
      const longest = context.viewWidth < NARROW ? String(node.units) : `unit ${node.units}`;
      const label = node.kind === "input" ? widestFeature(node, context) : context.measure(longest, "bold");
      return plan(STRIP_CELL + 2 + STRIP_BAR, undefined, 0, label + 10);
    }
    case "grid":
      return plan(gridColumns(node.units) * gridCell(node.units, area));
    case "bins":
      return plan(64);
    case "image": {
      const [rows, columns] = imageSize(node, context.scenery) ?? [1, 1];
      const tallest = Math.max(48, area - 96);
      const width = Math.min(clamp(context.viewWidth * 0.24, 96, 300), (tallest * columns) / rows);
      return plan(width, Math.min(width, 88));
    }
    case "rows":
      return plan(
        clamp(Math.max(context.viewWidth * 0.19, widestRow(node, context)), 190, 300),
        context.viewWidth < NARROW ? 144 : 160,
      );
    case "prediction": {
      const part = context.columnCount <= 2 ? 0.42 : context.columnCount === 3 ? 0.34 : 0.275;
      const tallest = Math.max(Math.min(100, area - 18), area - 76, 60);
      const wish = Math.min(clamp(context.viewWidth * part, 140, 480), tallest);
      return plan(wish, Math.min(wish, context.viewWidth < NARROW ? 112 : 132), 0, axisRoom(context));
    }
    case "card": {
      const name = context.measure(safeText(node.name), "bold");
      const detail = Math.max(
        context.measure(safeText(node.layers[0]?.type ?? "")),
        context.measure(describeColumn(node, kind)),
        node.layers.some((layer) => layer.parameterCount > 0) ? context.measure("100,000 parameters") : 0,
      );
      const least = node.kind === "merge" ? 72 : 104;
      const wish = clamp(Math.max(name, detail) + 24, least, 168);
      return plan(wish, Math.min(wish, 120));
    }
  }
}

export function gridColumns(units: number): number {
  return units <= 256 ? 8 : units <= 512 ? 16 : 32;
}

export function gridCell(units: number, areaHeight: number): number {
  return clamp(Math.floor((areaHeight - CAPTION) / Math.ceil(units / gridColumns(units))), GRID_CELL, 10);
}
