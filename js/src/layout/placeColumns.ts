import type { Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { STROKE_LIMIT, TILE_UNITS } from "../core/limits.ts";
import { fitName, fitText, type Measure } from "../lib/fitText.ts";
import { clamp } from "../lib/numbers.ts";
import { safeText } from "../lib/safeText.ts";
import { describeColumn } from "./describeColumn.ts";
import type { PlanContext, Wish } from "./kinds/columnLayout.ts";
import { COLUMN_LAYOUTS, type ColumnKind, planKind } from "./kinds/columnLayouts.ts";
import { linkColumns } from "./linkColumns.ts";
import { placeKey } from "./placeKey.ts";
import { type NetworkNode, readNodes } from "./readNodes.ts";
import type { Column, Head, Scene } from "./scene.ts";

export interface LayoutInput {
  readonly graph: Graph;
  readonly scenery: Scenery | null;
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
  /** Edges are drawn more simply than they could be: the line below says so. */
  readonly isSimplified?: boolean;
}

const LANE_GAP = 24;
const HEAD_BAND = 70;
const LANE_HEAD = 44;
/** The title of a picture, between the hairline and the picture. */
const TITLE_BAND = 26;
/** Least space between the heads of neighbours. */
const HEAD_GAP = 8;
const MOST_COLUMNS = 12;

/** A node as a column that has no place yet. */
interface ColumnPlan extends Wish {
  readonly node: NetworkNode;
  readonly kind: ColumnKind;
}

interface Area {
  readonly top: number;
  readonly height: number;
}

/** Lays a network out in columns: column = longest path from the inputs, one lane per input. */
export function placeColumns(input: LayoutInput): Scene {
  const { graph, scenery, width, height } = input;
  const nodes = readNodes(graph);
  const ranks = groupByRank(nodes);
  const hasLanes = ranks.some((rank) => rank.length > 1);
  const padding = width < 600 ? 12 : 24;
  const hasPrediction = showsPrediction(nodes, scenery);
  const isCrowded = graph.layers.some((layer) => layer.parameters.some((p) => countOf(p.shape) > STROKE_LIMIT));
  const hasOmission = isCrowded || input.isSimplified === true || nodes.some((node) => node.kind === "card");
  const hasDetour = graph.links.length > nodes.length && nodes.some((node) => node.sources.length > 1);
  const top = hasLanes ? 12 : HEAD_BAND + 14;
  const foot = hasPrediction ? placeKey(nodes, top, width, height, padding, input.measure) : { key: null, height: 0 };
  const bottom = height - Math.max(16, foot.height) - (hasOmission ? 28 : 0) - (hasDetour ? 20 : 0);
  const whole: Area = { top, height: Math.max(60, bottom - top) };

  const areas = new Map<string, Area>();
  for (const rank of ranks) assignAreas(rank, whole, Math.max(1, graph.inputs.length), areas);
  const areaOf = (node: NetworkNode): Area => {
    const area = areas.get(node.id) ?? whole;
    const head = hasLanes ? LANE_HEAD : 0;
    return { top: area.top + head, height: Math.max(40, area.height - head) };
  };
  const context: Omit<PlanContext, "areaHeight"> = {
    scenery,
    measure: input.measure,
    viewWidth: width,
    hasPrediction,
    columnCount: ranks.length,
  };
  const plans = ranks.map((rank) =>
    rank.map((node) => planColumn(node, { ...context, areaHeight: areaOf(node).height })),
  );
  const spread = spreadRanks(plans, width, padding);

  const middles = spread.places.map((place) => place.x + place.width / 2);
  const columns = plans.flatMap((rank, r) => {
    const place = spread.places[r] ?? { x: padding, width: 0, reach: 0 };
    const own = middles[r] ?? 0;
    const before = own - (middles[r - 1] ?? Number.NEGATIVE_INFINITY);
    const after = (middles[r + 1] ?? Number.POSITIVE_INFINITY) - own;
    const headRoom = Math.min(before, after) - HEAD_GAP;
    return rank.map((plan) => placeColumn(plan, place, areaOf(plan.node), hasLanes, headRoom, input));
  });
  return {
    width: spread.width,
    height,
    isBuilt: graph.isBuilt,
    columns,
    links: linkColumns(columns, bottom + 10),
    hairlineY: hasLanes || columns.every((column) => column.head === null) ? null : HEAD_BAND,
    key: columns.some((column) => column.kind === "tiles") ? foot.key : null,
    omissionY: height - 16 - foot.height,
    padding,
  };
}

function planColumn(node: NetworkNode, context: PlanContext): ColumnPlan {
  const kind = planKind(node, context);
  return { node, kind, ...COLUMN_LAYOUTS[kind].plan(node, context) };
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((count, axis) => count * axis, 1);
}

function showsPrediction(nodes: readonly NetworkNode[], scenery: Scenery | null): boolean {
  const inputs = nodes.filter((node) => node.kind === "input");
  const outputs = nodes.filter((node) => node.isOutput);
  const output = outputs[0];
  return (
    scenery?.extent != null &&
    inputs.length === 1 &&
    inputs[0]?.units === 2 &&
    outputs.length === 1 &&
    output?.kind === "dense" &&
    output.units <= TILE_UNITS
  );
}

function groupByRank(nodes: readonly NetworkNode[]): NetworkNode[][] {
  const ranks: NetworkNode[][] = [];
  const middles = new Map<string, number>();
  for (const node of nodes) {
    let rank = ranks[node.rank];
    for (; rank === undefined; rank = ranks[node.rank]) ranks.push([]);
    rank.push(node);
    const known = node.sources.map((source) => middles.get(source) ?? 0);
    const mean = known.reduce((sum, middle) => sum + middle, 0) / Math.max(1, known.length);
    middles.set(node.id, known.length === 0 ? (node.lanes[0] + node.lanes[1]) / 2 : mean);
  }
  for (const rank of ranks) rank.sort((a, b) => (middles.get(a.id) ?? 0) - (middles.get(b.id) ?? 0));
  return ranks;
}

function share(area: Area, index: number, count: number): Area {
  const height = (area.height - (count - 1) * LANE_GAP) / count;
  return { top: area.top + index * (height + LANE_GAP), height };
}

/** Gives each node of a rank the height of its lanes; where lanes overlap in part, all share the whole height. */
function assignAreas(rank: readonly NetworkNode[], whole: Area, laneCount: number, areas: Map<string, Area>): void {
  const overlaps = rank.some((a) =>
    rank.some((b) => String(a.lanes) !== String(b.lanes) && a.lanes[0] <= b.lanes[1] && b.lanes[0] <= a.lanes[1]),
  );
  rank.forEach((node, index) => {
    if (overlaps) {
      areas.set(node.id, share(whole, index, rank.length));
      return;
    }
    const first = share(whole, node.lanes[0], laneCount);
    const last = share(whole, node.lanes[1], laneCount);
    const lane = { top: first.top, height: last.top + last.height - first.top };
    const mates = rank.filter((other) => String(other.lanes) === String(node.lanes));
    areas.set(node.id, share(lane, mates.indexOf(node), mates.length));
  });
}

interface Place {
  readonly x: number;
  /** Width of the widest column of the rank, labels included. */
  readonly width: number;
  /** 0 = least widths, 1 = wished widths. */
  readonly reach: number;
}

function spreadRanks(
  plans: readonly (readonly ColumnPlan[])[],
  viewWidth: number,
  padding: number,
): { width: number; places: Place[] } {
  const widest = (rank: readonly ColumnPlan[], reach: number): number =>
    Math.max(0, ...rank.map((plan) => plan.left + plan.right + bodyWidth(plan, reach)));
  const widthAt = (reach: number): number => plans.reduce((total, rank) => total + widest(rank, reach), 0);
  const gaps = Math.max(1, plans.length - 1);
  const goodGap = clamp(Math.min(viewWidth * 0.085, (0.36 * viewWidth) / Math.max(1, plans.length)), 28, 96);
  const room = viewWidth - 2 * padding - gaps * goodGap;
  const wish = widthAt(1);
  const least = widthAt(0);
  const tightest = (viewWidth - 2 * padding - least) / gaps;
  const isTooTight = plans.length > MOST_COLUMNS || (viewWidth - 2 * padding) / plans.length < 80 || tightest < 20;
  const reach = isTooTight || wish <= room ? 1 : clamp((room - least) / Math.max(1, wish - least), 0, 1);
  const content = widthAt(reach);
  const free = (viewWidth - 2 * padding - content) / gaps;
  const hasEdges = plans.some((rank) => rank.some((plan) => plan.kind !== "card"));
  const gap = isTooTight && plans.length > 1 ? Math.max(free, 52) : Math.min(free, hasEdges ? 340 : 120);
  const total = content + gap * (plans.length - 1);
  const weights = plans.slice(1).map((rank) => (rank.some((plan) => plan.kind !== "card") ? 1.5 : 0.75));
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  let x = padding + Math.max(0, (viewWidth - 2 * padding - total) / 2);
  const places = plans.map((rank, r) => {
    const place = { x, width: widest(rank, reach), reach };
    x += place.width + gap * ((weights[r] ?? meanWeight) / meanWeight);
    return place;
  });
  return { width: Math.max(viewWidth, total + 2 * padding), places };
}

function bodyWidth(plan: ColumnPlan, reach: number): number {
  return Math.floor(plan.leastWidth + (plan.wishWidth - plan.leastWidth) * reach);
}

function placeColumn(
  plan: ColumnPlan,
  place: Place,
  area: Area,
  hasLanes: boolean,
  headRoom: number,
  input: LayoutInput,
): Column {
  const width = bodyWidth(plan, place.reach);
  const outer = width + plan.left + plan.right;
  const x = Math.round(place.x + (place.width - outer) / 2 + plan.left);
  const layout = COLUMN_LAYOUTS[plan.kind];
  const middle = Math.round(area.top + area.height / 2) + (layout.shift ?? 0);
  const site = { scenery: input.scenery, x, width, areaHeight: area.height };
  const placeAround = (centerY: number) => layout.place(plan.node, { ...site, centerY });
  const placed = placeAround(middle);
  // In a low view the title of a picture would lie over the head.
  const lift = layout.hasTitle && !hasLanes ? HEAD_BAND + TITLE_BAND - placed.box.y : 0;
  const units = lift > 0 ? placeAround(middle + Math.ceil(lift)) : placed;
  return {
    node: plan.node,
    kind: plan.kind,
    ...units,
    inX: x - 3,
    outX: x + width + (plan.right > 0 ? plan.right + 2 : 3),
    head: layout.isNamedInside ? null : placeHead(plan, x, width, hasLanes ? units.box.y : null, headRoom, input),
  };
}

function placeHead(
  plan: ColumnPlan,
  x: number,
  width: number,
  bodyY: number | null,
  headRoom: number,
  input: LayoutInput,
): Head {
  const name = safeText(plan.node.kind === "input" && bodyY === null ? inputTitle(plan.node) : plan.node.name);
  const detail = describeColumn(plan.node, plan.kind, input.scenery);
  const room = Math.min(Math.max(72, width + plan.left + plan.right + 48), Math.max(48, headRoom));
  const center = x + width / 2;
  return {
    x: center,
    y: bodyY === null ? 36 : bodyY - (COLUMN_LAYOUTS[plan.kind].hasTitle ? 58 : 32),
    width: room,
    name: fitName(name, room, input.measure, "head"),
    detail: fitText(input.measure(detail) > room ? shortDetail(plan, detail) : detail, room, input.measure),
  };
}

/** `28 × 28` for `28 × 28 grey levels` */
function shortDetail({ kind }: ColumnPlan, detail: string): string {
  return kind === "image" ? detail.split(" ").slice(0, 3).join(" ") : detail;
}

/** `Input` where the name of the only input says no more than that. */
export function inputTitle(node: NetworkNode): string {
  return /^(input(_layer)?(_\d+)?|keras_tensor.*)$/.test(node.name) ? "Input" : node.name;
}
