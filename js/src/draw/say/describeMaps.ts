import type { MapScale } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import { isSilent, type MapsReading } from "../read/maps.ts";
import type { ColumnReading, Reading } from "../read/reading.ts";
import { type Entry, shortName } from "./legend.ts";

type MapColumn = ColumnReading & { readonly maps: MapsReading };

const hasMaps = (one: ColumnReading): one is MapColumn => one.maps !== null;

/** The colours of maps, and of the kernels beside them. */
export function mapLegends(columns: readonly ColumnReading[], scale: MapScale): Entry[] {
  const all = columns.filter(hasMaps);
  const entries = (["magnitude", "value"] as const).flatMap((ramp) => {
    const alike = all.filter((one) => one.ramp === ramp && one.column.node.kind === "maps");
    return alike.length === 0 ? [] : [mapLegend(alike, ramp, scale, say("activationValue"))];
  });
  const heads = all.filter((one) => one.column.node.kind === "heads");
  const own = scale === "network" ? "layer" : scale;
  if (heads.length > 0) entries.push({ ...mapLegend(heads, "magnitude", own, say("attentionScore")), id: "heads" });
  for (const one of all.filter(({ column }) => column.node.kind === "told")) {
    const { node } = one.column;
    const label = safeText(node.layers[0]?.face?.title ?? "") || say("valueHead");
    entries.push({ ...mapLegend([one], one.ramp === "magnitude" ? "magnitude" : "value", own, label), id: node.id });
  }
  return [...entries, ...all.flatMap(kernelLegend)];
}

function mapLegend(columns: readonly MapColumn[], ramp: "magnitude" | "value", scale: MapScale, label: string): Entry {
  const ends = columns.flatMap(({ maps }) => Array.from(maps.ends));
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const base = {
    id: `maps ${ramp}`,
    layer: "",
    ramp,
    low: ramp === "value" ? -most : 0,
    high: most,
    isClipped: columns.some(({ isClipped }) => isClipped),
    hasMiddleZero: ramp === "value",
  };
  const isOne = scale === "network" || (scale === "layer" && columns.length === 1);
  if (isOne) return { ...base, label };
  const shared = scale === "map" ? say("perMap", { label }) : say("perLayer", { label });
  return { ...base, label: shared, isPerLayer: true, spread: [least, most] };
}

function kernelLegend({ column, maps: { kernels, kernelEnd } }: MapColumn): Entry[] {
  const inputs = kernels?.shape[3] ?? 0;
  if (kernels === null || kernelEnd === 0 || column.box.x - column.inX < 8) return [];
  const label = say("kernelLegend");
  const ends = { low: -kernelEnd, high: kernelEnd, isClipped: false, hasMiddleZero: true };
  const id = `kernel ${column.node.id}`;
  if (inputs === 1) return [{ id, layer: shortName(column.node.name), label, ramp: "value", ...ends }];
  return [{ id, layer: "", label: say("colourKernelLegend"), ramp: "pixel", ...ends, hasMiddleZero: false }];
}

/** `2 of 24 ≈ 0`; empty where none is. */
export function describeSilentMaps({ columns }: Reading): string {
  let [silent, count] = [0, 0];
  for (const { column, maps } of columns) {
    if (maps === null || column.node.activation === null) continue;
    count += column.node.units;
    for (let map = 0; map < column.node.units; map++) if (isSilent(maps, map)) silent++;
  }
  return silent === 0 ? "" : say("silentMaps", { silent: formatCount(silent), maps: formatCount(count) });
}

/** Of which layers only some maps or heads are drawn, and which; empty where of none. */
export function describeMapsLeftOut({ columns }: Reading): string {
  const parts = columns.filter(hasMaps).filter(({ column, maps }) => maps.drawn.length < column.node.units);
  return Object.entries({
    mean: keyOf("mapsDrawn"),
    contribution: keyOf("mapsContributing"),
    sharpness: keyOf("headsDrawn"),
    size: keyOf("picturesDrawn"),
  })
    .map(([by, key]) => [key, listOf(parts.filter(({ maps }) => maps.by === by))] as const)
    .filter(([, list]) => list.length > 0)
    .map(([key, list]) => say(key, { list: list.join(say("comma")) }))
    .join(say("gap"));
}

function listOf(columns: readonly MapColumn[]): string[] {
  return columns.map(({ column: { node }, maps }) => {
    const part = say("ofAll", { part: formatCount(maps.drawn.length), count: formatCount(node.units) });
    return say("noted", { text: safeText(node.name), note: part });
  });
}
