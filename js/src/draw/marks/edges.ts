import type { Selection } from "../../core/frame.ts";
import { middle } from "../../layout/linkColumns.ts";
import { passesMaps } from "../../layout/mapShape.ts";
import { type Column, drawnUnit, type SceneLink, unitBox } from "../../layout/scene.ts";
import { at, clamp } from "../../lib/numbers.ts";
import { spotlit } from "../../store/viewState.ts";
import { rampIndex } from "../../theme/ramps.ts";
import { bundleColumn, type EdgeSet, sourceOf, unitOf } from "../edges/edgeSet.ts";
import type { EdgeReading } from "../read/readEdges.ts";
import type { Brush } from "./brush.ts";
import { paintEdgeImage } from "./edgeImage.ts";

const DIMMED = 0.12;
const QUIETEST = 0.01;
const NEGATIVE_DASH = [7, 3];
const BROKEN_DASH = [2, 3];
const SOLID: number[] = [];
/** In a crowd, edges weaker than these shares of the scale are drawn together, step by step. */
const WEAK_STEPS = [0.02, 0.04, 0.06, 0.08, 0.11, 0.14, 0.18, 0.22, 0.27, 0.33, 0.4];
/** From so many edges on a pair of columns is crowded, and weak edges step back; fully so at CROWD. */
const SPARSE = 120;
const CROWD = 320;
const CROWD_POWER = 1.5;

/** Strokes over a raster. */
const MOST_LIT = 1000;

/** Beside the selected unit's own edges, the others of the pair step back to this part of their strength. */
const QUIET = 0.55;
const QUIET_BUT_STRONG = 0.85;

/** Paints all links: curves where the frame has values, quiet lines elsewhere. */
export function paintEdges(brush: Brush): void {
  brush.scene.links.forEach((link, index) => {
    const source = brush.scene.columns[link.source];
    const target = brush.scene.columns[link.target];
    if (source === undefined || target === undefined) return;
    if (target.inX < brush.visible[0] || source.outX > brush.visible[1]) return;
    const reading = brush.reading.edges[index] ?? null;
    if (reading === null && areTwins(source, target, link)) paintTwins(brush, source, target);
    else if (reading === null) paintQuietLine(brush, link, source, target);
    else paintEdgeSet(brush, reading);
  });
  const { outgoing } = brush.reading;
  if (outgoing !== null && isOfChosen(brush, outgoing)) paintOutgoing(brush, outgoing);
}

/** Map i of the one comes of map i of the other alone. */
function areTwins(source: Column, target: Column, { detourY }: SceneLink): boolean {
  const isSame = source.kind === "maps" && source.unitCount === target.unitCount;
  return isSame && detourY === null && passesMaps(target.node) && target.node.sources.length === 1;
}

