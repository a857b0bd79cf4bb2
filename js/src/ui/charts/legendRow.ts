import { legendColor, middleOf, type PictureLegend, type RampLegend, type WidthLegend } from "../../draw/say/legend.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { boxOf } from "../../lib/pagePx.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { buildRamps, type Ramps, type ThemeName } from "../../theme/ramps.ts";
import { el, setAttributes, setText, svg } from "../kit/dom.ts";

const STOPS = 24;

export interface LegendRow {
  readonly element: HTMLElement;
  set(legend: PictureLegend): void;
  setTheme(theme: ThemeName): void;
}

/** One bar with numbers for each colour scale in use. */
export function createLegendRow(theme: ThemeName, signal: AbortSignal): LegendRow {
  const note = el("span", { class: "nv-legend-note" });
  const element = el("div", { class: "nv-legend", role: "group", "aria-label": say("legend") });
  const keepRows = rowKeeper();
  let ramps = buildRamps(theme);
  let shown: PictureLegend | null = null;

  const draw = (legend: PictureLegend) => {
    const entries = legend.ramps.map((entry) => rampEntry(entry, ramps));
    if (legend.width !== null) {
      entries.splice(1, 0, widthEntry(legend.width.label, legend.width.high));
    }
    setText(note, legend.note);
    element.replaceChildren(...entries, note);
    keepRows(element);
  };
  whenResized(element, () => keepRows(element), signal);

  return {
    element,
    set(legend) {
      if (JSON.stringify(legend) === JSON.stringify(shown)) return;
      shown = legend;
      draw(legend);
    },
    setTheme(name) {
      ramps = buildRamps(name);
      if (shown !== null) draw(shown);
    },
  };
}

/**
 * At one width a legend never gets lower again: the picture, which takes what room it leaves, may need fewer scales
 * where it is lower and more where it is higher, and the two would take turns for ever.
 */
function rowKeeper(): (element: HTMLElement) => void {
  let [width, height] = [0, 0];
  return (element) => {
    if (element.clientWidth !== width) {
      [width, height] = [element.clientWidth, 0];
      element.style.minBlockSize = "";
    }
    fitOneRow(element);
    if (element.offsetHeight <= height) return;
    height = element.offsetHeight;
    element.style.minBlockSize = `${height}px`;
  };
}

/** One row, if need be with shorter bars; else as many rows as it takes. */
function fitOneRow(element: HTMLElement): void {
  const { classList } = element;
  // The padding at the end is not part of what scrolls.
  const padding = Number.parseFloat(getComputedStyle(element).paddingInlineEnd) || 0;
  const overflows = () => element.scrollWidth > element.clientWidth || endOf(element) > element.clientWidth - padding;
  classList.add("nv-one-row");
  classList.remove("nv-short");
  classList.toggle("nv-short", overflows());
  if (overflows()) classList.remove("nv-one-row", "nv-short");
}

/** Where the last entry ends, in px from the start of the row. */
function endOf(row: HTMLElement): number {
  const last = row.lastElementChild;
  return last === null ? 0 : boxOf(last).right - boxOf(row).left;
}

function rampEntry(entry: RampLegend, ramps: Ramps): HTMLElement {
  const colorAt = (share: number) => legendColor(entry, ramps[entry.ramp], share);
  if (entry.low === entry.high) return oneValueEntry(entry, colorAt(middleOf(entry.ramp)));
  const colors = Array.from({ length: STOPS + 1 }, (_, index) => {
    return `${colorAt(index / STOPS)} ${((100 * index) / STOPS).toFixed(1)}%`;
  });
  const bar = el("span", { class: "nv-ramp", "aria-hidden": "true" });
  bar.style.backgroundImage = `linear-gradient(90deg, ${colors.join(", ")})`;
  if (entry.hasMiddleZero) bar.append(el("i"));
  const { low, high } = legendEnds(entry);
  const spread = spreadText(entry);
  return el(
    "span",
    { class: "nv-legend-entry", "data-ramp": entry.ramp },
    el("b", {}, entry.label),
    el("span", {}, low),
    bar,
    el("span", {}, high),
    spread === "" ? null : el("span", {}, spread),
  );
}

/** Nothing differs: one colour and its value. */
function oneValueEntry(entry: RampLegend, color: string): HTMLElement {
  const swatch = el("span", { class: "nv-ramp nv-swatch", "aria-hidden": "true" });
  swatch.style.backgroundColor = color;
  return el(
    "span",
    { class: "nv-legend-entry", "data-ramp": entry.ramp },
    el("b", {}, entry.label),
    swatch,
    el("span", {}, formatScaleEnd(entry.low)),
  );
}

/** The numbers at the ends of a scale; `≥` where drawn values lie beyond. */
export function legendEnds(entry: RampLegend): { readonly low: string; readonly high: string } {
  const { low, high, isClipped, isPerLayer = false } = entry;
  const isSigned = low < 0;
  const lowest = isPerLayer && isSigned ? "−m" : formatScaleEnd(low);
  const highest = isPerLayer ? "m" : formatScaleEnd(high);
  return {
    low: `${isClipped && isSigned ? "≤ " : ""}${lowest}`,
    high: `${isClipped ? "≥ " : ""}${isSigned && high > 0 ? "+" : ""}${highest}`,
  };
}

/** `m = 2.9 to 4.7`: how large the scales of the layers are; empty where there is one scale. */
export function spreadText({ spread }: RampLegend): string {
  const [least, most] = (spread ?? []).map(formatScaleEnd);
  return least === undefined ? "" : `m = ${least === most ? least : say("rangeTo", { least, most: most ?? least })}`;
}

/** What the thickest edge stands for. */
export function widthText({ label, high }: WidthLegend): string {
  return high === null ? label : `${label} ${formatScaleEnd(high)}`.trim();
}

function widthEntry(label: string, high: number | null): HTMLElement {
  const wedge = svg("svg", { class: "nv-wedge", width: 64, height: 12, "aria-hidden": "true" });
  const path = svg("path", { d: "M0 6 L64 1 L64 11Z" });
  setAttributes(path, { class: "nv-wedge-shape" });
  wedge.append(path);
  return el(
    "span",
    { class: "nv-legend-entry" },
    el("b", {}, say("width")),
    el("span", {}, "0"),
    wedge,
    el("span", {}, widthText({ label, high })),
  );
}
