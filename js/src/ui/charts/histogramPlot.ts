import { formatCount, formatScaleEnd } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText, show, svg } from "../kit/dom.ts";
import { type Histogram, histogramOf } from "./histogram.ts";

const WIDEST = 280;
const NARROWEST = 136;
const TOP = 4;
const FOOT = 48;
const HEIGHT = 68;
const CHARACTER_PX = 8;
/** A value that stands alone has a bar as wide as this. */
const ALONE_PX = 12;

export interface HistogramPlot {
  readonly element: HTMLElement;
  /** `what` the values are, in the plural, as the caption begins. */
  set(what: string, values: ArrayLike<number>): void;
}

/** How often each value occurs: bars from the least to the most, zero marked where it lies between. */
export function createHistogramPlot(): HistogramPlot {
  const caption = el("figcaption");
  const ground = svg("path", { class: "nv-plot-grid" });
  const bars = svg("path", { class: "nv-z-bars" });
  const zero = svg("path", { class: "nv-plot-drop" });
  const ends = [svg("text", { "text-anchor": "start" }), svg("text", { "text-anchor": "end" })] as const;
  const middle = svg("text", { "text-anchor": "middle" });
  const picture = svg("svg", { height: HEIGHT, role: "img" });
  picture.append(ground, bars, zero, ...ends, middle);
  const element = el("figure", { class: "nv-histogram" }, caption, picture);
  return {
    element,
    set(what, values) {
      const histogram = histogramOf(values);
      setText(caption, histogram === null ? say("noneFinite", { what }) : captionOf(what, histogram));
      show(picture, histogram !== null);
      if (histogram === null) return;
      const { low, high, counts } = histogram;
      const width = Math.max(NARROWEST, Math.min(WIDEST, element.clientWidth || WIDEST));
      const isAlone = low === high;
      const x = (value: number) => (isAlone ? width / 2 : (width * (value - low)) / (high - low));
      const hasZero = !isAlone && low < 0 && high > 0;
      const label = say("spanFrom", { what, least: formatScaleEnd(low), most: formatScaleEnd(high) });
      setAttributes(picture, {
        width,
        "aria-label": isAlone ? say("allAre", { what, value: formatScaleEnd(low) }) : label,
      });
      setAttributes(ground, { d: `M0,${FOOT}H${width}` });
      setAttributes(bars, { d: isAlone ? barPath(width / 2 - ALONE_PX / 2, ALONE_PX, TOP) : barsPath(counts, width) });
      setAttributes(zero, { d: hasZero ? `M${x(0).toFixed(1)},${FOOT}V${TOP}` : "" });
      const texts = isAlone ? ["", ""] : [formatScaleEnd(low), formatScaleEnd(high)];
      ends.forEach((end, i) => {
        setText(end, texts[i] ?? "");
        setAttributes(end, { x: i * width, y: HEIGHT - 4 });
      });
      const at = isAlone ? width / 2 : x(0);
      const isFree = texts.every((text, i) => Math.abs(at - i * width) > (text.length + 1) * CHARACTER_PX);
      setText(middle, isAlone ? formatScaleEnd(low) : hasZero && isFree ? "0" : "");
      setAttributes(middle, { x: at.toFixed(1), y: HEIGHT - 4 });
    },
  };
}

function captionOf(what: string, { counts }: Histogram): string {
  const most = Math.max(...counts);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return say("perBar", { what, all: formatCount(all), most: formatCount(most) });
}

function barPath(x: number, width: number, top: number): string {
  return `M${x.toFixed(1)},${FOOT}V${top.toFixed(1)}h${width.toFixed(1)}V${FOOT}Z`;
}

function barsPath(counts: readonly number[], width: number): string {
  const most = Math.max(1, ...counts);
  const pitch = width / counts.length;
  return counts
    .map((count, bin) => {
      const height = count === 0 ? 0 : Math.max(1, (count / most) * (FOOT - TOP));
      return count === 0 ? "" : barPath(bin * pitch, Math.max(1, pitch - 1), FOOT - height);
    })
    .join("");
}
