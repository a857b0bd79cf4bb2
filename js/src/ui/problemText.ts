import type { FirstBad } from "../core/frame.ts";
import { formatCount } from "../lib/numberFormat.ts";
import { safeText } from "../lib/safeText.ts";

/** `dense_1/kernel became non-finite at epoch 37, batch 4`; where steps between were not looked at, the two ends. */
export function nonFiniteText({ what, step, epoch, batch, lastGoodStep }: FirstBad): string {
  const found =
    batch === 0 ? `the end of epoch ${formatCount(epoch)}` : `epoch ${formatCount(epoch)}, batch ${formatCount(batch)}`;
  const when = step - lastGoodStep <= 1 ? `at ${found}` : `between step ${formatCount(lastGoodStep)} and ${found}`;
  return `${safeText(what)} became non-finite ${when}`;
}
