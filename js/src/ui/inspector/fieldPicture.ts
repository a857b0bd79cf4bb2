import type { Frame, Scenery } from "../../core/frame.ts";
import { PLANE_STRENGTH } from "../../draw/marks/planeStrength.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { isPlaneOfShares } from "../../layout/unitNames.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { isShare } from "../../lib/outputText.ts";
import { say } from "../../lib/say.ts";
import type { Ramp, Ramps } from "../../theme/ramps.ts";
import { createPixelPicture } from "../charts/pixelPicture.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { el, show } from "../kit/dom.ts";
import type { UnitReading } from "../words/readUnit.ts";

export interface FieldPicture {
  readonly element: HTMLElement;
  /** Whether there is one for this unit. */
  set(reading: UnitReading, frame: Frame, scenery: Scenery | null, ramps: Ramps): boolean;
}

/** The output of a unit over the plane of the inputs, with the chosen sample ringed. */
export function createFieldPicture(): FieldPicture {
  const picture = createPixelPicture();
  const scale = createRampBar();
  const element = el("figure", { class: "nv-field" }, picture.element, scale.element);
  return {
    element,
    set(reading, frame, scenery, ramps) {
      const { field, unit } = reading;
      const [count = 0, height = 0, width = 0] = field?.shape ?? [];
      const hasField = field !== null && unit < count;
      show(element, hasField);
      if (!hasField) return false;
      const { ramp, low, high, share, colour } = fieldScale(reading, scenery, ramps);
      const start = unit * height * width;
      const pixel = (place: number) => share(at(field.values, start + place));
      picture.set(width, height, pixel, ramp, true, say("outputOverPlane"));
      picture.mark(samplePlace(frame, scenery));
      const isSigned = low < 0;
      scale.set(formatScaleEnd(low), `${isSigned ? "+" : ""}${formatScaleEnd(high)}`, ramp, isSigned, colour);
      return true;
    },
  };
}

/** Where this sample lies on the plane of the inputs, as shares from the left and the top. */
function samplePlace(frame: Frame, scenery: Scenery | null): [number, number] | null {
  const extent = scenery?.extent ?? null;
  const inputs = frame.sections.find((section) => section.quantity === "activation" && section.values.length === 2);
  if (extent === null || inputs === undefined) return null;
  const [x0, x1, y0, y1] = extent;
  const [x = 0, y = 0] = inputs.values;
  const place: [number, number] = [(x - x0) / (x1 - x0), 1 - (y - y0) / (y1 - y0)];
  return place.every((share) => share >= 0 && share <= 1) ? place : null;
}

const SIGNED_ONE = new Set(["tanh", "softsign", "hard_tanh"]);

interface FieldScale {
  readonly ramp: Ramp;
  readonly low: number;
  readonly high: number;
  readonly share: (code: number) => number;
  /** Where on the ramp a share of the scale lies, if not there. */
  readonly colour?: (share: number) => number;
}

/** The colour of a field's byte: 0 is NaN, 1..255 run from `lo` to `hi`. */
function fieldScale({ field, node, unit }: UnitReading, scenery: Scenery | null, ramps: Ramps): FieldScale {
  const lo = Number(field?.attributes.lo ?? 0);
  const hi = Number(field?.attributes.hi ?? 1);
  const activation = node.activation ?? "";
  const isPositive = lo >= 0 && node.kind !== "input";
  const isUnit = isShare(node.activation) || SIGNED_ONE.has(activation);
  const high = isUnit ? 1 : Math.max(Math.abs(lo), Math.abs(hi)) || 1;
  const numberOf = (code: number) => (code === 0 ? Number.NaN : lo + ((code - 1) / 254) * (hi - lo));
  if (isPlaneOfTwo(node, scenery)) {
    // As in the prediction field: the one class orange, the other blue, halfway between them neither.
    const isFirst = node.units === 2 && unit === 0;
    const colour = (p: number) => 0.5 + ((isFirst ? 1 - p : p) - 0.5) * PLANE_STRENGTH;
    return { ramp: ramps.value, low: 0, high: 1, share: (code) => colour(numberOf(code)), colour };
  }
  return isPositive
    ? { ramp: ramps.magnitude, low: 0, high, share: (code) => numberOf(code) / high }
    : { ramp: ramps.value, low: -high, high, share: (code) => 0.5 + (0.5 * numberOf(code)) / high };
}

/** Whether the prediction field draws this layer's output as the probability of one of two classes. */
function isPlaneOfTwo(node: NetworkNode, scenery: Scenery | null): boolean {
  return node.isOutput && node.units <= 2 && isPlaneOfShares(scenery) && isShare(node.activation);
}
