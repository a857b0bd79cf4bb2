import { NEVER_NEGATIVE } from "../../core/anatomy.ts";
import type { Scenery } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatCount, formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Hover } from "../../store/viewState.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { type BarActions, createBars } from "../charts/bars.ts";
import { createSection } from "../kit/section.ts";
import { unitName } from "../words/readUnit.ts";
import { SUM_DECIMALS } from "./addUp.ts";

const MOST = 8;

export interface StrongestPanel {
  readonly element: HTMLElement;
  set(node: NetworkNode, output: ArrayLike<number>, scenery: Scenery | null, hover: Hover | null, ramps: Ramps): void;
}

/** The units of a layer with the largest output for the sample, as links. */
export function createStrongestPanel(actions: BarActions, signal: AbortSignal): StrongestPanel {
  const bars = createBars(actions, signal);
  const section = createSection(say("strongestUnits"), bars.element);
  return {
    element: section.element,
    set(node, output, scenery, hover, ramps) {
      const units = strongestUnits(output);
      const isInput = node.kind === "input";
      const rest = output.length - units.length;
      section.setTitle(say(isInput ? keyOf("strongestInputs") : keyOf("strongestUnits")));
      section.setNote(
        rest > 0
          ? say("strongestOfSample", {
              shown: units.length,
              all: say(isInput ? keyOf("inputs") : keyOf("units"), { count: output.length }),
            })
          : say("allOfSample", { all: formatCount(output.length) }),
      );
      const lit = node.layers.some((layer) => layer.id === hover?.layer) ? hover?.unit : null;
      const isNeverNegative = NEVER_NEGATIVE.has(node.activation ?? "");
      const write = isNeverNegative ? formatNumber : formatSigned;
      bars.set(
        units.map((unit) => ({
          label: unitName(node, unit, scenery),
          detail: "",
          value: at(output, unit),
          number: write(at(output, unit), SUM_DECIMALS),
          unit,
          isBold: false,
          isLit: unit === lit,
          isTotal: false,
        })),
        ramps,
        isNeverNegative,
      );
    },
  };
}

/** The units by magnitude, the largest first, at most eight; what is not a number comes first of all: it must be seen. */
export function strongestUnits(output: ArrayLike<number>): number[] {
  const sizeOf = (unit: number) => {
    const size = Math.abs(at(output, unit));
    return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
  };
  const order = (one: number, other: number) =>
    sizeOf(one) === sizeOf(other) ? one - other : sizeOf(other) - sizeOf(one);
  return Array.from(output, (_, unit) => unit)
    .sort(order)
    .slice(0, MOST);
}
