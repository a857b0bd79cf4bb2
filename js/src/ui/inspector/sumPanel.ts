import type { Ramps } from "../../theme/ramps.ts";
import { type BarActions, createBars } from "../charts/bars.ts";
import { show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import type { UnitReading } from "../words/readUnit.ts";
import type { SumRows } from "./sumRows.ts";

export interface SumPanel {
  readonly element: HTMLElement;
  set(sum: SumRows | null, reading: UnitReading, ramps: Ramps): void;
}

/** z = Σ w·a + b, term by term. */
export function createSumPanel(actions: BarActions, signal: AbortSignal): SumPanel {
  const bars = createBars(actions, signal);
  const section = createSection("", bars.element);
  return {
    element: section.element,
    set(sum, { node, source, bias }, ramps) {
      const isAwaited = sum === null && node.kind === "dense" && source !== null;
      show(section.element, sum !== null || isAwaited);
      show(bars.element, sum !== null);
      const input = source?.kind === "input" ? "xᵢ" : "aᵢ";
      section.setTitle(`z = Σ wᵢ·${input}${bias === null ? "" : " + b"}`);
      section.setNote(sum?.note ?? "The weights of this unit have not come yet.");
      if (sum !== null) bars.set(sum.rows, ramps);
    },
  };
}
