import type { Frame } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";

/** `sample 3 (class 1) at step 600` */
export function momentText({ header }: Frame): string {
  const truth = header.truth === "" ? "" : ` (${header.truth})`;
  return `sample ${formatCount(header.sample)}${truth} at step ${formatCount(header.step)}`;
}
