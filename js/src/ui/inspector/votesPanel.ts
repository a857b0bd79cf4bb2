import type { Frame, Scenery } from "../../core/frame.ts";
import { formatCount, formatSigned } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { type BarActions, createBars } from "../charts/bars.ts";
import { show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import { className, type UnitReading, unitName } from "../words/readUnit.ts";
import { SUM_DECIMALS } from "./addUp.ts";

const ALL_UP_TO = 12;
const STRONGEST = 6;

export interface VotesPanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, scenery: Scenery | null, ramps: Ramps, lit: number | null): void;
}

/** What a unit adds to the z of each unit of the next layer. */
export function createVotesPanel(actions: BarActions, signal: AbortSignal): VotesPanel {
  const bars = createBars(actions, signal);
  const section = createSection("", bars.element);
  return {
    element: section.element,
    set({ node, next, activation }, frame, scenery, ramps, lit) {
      const canVote = next !== null && activation !== null;
      show(section.element, canVote);
      if (!canVote) return;
      const values = Array.from(next.weights, (weight) => weight * activation);
      const areNamed = className(next.node, 0, scenery) !== null;
      const isOneTrue = areNamed && scenery?.task.kind === "one_of_several";
      const target = isOneTrue ? frame.header.target : null;
      const shown = strongestVotes(values, target);
      const rest = values.length - shown.length;
      const toAll = scenery?.task.kind === "labels" ? keyOf("votesToLabels") : keyOf("votesToClasses");
      section.setTitle(areNamed ? say(toAll) : say("votesTo", { layer: safeText(next.node.name) }));
      section.setNote(
        say("votesNote", { value: node.kind === "input" ? "x" : "a" }) +
          (rest > 0 ? say("smallerVotes", { rest: formatCount(rest) }) : ""),
      );
      bars.set(
        shown.map((unit) => ({
          label: unitName(next.node, unit, scenery),
          detail: "",
          value: values[unit] ?? Number.NaN,
          number: formatSigned(values[unit] ?? Number.NaN, SUM_DECIMALS),
          unit,
          isBold: unit === target,
          isLit: unit === lit,
          isTotal: false,
        })),
        ramps,
      );
    },
  };
}

/** All votes up to twelve, else the six largest and the one for the true class, in the layer's order. */
export function strongestVotes(values: readonly number[], target: number | null): number[] {
  const units = values.map((_, unit) => unit);
  if (units.length <= ALL_UP_TO) return units;
  const sizeOf = (unit: number) => Math.abs(values[unit] ?? 0) || 0;
  const shown = new Set(units.toSorted((one, other) => sizeOf(other) - sizeOf(one)).slice(0, STRONGEST));
  if (target !== null && target < units.length) shown.add(target);
  return units.filter((unit) => shown.has(unit));
}
