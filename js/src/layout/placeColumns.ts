import type { Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { TILE_UNITS } from "../core/limits.ts";
import { fitName, fitText, type Measure } from "../lib/fitText.ts";
import { safeText } from "../lib/safeText.ts";
import { say } from "../lib/say.ts";
import type { Density } from "./density.ts";
import { describeColumn } from "./describeColumn.ts";
import { imageSize } from "./imageSize.ts";
import type { PlanContext, Site } from "./kinds/columnLayout.ts";
import { COLUMN_LAYOUTS, planKind } from "./kinds/columnLayouts.ts";
import { linkColumns } from "./linkColumns.ts";
import { type NetworkNode, readNodes } from "./readNodes.ts";
import type { Column, Head, Scene } from "./scene.ts";
import { bodyPlace, type ColumnPlan, spreadRanks } from "./spreadRanks.ts";

export interface LayoutInput {
  readonly graph: Graph;
  readonly scenery: Scenery | null;
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
  /** Which maps of a layer are drawn, by its id, where these are some of them. */
  readonly drawnMaps?: ReadonlyMap<string, readonly number[]>;
}

const LANE_GAP = 24;
/** Kept free below the columns. */
const FOOT = 16;
const HEAD_BAND = 70;
const LANE_HEAD = 44;
/** More where the title of a picture stands below its head. */
const LANE_TITLE = 32;
/** The title of a picture, between the hairline and the picture. */
const TITLE_BAND = 26;
/** Least space between the heads of neighbours. */
const HEAD_GAP = 8;
const LEAST_HEAD = 32;

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
  const hasDetour = graph.links.length > nodes.length && nodes.some((node) => node.sources.length > 1);
  const top = hasLanes ? 12 : HEAD_BAND + 14;
  const bottom = height - FOOT - (hasDetour ? 20 : 0);
  const whole: Area = { top, height: Math.max(60, bottom - top) };

  const areas = new Map<string, Area>();
  for (const rank of ranks) assignAreas(rank, whole, Math.max(1, graph.inputs.length), areas);
  const areaOf = (node: NetworkNode): Area => {
    const area = areas.get(node.id) ?? whole;
    const head = hasLanes ? LANE_HEAD + (imageSize(node, scenery) === null ? 0 : LANE_TITLE) : 0;
    return { top: area.top + head, height: Math.max(40, area.height - head) };
  };
  const context = {
    scenery,
    measure: input.measure,
    viewWidth: width,
    viewHeight: height,
    hasPrediction,
    columnCount: ranks.length,
  };
  const planAt = (density: Density): ColumnPlan[][] =>
    ranks.map((rank) => rank.map((node) => planColumn(node, { ...context, density, areaHeight: areaOf(node).height })));
  const spread = spreadRanks(planAt, width, padding);

  const bodies = spread.ranks.map((rank, r) => {
    const place = spread.places[r] ?? { x: padding, width: 0, reach: 0 };
    return rank.map((plan) => ({ plan, ...bodyPlace(plan, place) }));
  });
  const columns = bodies.flatMap((rank, r) =>
    rank.map((body) => {
      const headRoom = headRoomOf(body, bodies[r - 1] ?? [], bodies[r + 1] ?? [], spread.width);
      return placeColumn(body, areaOf(body.plan.node), hasLanes, headRoom, input);
    }),
  );
  return {
    width: spread.width,
    height,
    isBuilt: graph.isBuilt,
    columns,
    links: linkColumns(columns, bottom + 10),
    hairlineY: hasLanes || columns.every((column) => column.head === null) ? null : HEAD_BAND,
    padding,
  };
}

/** The body of a column. */
interface Body {
  readonly plan: ColumnPlan;
  readonly x: number;
  readonly width: number;
}

/** How wide a head may be that stands over its body; at the ends of the scene it may move inward. */
function headRoomOf(body: Body, before: readonly Body[], after: readonly Body[], sceneWidth: number): number {
  const middle = (one: Body): number => one.x + one.width / 2;
  const own = middle(body);
  const left = own - Math.max(Number.NEGATIVE_INFINITY, ...before.map(middle));
  const right = Math.min(Number.POSITIVE_INFINITY, ...after.map(middle)) - own;
  const fromStart = before.length === 0 ? own + right / 2 : Number.POSITIVE_INFINITY;
  const toEnd = after.length === 0 ? sceneWidth - own + left / 2 : Number.POSITIVE_INFINITY;
  return Math.min(left, right, fromStart, toEnd) - HEAD_GAP;
}

function planColumn(node: NetworkNode, context: PlanContext): ColumnPlan {
  const kind = planKind(node, context);
  return { node, kind, ...COLUMN_LAYOUTS[kind].plan(node, context) };
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

function placeColumn(
  { plan, x, width }: Body,
  area: Area,
  hasLanes: boolean,
  headRoom: number,
  input: LayoutInput,
): Column {
  const layout = COLUMN_LAYOUTS[plan.kind];
  const middle = Math.round(area.top + area.height / 2) + (layout.shift ?? 0);
  const site = { scenery: input.scenery, x, width, areaHeight: area.height, drawnUnits: drawnUnitsIn(input) };
  const placeAround = (centerY: number) => layout.place(plan.node, { ...site, centerY });
  const placed = placeAround(middle);
  // In a low view the title of a picture would lie over the head.
  const lift = layout.hasTitle && !hasLanes ? HEAD_BAND + TITLE_BAND - placed.box.y : 0;
  const units = lift > 0 ? placeAround(middle + Math.ceil(lift)) : placed;
  return {
    node: plan.node,
    kind: plan.kind,
    ...units,
    inX: x - (plan.left > 0 ? plan.left + 2 : 3),
    outX: x + width + (plan.right > 0 ? plan.right + 2 : 3),
    head: layout.isNamedInside ? null : placeHead(plan, x, width, hasLanes ? units.box.y : null, headRoom, input),
  };
}

function drawnUnitsIn({ drawnMaps }: LayoutInput): Site["drawnUnits"] {
  return ({ layers }) => layers.map(({ id }) => drawnMaps?.get(id)).find((units) => units !== undefined);
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
  const room = Math.min(Math.max(72, width + plan.left + plan.right + 48), Math.max(LEAST_HEAD, headRoom));
  const center = x + width / 2;
  return {
    x: center,
    y: bodyY === null ? 36 : bodyY - (COLUMN_LAYOUTS[plan.kind].hasTitle ? 58 : 32),
    width: room,
    name: fitName(name, room, input.measure, "head"),
    detail: fitText(
      shortDetail(plan, detail, (text) => input.measure(text) <= room),
      room,
      input.measure,
    ),
  };
}

/** `28 × 28` for `28 × 28 grey levels`, `26×26×8` or `8 maps` for `26×26×8 · ReLU` */
function shortDetail({ kind, node }: ColumnPlan, detail: string, fits: (text: string) => boolean): string {
  if (fits(detail)) return detail;
  if (kind === "image")
    return detail
      .split(" ")
      .slice(0, node.layers[0]?.grid == null ? 3 : 5)
      .join(" ");
  if (kind !== "maps" || node.kind === "told") return detail;
  if (node.kind === "heads") return say("heads", { count: node.units });
  const size = detail.split(" ")[0] ?? detail;
  return fits(size) ? size : say("maps", { count: node.units });
}

/** `Input` where the name of the only input says no more than that. */
export function inputTitle(node: NetworkNode): string {
  return /^(input(_layer)?(_\d+)?|keras_tensor.*)$/.test(node.name) ? say("theInput") : node.name;
}
