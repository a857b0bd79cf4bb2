import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { type BarActions, createBars } from "../charts/bars.ts";
import { show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import type { UnitReading } from "../words/readUnit.ts";
import type { SumRows } from "./sumRows.ts";

const AWAITED = say("weightsAwaited");
const OF_PLACES = say("noOneSum");

export interface SumPanel {
  readonly element: HTMLElement;
  set(sum: SumRows | null, reading: UnitReading, ramps: Ramps): void;
}

/** z = Σ w·a + b, term by term. */
export function createSumPanel(actions: BarActions, signal: AbortSignal): SumPanel {
  const bars = createBars(actions, signal);
  const section = createSection("", bars.element);
  section.element.classList.add("nv-sum");
  return {
    element: section.element,
    set(sum, { node, source, bias, weights }, ramps) {
      const isAwaited = sum === null && node.kind === "dense" && source !== null;
      show(section.element, sum !== null || isAwaited);
      show(bars.element, sum !== null);
      const input = source?.kind === "input" ? "xᵢ" : "aᵢ";
      section.setTitle(`z = Σ wᵢ·${input}${bias === null ? "" : " + b"}`);
      section.setNote(sum?.note ?? (weights === null ? AWAITED : OF_PLACES));
      if (sum !== null) bars.set(sum.rows, ramps);
    },
  };
}
