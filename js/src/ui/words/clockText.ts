import type { Clock } from "../../core/clock.ts";
import type { Frame } from "../../core/frame.ts";
import { formatCount, formatEpoch } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";

/** `epoch 618.4`, or `step 1,234` where epochs are not known. */
export function clockText(clock: Clock, step: number): string {
  const epoch = clock.epochAt(step);
  return epoch === null ? say("step", { step: formatCount(step) }) : say("epoch", { epoch: formatEpoch(epoch) });
}

/** `epoch 618.4 (step 3,092)` */
export function exactText(clock: Clock, step: number): string {
  const epoch = clock.epochAt(step);
  if (epoch === null) return clockText(clock, step);
  return say("epochAndStep", { epoch: formatEpoch(epoch), step: formatCount(step) });
}

/** `of 40`; empty without a plan. */
export function planText({ clock, header: { epochs, step } }: Frame): string {
  const epoch = clock.epochAt(step);
  return epochs === null || epoch === null ? "" : say("ofPlan", { plan: planned(epochs, epoch) });
}

/** `epoch 12.3 of 50 (step 1,234)` */
export function timeText(frame: Frame): string {
  const { step, epochs } = frame.header;
  const epoch = frame.clock.epochAt(step);
  if (epoch === null || epochs === null) return exactText(frame.clock, step);
  const plan = planned(epochs, epoch);
  return say("epochOfPlan", { epoch: formatEpoch(epoch), plan, step: formatCount(step) });
}

function planned(epochs: number, epoch: number): string {
  return formatCount(Math.max(epochs, Math.ceil(epoch)));
}
