import type { Frame } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { exactText } from "./clockText.ts";

/** `sample 3 (class 1) at epoch 120.0 (step 600)` */
export function sampleMoment({ header, clock }: Frame): string {
  const truth = header.truth === "" ? "" : ` (${header.truth})`;
  return `sample ${formatCount(header.sample)}${truth} at ${exactText(clock, header.step)}`;
}
