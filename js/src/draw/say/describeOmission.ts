import type { Frame } from "../../core/frame.ts";
import { RASTER_LIMIT, STROKE_LIMIT } from "../../core/limits.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { EdgeReading } from "../read/readEdges.ts";
import type { Reading } from "../read/reading.ts";
import { describeMapsLeftOut } from "./describeMaps.ts";

/** Why edges are drawn more simply than they were sent: what the finer drawing costs. */
export type Simplified = { readonly finerCost_ms: number } | null;

/** What is drawn of the edges and units and what is not, in sentences; empty where everything is drawn one by one. */
export function describeOmission(
  reading: Reading,
  frame: Frame | null,
  detail: ViewValues["detail"],
  simplified: Simplified,
): string {
  const edges = reading.edges.filter((edge) => edge !== null);
  const sentences: string[] = [];
  if (edges.some(isPartial)) {
    const counts = edges.map((edge) => formatCount(edge.edgeCount)).join(" + ");
    sentences.push(say("edgesDrawnAs", { counts, drawn: edges.map(describeDrawn).join(" + ") }));
  }
  if (simplified !== null && edges.some((edge) => edge.isSimplified)) {
    sentences.push(say("simplified", { cost: Math.round(simplified.finerCost_ms) }));
  }
  const bundled = edges.filter(({ set, edgeCount }) => set.isBundled && edgeCount > STROKE_LIMIT);
  if (detail === "all" && bundled.length > 0 && simplified === null) {
    sentences.push(say("notOneByOne", { limit: formatCount(RASTER_LIMIT) }));
  }
  if (detail === "top" && bundled.length > 0 && simplified === null) {
    sentences.push(say("strongestNotRecorded"));
  }
  for (const { column } of reading.columns) {
    if (column.kind !== "bins") continue;
    sentences.push(say("unitsAsMeans", { units: formatCount(column.node.units), means: column.unitCount }));
  }
  sentences.push(...[describeMapsLeftOut(reading)].filter((text) => text !== ""));
  const links = reading.edges.length - reading.unsentLinks - reading.weightlessLinks;
  const silent = links - edges.length;
  if (silent > 0 && frame !== null) {
    sentences.push(say("linksWithoutWeights", { silent: formatCount(silent), links: formatCount(links) }));
  }
  const unrecorded = frame?.header.unrecorded?.length ?? 0;
  if (unrecorded > 0) sentences.push(say("layersNotRecorded", { count: unrecorded }));
  return sentences.join(say("gap"));
}

/** `All 40 edges drawn`, for where nothing is left out. */
export function describeWhole(reading: Reading): string {
  const edges = reading.edges.filter((edge) => edge !== null);
  if (edges.length === 0 || edges.length < reading.edges.length || edges.some(isPartial)) return "";
  return say("allEdges", { edges: formatCount(edges.reduce((sum, edge) => sum + edge.edgeCount, 0)) });
}

function isPartial({ set, measure }: EdgeReading): boolean {
  return (
    measure !== "each" || set.isBundled || set.isRaster || set.ids !== null || set.order.length < set.values.length
  );
}

function describeDrawn({ set, groupKind, measure }: EdgeReading): string {
  const count = formatCount(set.values.length);
  if (measure !== "each") return say("mapLinks", { links: count });
  const drawn = (what: string) => (set.isRaster ? say("imageOf", { what }) : what);
  if (set.ids !== null) return drawn(say("theStrongest", { edges: count }));
  if (!set.isBundled) return drawn(say("edges", { edges: count }));
  const what = say(groupKind === "image_row" ? keyOf("rowBundles") : keyOf("blockBundles"), { bundles: count });
  const isPart = !set.isRaster && set.order.length < set.values.length;
  return isPart ? say("strongestOf", { shown: formatCount(set.order.length), what }) : drawn(what);
}
