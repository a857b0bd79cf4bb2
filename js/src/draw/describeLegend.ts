import type { Frame, Scenery } from "../core/frame.ts";
import { featureName } from "../layout/planColumn.ts";
import { formatCount, formatScaleEnd } from "../lib/numberFormat.ts";
import { at } from "../lib/numbers.ts";
import { safeText } from "../lib/safeText.ts";
import type { PictureLegend, RampLegend, WidthLegend } from "./legend.ts";
import type { EdgeReading, Reading } from "./reading.ts";

const EDGE_LABEL = { weight: "Weight", signal: "Signal w·a", gradient: "Gradient −g" } as const;
const BUNDLE_LABEL = { weight: "Bundle Σw", signal: "Bundle Σw·a", gradient: "Bundle −Σg" } as const;
const WIDTH_LABEL = { weight: "|w|", signal: "|w·a|", gradient: "|g|" } as const;

/** Legends that say the same are one; two scales under one name get the layer's name. */
function mergeLegends(entries: readonly (RampLegend & { readonly layer: string })[]): RampLegend[] {
  const merged: (RampLegend & { layer: string })[] = [];
  const same = (a: RampLegend, b: RampLegend): boolean =>
    a.label === b.label &&
    a.ramp === b.ramp &&
    formatScaleEnd(a.low) === formatScaleEnd(b.low) &&
    formatScaleEnd(a.high) === formatScaleEnd(b.high);
  for (const entry of entries) {
    const index = merged.findIndex((other) => same(other, entry));
    const known = merged[index];
    if (known === undefined) merged.push(entry);
    else merged[index] = { ...known, isClipped: known.isClipped || entry.isClipped };
  }
  return joinMany(merged).map(({ layer, ...entry }) => {
    const isShared = layer !== "" && merged.filter((other) => other.label === entry.label).length > 1;
    return { ...entry, label: isShared ? `${entry.label} ${layer}` : entry.label };
  });
}

const MOST_ALIKE = 3;

/** More than three scales of one kind are one entry with the widest ends. */
function joinMany(entries: readonly (RampLegend & { readonly layer: string })[]): (RampLegend & { layer: string })[] {
  const joined: (RampLegend & { layer: string })[] = [];
  for (const entry of entries) {
    const mates = entries.filter((other) => other.label === entry.label && other.ramp === entry.ramp);
    if (mates.length <= MOST_ALIKE) joined.push(entry);
    else if (mates[0] === entry) {
      joined.push({
        ...entry,
        layer: "",
        label: `${entry.label}, each layer to its own scale, at most`,
        low: Math.min(...mates.map((mate) => mate.low)),
        high: Math.max(...mates.map((mate) => mate.high)),
      });
    }
  }
  return joined;
}

export function describeLegend(reading: Reading, scenery: Scenery | null, frame: Frame | null): PictureLegend {
  const edges = reading.edges.filter((edge) => edge !== null);
  const entries: (RampLegend & { layer: string })[] = edges.map((edge) => ({
    id: `edges ${edge.set.target.node.id}`,
    layer: safeText(edge.set.target.node.name),
    label: (edge.set.isBundled ? BUNDLE_LABEL : EDGE_LABEL)[edge.quantity],
    ramp: edge.ramp,
    low: -edge.scale,
    high: edge.scale,
    isClipped: edge.isClipped,
    hasMiddleZero: true,
  }));
  for (const { column, ramp, low, high, values, isClipped } of reading.columns) {
    if (column.kind === "card" || column.kind === "prediction" || (values === null && frame !== null)) continue;
    if (frame === null) continue;
    if (column.kind === "tiles" && column.node.kind === "input") {
      entries.push(...inputLegends(scenery));
      continue;
    }
    const isInput = column.node.kind === "input";
    entries.push({
      id: `units ${column.node.id}`,
      layer: safeText(column.node.name),
      label: ramp === "pixel" ? "Pixel" : isInput ? "Input" : ramp === "magnitude" ? "Activation" : "Output",
      ramp,
      low,
      high,
      isClipped,
      hasMiddleZero: ramp === "value",
    });
  }
  return {
    ramps: mergeLegends(entries),
    width: describeWidth(edges),
    omission: describeOmission(edges),
    note: describeSilence(reading),
  };
}

function inputLegends(scenery: Scenery | null): (RampLegend & { layer: string })[] {
  if (scenery?.extent == null) return [];
  const [x0, x1, y0, y1] = scenery.extent;
  const entry = (id: string, label: string, low: number, high: number): RampLegend & { layer: string } => {
    return { id, layer: "", label, ramp: "value", low, high, isClipped: false, hasMiddleZero: low === -high };
  };
  if (x0 === y0 && x1 === y1) return [entry("input", "Input", x0, x1)];
  return [entry("input 0", featureName(scenery, 0), x0, x1), entry("input 1", featureName(scenery, 1), y0, y1)];
}

function describeWidth(edges: readonly EdgeReading[]): WidthLegend | null {
  if (edges.length === 0) return null;
  const high = Math.max(...edges.map((edge) => edge.scale));
  const isOneScale = edges.every((edge) => formatScaleEnd(edge.scale) === formatScaleEnd(high));
  const quantity = edges[0]?.quantity ?? "weight";
  return { label: isOneScale ? WIDTH_LABEL[quantity] : `max ${WIDTH_LABEL[quantity]} of the layer`, high };
}

function describeOmission(edges: readonly EdgeReading[]): string {
  const bundled = edges.filter((edge) => edge.set.isBundled);
  if (bundled.length === 0) return "";
  const counts = edges.map((edge) => formatCount(edge.edgeCount)).join(" + ");
  const drawn = edges.map(({ set, groupKind }) => {
    if (!set.isBundled) return `${formatCount(set.order.length)} edges`;
    const kind = groupKind === "image_row" ? "row bundles" : "block bundles";
    const isPart = set.order.length < set.values.length;
    return `${isPart ? "the strongest " : ""}${formatCount(set.order.length)}${isPart ? ` of ${formatCount(set.values.length)}` : ""} ${kind}`;
  });
  return `${counts} edges, drawn as ${drawn.join(" + ")}.`;
}

function describeSilence(reading: Reading): string {
  let silent = 0;
  let units = 0;
  for (const { column, values } of reading.columns) {
    if (values === null || column.node.activation !== "relu" || column.node.isOutput) continue;
    units += values.length;
    for (let i = 0; i < values.length; i++) if (at(values, i) === 0) silent++;
  }
  return silent === 0 ? "" : `${formatCount(silent)} of ${formatCount(units)} units silent for this sample`;
}
