import type { Frame } from "../../core/frame.ts";
import { RASTER_LIMIT, STROKE_LIMIT } from "../../core/limits.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { EdgeReading } from "../read/readEdges.ts";
import type { Reading } from "../read/reading.ts";

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
    sentences.push(`${counts} edges, drawn as ${edges.map(describeDrawn).join(" + ")}.`);
  }
  if (simplified !== null && edges.some((edge) => edge.isSimplified)) {
    sentences.push(`Drawn more simply: this machine needs ${Math.round(simplified.finerCost_ms)} ms a picture.`);
  }
  const bundled = edges.filter(({ set, edgeCount }) => set.isBundled && edgeCount > STROKE_LIMIT);
  if (detail === "all" && bundled.length > 0 && simplified === null) {
    sentences.push(`More than ${formatCount(RASTER_LIMIT)} are not painted one by one.`);
  }
  if (detail === "top" && bundled.length > 0 && simplified === null) {
    sentences.push("The strongest were not recorded at this step.");
  }
  for (const { column } of reading.columns) {
    if (column.kind !== "bins") continue;
    sentences.push(`${formatCount(column.node.units)} units, drawn as ${column.unitCount} means.`);
  }
  const links = reading.edges.length - reading.unsentLinks;
  const silent = links - edges.length;
  if (silent > 0 && frame !== null) {
    sentences.push(`${formatCount(silent)} of ${formatCount(links)} links are drawn without weights.`);
  }
  const unrecorded = frame?.header.unrecorded?.length ?? 0;
  if (unrecorded > 0) {
    const were = unrecorded === 1 ? "was" : "were";
    sentences.push(`${formatCount(unrecorded)} of the layers here ${were} not recorded at this step.`);
  }
  return sentences.join(" ");
}

/** `All 40 edges drawn`, for where nothing is left out. */
export function describeWhole(reading: Reading): string {
  const edges = reading.edges.filter((edge) => edge !== null);
  if (edges.length === 0 || edges.length < reading.edges.length || edges.some(isPartial)) return "";
  return `All ${formatCount(edges.reduce((sum, edge) => sum + edge.edgeCount, 0))} edges drawn`;
}

function isPartial({ set }: EdgeReading): boolean {
  return set.isBundled || set.isRaster || set.ids !== null || set.order.length < set.values.length;
}

function describeDrawn({ set, groupKind }: EdgeReading): string {
  const count = formatCount(set.values.length);
  const image = set.isRaster ? "an image of " : "";
  if (set.ids !== null) return `${image}the ${count} strongest`;
  if (!set.isBundled) return `${image}${count} edges`;
  const kind = groupKind === "image_row" ? "row bundles" : "block bundles";
  const isPart = !set.isRaster && set.order.length < set.values.length;
  return isPart ? `the strongest ${formatCount(set.order.length)} of ${count} ${kind}` : `${image}${count} ${kind}`;
}
