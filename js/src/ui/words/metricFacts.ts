import type { Frame } from "../../core/frame.ts";
import { formatNumber, formatPercent } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import type { Fact } from "../kit/facts.ts";

/** The loss and the metrics of a frame, as they are read. */
export function metricFacts(frame: Frame | null): Fact[] {
  return [...(frame?.scalars ?? [])].map(([name, value]) => ({
    name: safeText(name.replace(/^val_/, "validation ").replaceAll("_", " ")),
    value: name.includes("accuracy") ? formatPercent(value) : formatNumber(value, 3),
    isBold: true,
  }));
}
