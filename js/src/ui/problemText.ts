import type { FirstBad } from "../core/frame.ts";
import { formatCount } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";

/** `dense_1/kernel became non-finite at epoch 37, batch 4` */
export function nonFiniteText({ what, epoch, batch }: FirstBad): string {
  return `${safeText(what)} became non-finite at epoch ${formatCount(epoch)}, batch ${formatCount(batch)}`;
}
