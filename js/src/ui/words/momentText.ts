import type { Frame } from "../../core/frame.ts";
import { formatCount, formatNumber } from "../../lib/numberFormat.ts";

/** `sample 3 (target 1) at step 600` */
export function momentText({ header }: Frame): string {
  const target = header.target === null ? "" : ` (target ${formatNumber(header.target, 0)})`;
  return `sample ${formatCount(header.sample)}${target} at step ${formatCount(header.step)}`;
}
