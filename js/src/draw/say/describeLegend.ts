import type { Frame, MapScale, Scenery } from "../../core/frame.ts";
import { seriesSize } from "../../layout/seriesSize.ts";
import { featureName, isPlaneOfShares } from "../../layout/unitNames.ts";
import { formatCount, formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { KeyItem } from "../marks/key.ts";
import { MARKS } from "../marks/marks.ts";
import { PLANE_STRENGTH } from "../marks/planeStrength.ts";
import { layerScales, scaleKind } from "../read/layerScales.ts";
import { type EdgeReading, isBeyond } from "../read/readEdges.ts";
import type { ColumnReading, Reading } from "../read/reading.ts";
import { hasTwoSides, sharedBoundary } from "../read/twoSides.ts";
import { describeSilentMaps, mapLegends } from "./describeMaps.ts";
import { describeOmission, describeWhole, type Simplified } from "./describeOmission.ts";
import { type Entry, type PictureLegend, type RampLegend, shortName, type WidthLegend } from "./legend.ts";

const FORMULA = { weight: "w", signal: "w·a", gradient: "−g" } as const;
const SUM_FORMULA = { weight: "Σw", signal: "Σw·a", gradient: "−Σg" } as const;
const EDGE_LABEL = {
  weight: say("weight"),
  signal: say("signalOf", { formula: FORMULA.signal }),
  gradient: say("gradientOf", { formula: FORMULA.gradient }),
} as const;
const NORM_LABEL = { weight: "‖w‖", signal: "‖w‖", gradient: "‖g‖" } as const;
const WIDTH_LABEL = { weight: "|w|", signal: "|w·a|", gradient: "|g|" } as const;

/** Legends that say the same are one; two scales under one name get the layer's name. */
function mergeLegends(entries: readonly Entry[]): RampLegend[] {
  const merged: Entry[] = [];
  const same = (a: RampLegend, b: RampLegend): boolean =>
    a.isPerLayer === b.isPerLayer &&
    a.label === b.label &&
    a.ramp === b.ramp &&
    (a.isPerLayer === true ||
      (formatScaleEnd(a.low) === formatScaleEnd(b.low) && formatScaleEnd(a.high) === formatScaleEnd(b.high)));
  for (const entry of entries) {
    const index = merged.findIndex((other) => same(other, entry));
    const known = merged[index];
    if (known === undefined) merged.push(entry);
    else merged[index] = { ...known, ...joinedSpread(known, entry), isClipped: known.isClipped || entry.isClipped };
  }
  const joined = joinMany(merged, merged.length > MOST_ENTRIES ? 1 : MOST_ALIKE);
  return joined.map(({ layer, ...entry }) => {
    const isShared = merged.some(
      (other) => other.label === entry.label && other.ramp === entry.ramp && other.id !== entry.id,
    );
    return { ...entry, label: layer !== "" && isShared ? `${entry.label} ${layer}` : entry.label };
  });
}

function joinedSpread({ spread: one }: Entry, { spread: other }: Entry): Pick<Entry, "spread"> {
  if (one === undefined || other === undefined) return {};
  return { spread: [Math.min(one[0], other[0]), Math.max(one[1], other[1])] };
}

/** A row has room for so many entries, with up to so many scales of one kind. */
const MOST_ENTRIES = 6;
const MOST_ALIKE = 2;

/** More scales of one kind than `mostAlike` are one entry with the widest ends. */
function joinMany(entries: readonly Entry[], mostAlike: number): Entry[] {
  const joined: Entry[] = [];
  for (const entry of entries) {
    const mates = entries.filter((other) => other.label === entry.label && other.ramp === entry.ramp);
    if (mates.length <= mostAlike) joined.push(entry);
    else if (mates[0] === entry) {
      joined.push({
        ...entry,
        layer: "",
        label: say("widestOf", { label: entry.label, scales: mates.length }),
        low: Math.min(...mates.map((mate) => mate.low)),
        high: Math.max(...mates.map((mate) => mate.high)),
        isClipped: mates.some((mate) => mate.isClipped),
      });
    }
  }
  return joined;
}

function edgeLabel(edge: EdgeReading, edges: readonly EdgeReading[]): string {
  if (edge.measure === "place") return say("toPlace");
  if (edge.set.isBundled || edge.measure === "sum") return say("bundleOf", { formula: SUM_FORMULA[edge.quantity] });
  const strokes = edges.filter(({ set, measure }) => !set.isBundled && measure === "each");
  const isLast = strokes.length < edges.length && strokes.every(({ set }) => set.target.node.isOutput);
  return isLast ? say("toOutput", { formula: FORMULA[edge.quantity] }) : EDGE_LABEL[edge.quantity];
}

const CLASSES_TO_RAMP = 2;

function needsLegend({ column, ramp, high, values, isZero }: ColumnReading): boolean {
  const { hasScale, writesShares } = MARKS[column.kind];
  if (!hasScale || values === null || seriesSize(column.node) !== null) return false;
  if (isZero && !hasNumber(values)) return false;
  return !(writesShares && ramp === "magnitude" && high === 1);
}

export function describeLegend(
  reading: Reading,
  scenery: Scenery | null,
  frame: Frame | null,
  detail: ViewValues["detail"] = "bundles",
  simplified: Simplified = null,
  hasSignPattern = false,
  isDiscrete = false,
  mapScale: MapScale = "layer",
): PictureLegend {
  const edges = reading.edges.filter((edge) => edge !== null);
  const all = reading.outgoing === null ? edges : [...edges, reading.outgoing];
  const drawn = all.filter(({ set }) => hasNumber(set.values));
  const layered = new Set(layerScales(reading).values());
  const entries: Entry[] = drawn
    .filter(({ measure }) => measure !== "norm")
    .map((edge) => ({
      isPerLayer: layered.has(edge),
      ...(layered.has(edge) ? { spread: [edge.scale, edge.scale] as const } : {}),
      id: `${scaleKind(edge)} ${edge.set.target.node.id}`,
      layer: layered.has(edge) ? "" : shortName(edge.set.target.node.name),
      label: layered.has(edge) ? say("perLayer", { label: edgeLabel(edge, drawn) }) : edgeLabel(edge, drawn),
      ramp: edge.ramp,
      low: -edge.scale,
      high: edge.scale,
      isClipped: edge.isClipped,
      hasMiddleZero: edge.scale > 0,
    }));
  const units = frame === null ? [] : reading.columns.filter(needsLegend);
  const isPlane = ({ column }: ColumnReading): boolean => column.kind === "tiles" && column.node.kind === "input";
  entries.push(
    ...units.filter((one) => !isPlane(one) && one.maps === null && !one.column.node.isTokens).map(unitLegend),
  );
  entries.push(...mapLegends(reading.columns, mapScale));
  if (units.some(isPlane)) entries.push(...inputLegends(scenery));
  if (frame !== null) entries.push(...reading.columns.flatMap((one) => planeLegend(one, scenery, frame, isDiscrete)));
  entries.push(...biasLegends(reading));
  return {
    ramps: mergeLegends(entries),
    width: describeWidth(drawn, layered),
    key: describeKey(reading),
    omission: describeOmission(reading, frame, detail, simplified),
    note: [
      hasSignPattern ? say("dashedNegative") : "",
      describeWhole(reading),
      describeNorms(drawn),
      ...describeSilence(reading),
    ]
      .filter((text) => text !== "")
      .join(" · "),
  };
}

function describeKey({ columns }: Reading): KeyItem[] {
  const tiles = columns.filter(({ column }) => column.kind === "tiles");
  if (tiles.length === 0) return [];
  return tiles.some(({ bias }) => bias !== null) ? ["tile", "bar", "bias"] : ["tile", "bar"];
}

/** The plane of predictions uses a paler part of its ramp. */
function planeLegend(
  { column, high }: ColumnReading,
  scenery: Scenery | null,
  frame: Frame,
  isDiscrete: boolean,
): Entry[] {
  const has = (name: string): boolean => {
    return column.node.layers.some(({ id }) => frame.section("prediction", id, name) !== undefined);
  };
  if (column.kind !== "prediction") return [];
  const base = { id: "plane", layer: "", isClipped: false, strength: PLANE_STRENGTH };
  if (has("confidence")) {
    return [{ ...base, label: say("confidence"), ramp: "magnitude", low: 0, high: 1, hasMiddleZero: false }];
  }
  if (!has("value")) return [];
  const areShares = isPlaneOfShares(scenery);
  const name = !areShares || column.node.units > CLASSES_TO_RAMP ? say("prediction") : `P(${positiveClass(scenery)})`;
  const [from, to] = areShares ? [0, 1] : [-high, high];
  const sides = isDiscrete && hasTwoSides(scenery, frame) ? { boundary: sharedBoundary(scenery, from, to) } : {};
  return [{ ...base, ...sides, label: name, ramp: "value", low: from, high: to, hasMiddleZero: !areShares }];
}

function hasNumber(values: ArrayLike<number>): boolean {
  return Array.prototype.some.call(values, Number.isFinite);
}

function positiveClass(scenery: Scenery | null): string {
  return shortName(scenery?.classNames[1] ?? say("className", { index: 1 }));
}

function biasLegends({ columns }: Reading): Entry[] {
  const drawn = columns.find(({ column, bias }) => bias !== null && hasNumber(bias) && MARKS[column.kind].hasBias);
  if (drawn === undefined) return [];
  const high = drawn.biasScale;
  const isClipped = columns.some(({ bias }) => bias !== null && isBeyond(bias, high));
  return [
    { id: "bias", layer: "", label: say("bias"), ramp: "value", low: -high, high, isClipped, hasMiddleZero: true },
  ];
}

function unitLegend({ column, ramp, isClipped, isZero, ...scale }: ColumnReading): Entry {
  const [low, high] = isZero ? [0, 0] : [scale.low, scale.high];
  const { node, kind } = column;
  const isOutput = ramp === "value" || MARKS[kind].hasBias;
  const label = say(
    ramp === "pixel"
      ? keyOf("pixelLegend")
      : node.kind === "input"
        ? keyOf("theInput")
        : node.kind === "told"
          ? keyOf("valueHead")
          : isOutput
            ? keyOf("outputLegend")
            : keyOf("activationValue"),
  );
  const hasMiddleZero = ramp === "value";
  const title = node.kind === "told" ? safeText(node.layers[0]?.face?.title ?? "") : "";
  return {
    id: `units ${node.id}`,
    layer: shortName(node.name),
    label: title || label,
    ramp,
    low,
    high,
    isClipped,
    hasMiddleZero,
  };
}

/** The plane's own axes carry the exact ends, so two that are nearly the same are one entry. */
function inputLegends(scenery: Scenery | null): Entry[] {
  if (scenery?.extent == null) return [];
  const [x0, x1, y0, y1] = scenery.extent;
  const entry = (id: string, label: string, low: number, high: number): Entry => {
    return { id, layer: "", label, ramp: "value", low, high, isClipped: false, hasMiddleZero: low === -high };
  };
  const isNearlySame = Math.max(Math.abs(x0 - y0), Math.abs(x1 - y1)) < 0.1 * Math.min(x1 - x0, y1 - y0);
  if (isNearlySame) return [entry("input", say("theInput"), Math.min(x0, y0), Math.max(x1, y1))];
  return [
    entry("input 0", shortName(featureName(scenery, 0)), x0, x1),
    entry("input 1", shortName(featureName(scenery, 1)), y0, y1),
  ];
}

/** Strokes and bundles each have their own widest line, and so has each layer. */
function describeWidth(edges: readonly EdgeReading[], layered: ReadonlySet<EdgeReading>): WidthLegend | null {
  const first = edges[0];
  if (first === undefined) return null;
  if (layered.size > 0 && edges.every((edge) => layered.has(edge))) return { label: "m", high: null };
  if (edges.every(({ measure }) => measure === "norm")) return { label: NORM_LABEL[first.quantity], high: first.scale };
  if (edges.some((edge) => scaleKind(edge) !== scaleKind(first))) return { label: say("widest"), high: null };
  return { label: scaleKind(first) !== "strokes" ? say("widest") : WIDTH_LABEL[first.quantity], high: first.scale };
}

/** What grey lines are, where there are some. */
function describeNorms(edges: readonly EdgeReading[]): string {
  const norm = edges.find(({ measure }) => measure === "norm");
  return norm === undefined ? "" : say("normOfMaps", { letter: norm.quantity === "gradient" ? "g" : "w" });
}

function describeSilence(reading: Reading): string[] {
  let silent = 0;
  let units = 0;
  for (const { column, values, maps } of reading.columns) {
    if (maps !== null || values === null || column.node.activation !== "relu" || column.node.isOutput) continue;
    units += values.length;
    for (let i = 0; i < values.length; i++) if (at(values, i) === 0) silent++;
  }
  const told = silent === 0 ? "" : say("silentUnits", { silent: formatCount(silent), units: formatCount(units) });
  return [told, describeSilentMaps(reading)];
}
