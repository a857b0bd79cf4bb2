import type { Clock } from "../../core/clock.ts";
import type { FirstBad } from "../../core/frame.ts";
import { safeText } from "../../lib/safeText.ts";
import { clockText, exactText } from "./clockText.ts";

/**
 * `Train loss became NaN at epoch 37.1 (step 372)`; `dense_1/kernel became infinite between epoch 0.2 (step 2) and …`
 * where the steps between were not looked at.
 */
export function nonFiniteText(bad: FirstBad, clock: Clock): string {
  const { what, step, soundStep, metric, isNan } = bad;
  const found = exactText(clock, step);
  const isExact = soundStep !== null && step - soundStep <= 1;
  const since = soundStep === null ? `at or before ${found}` : `between ${exactText(clock, soundStep)} and ${found}`;
  const subject = metric === null ? safeText(what) : lossName(metric);
  return `${subject} became ${isNan ? "NaN" : "infinite"} ${isExact ? `at ${found}` : since}`;
}

/** What else is known: the tensor, and whether one can go back. */
export function nonFiniteDetail({ what, metric, lastGoodStep }: FirstBad): string {
  const tensor = metric === null || what === metric ? "" : `First non-finite tensor: ${safeText(what)}. `;
  return `${tensor}${lastGoodStep === null ? "No step before it is kept." : "The last good step is kept."}`;
}

/** `NaN since epoch 84.2`, for a pill; what was infinite first may be NaN by now. */
export function nonFiniteWord({ step, isNan }: FirstBad, clock: Clock): string {
  return `${isNan ? "NaN" : "not finite"} since ${clockText(clock, step)}`;
}

function lossName(metric: string): string {
  const name = metric === "loss" ? "train loss" : metric === "val_loss" ? "val loss" : safeText(metric);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
