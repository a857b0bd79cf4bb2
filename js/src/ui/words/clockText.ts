import type { Clock } from "../../core/clock.ts";
import type { Frame } from "../../core/frame.ts";
import { formatCount, formatEpoch } from "../../lib/numberFormat.ts";

/** `epoch 618.4`, or `step 1,234` where epochs are not known. */
export function clockText(clock: Clock, step: number): string {
  const epoch = clock.epochAt(step);
  return epoch === null ? `step ${formatCount(step)}` : `epoch ${formatEpoch(epoch)}`;
}

/** `epoch 618.4 (step 3,092)` */
export function exactText(clock: Clock, step: number): string {
  const text = clockText(clock, step);
  return text.startsWith("step") ? text : `${text} (step ${formatCount(step)})`;
}

/** ` of 40`; empty without a plan. */
export function planText({ clock, header: { epochs, step } }: Frame): string {
  const epoch = clock.epochAt(step);
  return epochs === null || epoch === null ? "" : ` of ${formatCount(Math.max(epochs, Math.ceil(epoch)))}`;
}

/** `epoch 12.3 of 50 (step 1,234)` */
export function timeText(frame: Frame): string {
  const { step } = frame.header;
  const text = clockText(frame.clock, step);
  return text.startsWith("step") ? text : `${text}${planText(frame)} (step ${formatCount(step)})`;
}
