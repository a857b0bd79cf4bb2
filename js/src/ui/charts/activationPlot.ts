import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { setAttributes, setText, show, svg } from "../kit/dom.ts";
import type { ActivationCurve } from "./activationCurve.ts";
import type { ZHistogram } from "./zHistogram.ts";

const WIDEST = 264;
const NARROWEST = 136;
const LEFT = 34;
const RIGHT_GAP = 8;
const TOP = 8;
/** Below the axis: its numbers. */
const FOOT = 24;
const HEIGHT = 120;
const POINTS = 96;
const BARS_SHARE = 0.5;
const ROOM_FOR_NAME = 28;
const NAME_LIFT = 8;
/** An exponential soon leaves every scale; its curve ends at the plot's edge. */
const MOST_SHOWN = 1e30;
const LEAST_SHOWN = 1e-12;
const CHARACTER_PX = 7;
const NICE = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

export interface ActivationPlot {
  readonly element: SVGSVGElement;
  set(
    curve: ActivationCurve,
    histogram: ZHistogram | null,
    point: readonly [number, number] | null,
    ramps: Ramps,
  ): void;
}

/** Output over z: the curve, under it how often each z occurs, on it this sample; flat stretches are shaded and named. */
export function createActivationPlot(): ActivationPlot {
  const zones = svg("g");
  const grid = svg("path", { class: "nv-plot-grid" });
  const bars = svg("path", { class: "nv-z-bars" });
  const line = svg("path", { class: "nv-curve" });
  const drop = svg("path", { class: "nv-plot-drop" });
  const dot = svg("circle", { class: "nv-plot-dot", r: 5 });
  const ticks = svg("g");
  const element = svg("svg", { class: "nv-plot", "aria-hidden": "true" });
  element.append(zones, grid, bars, line, drop, dot, ticks);
  let drawn = "";
  return {
    element,
    set(curve, histogram, point, ramps) {
      const room = element.parentElement?.clientWidth || WIDEST;
      const width = Math.max(NARROWEST, Math.min(WIDEST, room));
      const height = element.parentElement?.clientHeight || HEIGHT;
      const scale = scaleOf(curve, histogram, point, width - RIGHT_GAP, height - FOOT);
      const { reach, low, high, x, y, right, bottom } = scale;
      const look = `${width} ${height} ${reach} ${low} ${high} ${curve.output(-1)} ${curve.flatText}`;
      if (look !== drawn) {
        drawn = look;
        setAttributes(element, { width, height });
        zones.replaceChildren(...curve.flatZones.flatMap(([from, to]) => zoneShapes(x(from), x(to), bottom)));
        const levels = [...new Set([low, 0, high])].filter((level) => level >= low);
        setAttributes(grid, { d: levels.map((level) => `M${LEFT},${y(level)}H${right}`).join("") });
        setAttributes(line, { d: curvePath(curve, scale) });
        ticks.replaceChildren(
          ...levels.map((level) => tick(LEFT - 6, Number(y(level)) + 4, "end", level)),
          ...ticksOf(reach, right - LEFT).map((z) => tick(x(z), bottom + 18, "middle", z)),
        );
      }
      setAttributes(bars, { d: histogram === null ? "" : barsPath(histogram, x, bottom) });
      const [z, a] = point ?? [Number.NaN, Number.NaN];
      const isSeen = Number.isFinite(z) && Number.isFinite(a);
      for (const part of [drop, dot]) show(part, isSeen);
      if (!isSeen) return;
      setAttributes(drop, { d: `M${x(z).toFixed(1)},${bottom}V${y(a)}` });
      setAttributes(dot, { cx: x(z).toFixed(1), cy: y(a) });
      dot.style.fill = low < 0 ? ramps.value.signed(a / Math.max(-low, high)) : ramps.magnitude.at(a / high);
    },
  };
}

interface Scale {
  readonly right: number;
  readonly bottom: number;
  readonly reach: number;
  readonly low: number;
  readonly high: number;
  readonly x: (z: number) => number;
  readonly y: (output: number) => string;
}

function scaleOf(
  curve: ActivationCurve,
  histogram: ZHistogram | null,
  point: readonly [number, number] | null,
  right: number,
  bottom: number,
): Scale {
  const wanted = [curve.reach, histogram?.low ?? 0, histogram?.high ?? 0, point?.[0] ?? 0];
  const reach = roundUp(Math.max(...wanted.map(Math.abs).filter(Number.isFinite)));
  const outputs = Array.from({ length: POINTS + 1 }, (_, i) => curve.output(reach * ((2 * i) / POINTS - 1)));
  const finite = outputs.filter((output) => Math.abs(output) < MOST_SHOWN);
  const high = roundUp(Math.max(...finite, LEAST_SHOWN));
  const lowest = Math.min(...finite, 0);
  const low = lowest > -0.05 * high ? 0 : -roundUp(-lowest);
  return {
    right,
    bottom,
    reach,
    low,
    high,
    x: (z) => LEFT + ((right - LEFT) * (clamp(z, -reach, reach) + reach)) / (2 * reach),
    y: (output) => (bottom - ((bottom - TOP) * (clamp(output, low, high) - low)) / (high - low)).toFixed(1),
  };
}

/** The next round number; what is already there within a thousandth stays (tanh reaches 0.999). */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (NICE.find((size) => size * 1.001 >= value / power) ?? 10);
}

/** Five places on the axis, or three where five would touch. */
function ticksOf(reach: number, width: number): number[] {
  const all = [-reach, -reach / 2, 0, reach / 2, reach];
  const longest = Math.max(...all.map((z) => formatScaleEnd(z).length));
  return longest * CHARACTER_PX + 8 <= width / 4 ? all : [-reach, 0, reach];
}

function curvePath({ output }: ActivationCurve, { reach, x, y }: Scale): string {
  const points = Array.from({ length: POINTS + 1 }, (_, i) => {
    const z = reach * ((2 * i) / POINTS - 1);
    return `${x(z).toFixed(1)},${y(output(z))}`;
  });
  return `M${points.join("L")}`;
}

function barsPath({ low, high, counts }: ZHistogram, x: (z: number) => number, bottom: number): string {
  const most = Math.max(1, ...Array.from(counts));
  const width = (high - low) / counts.length;
  return Array.from(counts, (count, bin) => {
    if (!(count > 0)) return "";
    const from = x(low + bin * width);
    const to = Math.max(from + 1, x(low + (bin + 1) * width) - 0.5);
    const top = bottom - Math.max(1, (count / most) * BARS_SHARE * (bottom - TOP));
    return `M${from.toFixed(1)},${bottom}V${top.toFixed(1)}H${to.toFixed(1)}V${bottom}Z`;
  }).join("");
}

function zoneShapes(from: number, to: number, bottom: number): SVGElement[] {
  const shade = svg("rect", { class: "nv-flat", x: from, y: TOP, width: Math.max(0, to - from), height: bottom - TOP });
  if (to - from < ROOM_FOR_NAME) return [shade];
  const name = svg("text", { x: (from + to) / 2, y: (TOP + bottom) / 2 - NAME_LIFT, "text-anchor": "middle" });
  setText(name, say("flat"));
  return [shade, name];
}

function tick(x: number, y: number, anchor: string, value: number): SVGElement {
  const text = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
  setText(text, formatScaleEnd(value));
  return text;
}
