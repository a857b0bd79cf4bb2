import type { Shape } from "../../core/graph.ts";
import { fitText, type Measure } from "../../lib/fitText.ts";
import { formatShape } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";

/** The first of several ways to say something that there is room for; the last is cut where none is. */
export function firstFitting(ways: readonly string[], roomPx: number, measure: Measure): string {
  return ways.find((way) => measure(way) <= roomPx) ?? fitText(ways.at(-1) ?? "", roomPx, measure);
}

/** `14×14×1024`, shorter `14²×1024`, and only `1,024 maps` or `…×1024`. */
export function shapeWays(shape: Shape | undefined): readonly string[] {
  const whole = formatShape(shape).replaceAll(/[, ]/g, "");
  const [rows, columns, maps, ...more] = shape?.slice(1) ?? [];
  if (typeof maps !== "number" || more.length > 0) return [whole];
  const square = typeof rows === "number" && rows === columns ? [`${rows}²×${maps}`] : [];
  return [whole, ...square, say("maps", { count: maps }), `…×${maps}`];
}

/** `BatchNormalization`, shorter `BatchNorm`. */
export function typeWays(type: string): readonly string[] {
  return [type, SHORT.reduce((short, [long, word]) => short.replace(long, word), type)];
}

const SHORT = [
  ["Normalization", "Norm"],
  ["Activation", "Activ"],
  ["Concatenate", "Concat"],
  ["Pooling", "Pool"],
  ["Padding", "Pad"],
  ["Average", "Avg"],
  ["Separable", "Sep"],
  ["Depthwise", "Depth"],
  ["Transpose", "Transp"],
  ["UpSampling", "UpSamp"],
  ["InputLayer", "Input"],
] as const;
