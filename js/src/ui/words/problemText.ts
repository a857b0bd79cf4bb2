import type { FirstBad } from "../../core/frame.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";

/**
 * `Loss became NaN at epoch 37, batch 4`; `dense_1/kernel became infinite between step 2 and …` where the steps
 * between were not looked at.
 */
export function nonFiniteText(bad: FirstBad): string {
  const { what, step, epoch, batch, soundStep, metric, isNan } = bad;
  const found =
    batch === 0 ? `the end of epoch ${formatCount(epoch)}` : `epoch ${formatCount(epoch)}, batch ${formatCount(batch)}`;
  const isExact = soundStep !== null && step - soundStep <= 1;
  const since = soundStep === null ? `at or before ${found}` : `between step ${formatCount(soundStep)} and ${found}`;
  const subject = metric === null ? safeText(what) : lossName(metric);
  return `${subject} became ${isNan ? "NaN" : "infinite"} ${isExact ? `at ${found}` : since}`;
}

/** What else is known: the tensor, and whether one can go back. */
export function nonFiniteDetail({ what, metric, lastGoodStep }: FirstBad): string {
  const tensor = metric === null || what === metric ? "" : `First non-finite tensor: ${safeText(what)}. `;
  return `${tensor}${lastGoodStep === null ? "No step before it is kept." : "The last good step is kept."}`;
}

/** `NaN since step 421`, for a pill; what was infinite first may be NaN by now. */
export function nonFiniteWord({ step, isNan }: FirstBad): string {
  return `${isNan ? "NaN" : "not finite"} since step ${formatCount(step)}`;
}

function lossName(metric: string): string {
  const name = metric === "loss" ? "loss" : metric === "val_loss" ? "validation loss" : safeText(metric);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
