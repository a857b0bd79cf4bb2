import { middle } from "../../layout/linkColumns.ts";
import type { Column, SceneLink } from "../../layout/scene.ts";
import { at, clamp } from "../../lib/numbers.ts";
import { rampIndex } from "../../theme/ramps.ts";
import type { Brush } from "../brush.ts";
import type { EdgeReading } from "../reading.ts";

const DIMMED = 0.12;
const QUIETEST = 0.01;
const NEGATIVE_DASH = [7, 3];
const BROKEN_DASH = [2, 3];
const SOLID: number[] = [];
/** From so many edges on a pair of columns is crowded, and weak edges step back; fully so at CROWD. */
const SPARSE = 120;
const CROWD = 320;
const CROWD_POWER = 1.5;

/** Paints all links: curves where the frame has values, quiet lines elsewhere. */
export function paintEdges(brush: Brush): void {
  brush.scene.links.forEach((link, index) => {
    const source = brush.scene.columns[link.source];
    const target = brush.scene.columns[link.target];
    if (source === undefined || target === undefined) return;
    if (target.inX < brush.visible[0] || source.outX > brush.visible[1]) return;
    const reading = brush.reading.edges[index] ?? null;
    if (reading === null) paintQuietLine(brush, link, source, target);
    else paintEdgeSet(brush, reading);
  });
}

function paintQuietLine(brush: Brush, link: SceneLink, source: Column, target: Column): void {
  const context = brush.edges;
  const y0 = middle(source);
  const y1 = middle(target);
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeStyle = brush.theme.colors["ink-3"];
  context.setLineDash(SOLID);
  context.beginPath();
  context.moveTo(source.outX, y0);
  if (link.detourY === null) {
    const half = (target.inX - source.outX) / 2;
    context.bezierCurveTo(source.outX + half, y0, target.inX - half, y1, target.inX, y1);
  } else {
    const turn = 20;
    const down = link.detourY;
    context.bezierCurveTo(source.outX + turn, y0, source.outX + 4, down, source.outX + turn * 2, down);
    context.lineTo(target.inX - turn * 2, down);
    context.bezierCurveTo(target.inX - 4, down, target.inX - turn, y1, target.inX, y1);
  }
  context.stroke();
}

function unitOf(column: Column, thing: { readonly layer: string; readonly unit: number } | null): number {
  return thing !== null && column.node.layers.some((layer) => layer.id === thing.layer) ? thing.unit : -1;
}

function paintEdgeSet(brush: Brush, reading: EdgeReading): void {
  const { set, scale } = reading;
  const { hover, selection } = brush.values;
  const context = brush.edges;
  const ramp = brush.theme.ramps[reading.ramp];
  const isEdgeHover = hover?.source !== undefined;
  const hoveredTarget = unitOf(set.target, hover);
  const hoveredSource = isEdgeHover || set.isBundled ? -1 : unitOf(set.source, hover);
  const chosenTarget = unitOf(set.target, selection);
  const chosenSource = set.isBundled ? -1 : unitOf(set.source, selection);
  const crowd = set.isBundled ? 1 : clamp((set.order.length - SPARSE) / (CROWD - SPARSE), 0, 1);
  const floor = brush.theme.wantsContrast ? 0.63 : 0.38;
  const half = (set.targetX - set.sourceX) / 2;

  const paint = (edge: number, isLit: boolean): void => {
    const value = at(set.values, edge);
    const isBroken = !Number.isFinite(value);
    const share = isBroken ? 1 : clamp(value / scale, -1, 1);
    const size = Math.abs(share);
    if (crowd === 1 && size < QUIETEST) return;
    const isDimmed = hover !== null && !isLit;
    const full = isLit || isBroken;
    const wide = full ? (crowd > 0 ? 0.8 + 3.4 * size : 0.75 + 5 * size) : crowdedWidth(size, crowd);
    const alpha = full ? 1 : 0.9 + (0.05 + 0.75 * size ** CROWD_POWER - 0.9) * crowd;
    context.globalAlpha = isDimmed ? Math.min(alpha, DIMMED) : alpha;
    context.lineWidth = isBroken ? 1.5 : wide;
    const strength = share === 0 ? 0 : Math.sign(share) * (floor + (0.88 - floor) * size);
    context.strokeStyle = isBroken ? brush.theme.colors.err : (ramp.css[rampIndex(0.5 + 0.5 * strength)] ?? "");
    if (isBroken) context.setLineDash(BROKEN_DASH);
    else if (brush.hasSignPattern) context.setLineDash(share < 0 ? NEGATIVE_DASH : SOLID);
    const y0 = at(set.y0, edge);
    const y1 = at(set.y1, edge);
    context.beginPath();
    context.moveTo(set.sourceX, y0);
    context.bezierCurveTo(set.sourceX + half, y0, set.targetX - half, y1, set.targetX, y1);
    context.stroke();
    if (isBroken) context.setLineDash(SOLID);
  };

  const isLit = (edge: number): boolean => {
    const unit = edge % set.unitCount;
    const source = Math.floor(edge / set.unitCount);
    if (hover !== null) {
      if (isEdgeHover) return unit === hoveredTarget && (set.isBundled || source === hover.source);
      return unit === hoveredTarget || source === hoveredSource;
    }
    return crowd > 0 && (unit === chosenTarget || source === chosenSource);
  };

  context.setLineDash(SOLID);
  const hasLit = hover !== null || (crowd > 0 && (chosenTarget >= 0 || chosenSource >= 0));
  for (let i = 0; i < set.order.length; i++) {
    const edge = at(set.order, i);
    if (!hasLit || !isLit(edge)) paint(edge, false);
  }
  if (!hasLit) return;
  const isWhole = set.order.length === set.values.length;
  for (let i = 0; i < set.values.length; i++) {
    const edge = isWhole ? at(set.order, i) : i;
    if (isLit(edge)) paint(edge, true);
  }
}

function crowdedWidth(size: number, crowd: number): number {
  return (0.75 + 5 * size) * (1 - crowd) + (0.5 + 2 * size ** CROWD_POWER) * crowd;
}