function paintTwins(brush: Brush, source: Column, target: Column): void {
  const context = brush.edges;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.strokeStyle = brush.theme.colors["ink-3"];
  context.setLineDash(SOLID);
  context.beginPath();
  for (let map = 0; map < source.unitCount; map++) {
    const from = unitBox(source, map);
    context.moveTo(from.x + from.width + 2, at(source.portY, map));
    context.lineTo(unitBox(target, map).x - 2, at(target.portY, map));
  }
  context.stroke();
  context.globalAlpha = 1;
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

/** The unit of this column that is chosen; −1 where it is none, or the layer as a whole. */
function chosenUnit(column: Column, thing: Selection | null): number {
  return (thing !== null && column.node.layers.some((layer) => layer.id === thing.layer) ? thing.unit : null) ?? -1;
}

/** Whether the selected unit's own edges are still those of what is selected. */
function isOfChosen({ values }: Brush, { set, measure }: EdgeReading): boolean {
  if (measure !== "place") return chosenUnit(set.source, values.selection) >= 0;
  const unit = chosenUnit(set.target, values.selection);
  return unit >= 0 && values.selection?.place !== undefined && unitOf(set, 0) === drawnUnit(set.target, unit);
}

interface Pen {
  /** Draws one edge; a lit one at full strength. */
  stroke(edge: number, isLit: boolean): void;
  /** Draws the weak edges `from` … `to` − 1 of the order in a few strokes of rounded strength, all quiet. */
  strokeWeak(from: number, to: number, isLit: ((edge: number) => boolean) | null): void;
  /** Draws edges that hold no finite number, all in one stroke. */
  strokeBroken(edges: readonly number[], isLit: boolean): void;
}

function createPen(brush: Brush, reading: EdgeReading, crowd: number, hasLit: boolean, isDimming = true): Pen {
  const { set } = reading;
  const scale = reading.scale || 1;
  const context = brush.edges;
  const ramp = brush.theme.ramps[reading.ramp];
  const floor = brush.hasStrongEdges ? 0.63 : 0.38;
  const half = (set.targetX - set.sourceX) / 2;
  const isHover = spotlit(brush.values) !== null;
  const quiet = brush.hasStrongEdges ? QUIET_BUT_STRONG : QUIET;
  const unlit = hasLit && !isHover ? quiet : 1;
  const quietNorm = brush.hasStrongEdges ? 0.5 : 0.2;

  const dimmed = (alpha: number): number => alpha + (Math.min(alpha, DIMMED) - alpha) * brush.dimming;
  const setStyle = (share: number, isLit: boolean, isFull: boolean): void => {
    const size = Math.abs(share);
    if (reading.measure === "norm") {
      setNormStyle(size, isLit, isLit || !isDimming ? 1 : isHover ? 1 - brush.dimming * (1 - DIMMED) : 1);
      return;
    }
    const alpha = isFull ? 1 : 0.9 + (0.05 + 0.75 * size ** CROWD_POWER - 0.9) * crowd;
    context.globalAlpha = isLit || !isDimming ? alpha : isHover ? dimmed(alpha) : alpha * unlit;
    context.lineWidth = isFull ? (crowd > 0 ? 0.8 + 3.4 * size : 0.75 + 5 * size) : crowdedWidth(size, crowd);
    const strength = share === 0 ? 0 : Math.sign(share) * (floor + (0.88 - floor) * size);
    context.strokeStyle = ramp.css[rampIndex(0.5 + 0.5 * strength)] ?? "";
    if (brush.hasSignPattern) context.setLineDash(share < 0 ? NEGATIVE_DASH : SOLID);
  };
  const setNormStyle = (size: number, isLit: boolean, strength: number): void => {
    context.globalAlpha = isLit ? 0.9 : strength * (quietNorm + 0.3 * size * (1 - crowd));
    context.lineWidth = isLit ? 0.75 + 4 * size : 0.5 + (3 - 2 * crowd) * size ** 3;
    context.strokeStyle = isLit ? brush.theme.colors["ink-2"] : brush.theme.colors["ink-3"];
    if (brush.hasSignPattern) context.setLineDash(SOLID);
  };
  const trace = (edge: number): void => {
    const y0 = at(set.y0, edge);
    const y1 = at(set.y1, edge);
    context.moveTo(set.sourceX, y0);
    context.bezierCurveTo(set.sourceX + half, y0, set.targetX - half, y1, set.targetX, y1);
  };
  const stroke = (edge: number, isLit: boolean): void => {
    const value = at(set.values, edge);
    const share = clamp(value / scale, -1, 1);
    if (!Number.isFinite(value) || (crowd === 1 && Math.abs(share) < QUIETEST)) return;
    setStyle(share, isLit, isLit);
    context.beginPath();
    trace(edge);
    context.stroke();
  };
  const strokeBroken: Pen["strokeBroken"] = (edges, isLit) => {
    if (edges.length === 0) return;
    context.globalAlpha = isLit ? 0.9 : isHover ? DIMMED : (0.9 - 0.6 * crowd) * unlit;
    context.lineWidth = 1.5;
    context.strokeStyle = brush.theme.colors.err;
    context.setLineDash(BROKEN_DASH);
    context.beginPath();
    for (const edge of edges) trace(edge);
    context.stroke();
    context.setLineDash(SOLID);
  };
  const strokeWeak: Pen["strokeWeak"] = (from, to, isLit) => {
    for (const sign of [-1, 1]) {
      let isEmpty = true;
      for (let i = from; i < to; i++) {
        const edge = at(set.order, i);
        const share = at(set.values, edge) / scale;
        if (share * sign < QUIETEST || isLit?.(edge) === true) continue;
        if (isEmpty) {
          setStyle(share, false, false);
          context.beginPath();
        }
        isEmpty = false;
        trace(edge);
      }
      if (!isEmpty) context.stroke();
    }
  };
  return { stroke, strokeWeak, strokeBroken };
}

/** Which edges of a set belong to what is hovered or, without a hover, to the selected unit; null for none. */
function litEdges(brush: Brush, set: EdgeSet): ((edge: number) => boolean) | null {
  const hover = spotlit(brush.values);
  const thing = hover ?? brush.values.selection;
  if (thing === null) return null;
  const chosen = chosenUnit(set.target, thing);
  const target = chosen < 0 ? -1 : drawnTarget(set, chosen);
  if (hover?.bundle !== undefined) {
    const { bundle } = hover;
    return (edge) => set.isBundled && target >= 0 && unitOf(set, edge) === target && sourceOf(set, edge) === bundle;
  }
  const oneSource = hover?.source;
  if (oneSource !== undefined) {
    const from = drawnSource(set.source, oneSource);
    return (edge) => unitOf(set, edge) === target && (set.isBundled || sourceOf(set, edge) === from);
  }
  const own = set.isBundled ? -1 : chosenUnit(set.source, thing);
  const source = own < 0 ? -1 : drawnSource(set.source, own);
  if (hover === null && target < 0 && source < 0) return null;
  return (edge) => unitOf(set, edge) === target || sourceOf(set, edge) === source;
}

/** The column of a set's values that a unit is drawn by. */
function drawnTarget({ target, unitCount }: EdgeSet, unit: number): number {
  if (target.drawnUnits !== undefined) return drawnUnit(target, unit);
  return bundleColumn(unit, unitCount, target.node.units);
}

function drawnSource(source: Column, unit: number): number {
  return source.drawnUnits === undefined ? unit : drawnUnit(source, unit);
}

function paintEdgeSet(brush: Brush, reading: EdgeReading): void {
  const { set, scale } = reading;
  const { outgoing } = brush.reading;
  const isBelow = reading.measure === "norm" && outgoing?.measure === "place" && outgoing.set.target === set.target;
  const isLit = isBelow && isOfChosen(brush, outgoing) && spotlit(brush.values) === null ? null : litEdges(brush, set);
  brush.edges.setLineDash(SOLID);
  if (set.isRaster) {
    paintEdgeImage(brush, reading, spotlit(brush.values) !== null ? 2 * DIMMED : isLit !== null ? QUIET : 1);
    if (isLit !== null) paintLit(brush, reading, isLit);
    return;
  }
  const crowd = set.isBundled ? 1 : clamp((set.order.length - SPARSE) / (CROWD - SPARSE), 0, 1);
  const pen = createPen(brush, reading, crowd, isLit !== null);
  let i = 0;
  for (const limit of crowd === 1 ? WEAK_STEPS : []) {
    const from = i;
    while (i < set.order.length && Math.abs(at(set.values, at(set.order, i))) < limit * (scale || 1)) i++;
    pen.strokeWeak(from, i, isLit);
  }
  for (; i < set.order.length; i++) {
    const edge = at(set.order, i);
    if (isLit === null || !isLit(edge)) pen.stroke(edge, false);
  }
  const broken = brokenEdges(set);
  pen.strokeBroken(isLit === null ? broken : broken.filter((edge) => !isLit(edge)), false);
  if (isLit === null) return;
  const isWhole = set.order.length === set.values.length;
  for (let k = 0; k < set.values.length; k++) {
    const edge = isWhole ? at(set.order, k) : k;
    if (isLit(edge)) pen.stroke(edge, true);
  }
  pen.strokeBroken(broken.filter(isLit), true);
}

/** They stand at the end of the order. */
function brokenEdges({ order, values }: EdgeSet): number[] {
  let first = order.length;
  while (first > 0 && !Number.isFinite(at(values, at(order, first - 1)))) first--;
  return Array.from(order.subarray(first));
}

/** The lit edges of a raster as strokes, weak to strong; beyond the budget the weakest stay in the image. */
function paintLit(brush: Brush, reading: EdgeReading, isLit: (edge: number) => boolean): void {
  const { values } = reading.set;
  const lit: number[] = [];
  for (let edge = 0; edge < values.length; edge++) if (isLit(edge)) lit.push(edge);
  lit.sort((a, b) => Math.abs(at(values, a)) - Math.abs(at(values, b)));
  const pen = createPen(brush, reading, clamp((lit.length - SPARSE) / (CROWD - SPARSE), 0.5, 1), false, false);
  const finite = lit.filter((edge) => Number.isFinite(at(values, edge)));
  for (const edge of finite.slice(-MOST_LIT)) pen.stroke(edge, lit.length <= SPARSE);
}

function paintOutgoing(brush: Brush, { set, ...reading }: EdgeReading): void {
  const isHoverElsewhere = spotlit(brush.values) !== null;
  const pen = createPen(brush, { set, ...reading }, set.order.length > SPARSE ? 1 : 0.5, isHoverElsewhere);
  brush.edges.setLineDash(SOLID);
  for (let i = 0; i < set.order.length; i++) pen.stroke(at(set.order, i), !isHoverElsewhere);
  pen.strokeBroken(brokenEdges(set), !isHoverElsewhere);
}

function crowdedWidth(size: number, crowd: number): number {
  return (0.75 + 5 * size) * (1 - crowd) + (0.5 + 2 * size ** CROWD_POWER) * crowd;
}
