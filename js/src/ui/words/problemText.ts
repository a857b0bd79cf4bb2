import type { Clock } from "../../core/clock.ts";
import type { FirstBad } from "../../core/frame.ts";
import { capital } from "../../lib/capital.ts";
import { metricLabel } from "../../lib/metricLabel.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import { clockText, exactText } from "./clockText.ts";

/**
 * `Train loss became NaN at epoch 37.1 (step 372)`; `dense_1/kernel became infinite between epoch 0.2 (step 2) and …`
 * where the steps between were not looked at.
 */
export function nonFiniteText(bad: FirstBad, clock: Clock): string {
  const { what, step, soundStep, metric, isNan } = bad;
  const found = exactText(clock, step);
  const isExact = soundStep !== null && step - soundStep <= 1;
  const since =
    soundStep === null
      ? say("atOrBefore", { moment: found })
      : say("betweenMoments", { first: exactText(clock, soundStep), last: found });
  const when = isExact ? say("atMoment", { moment: found }) : since;
  return say(isNan ? keyOf("becameNan") : keyOf("becameInfinite"), {
    what: metric === null ? safeText(what) : lossName(metric),
    when,
  });
}

/** What else is known: the tensor, and whether one can go back. */
export function nonFiniteDetail({ what, metric, lastGoodStep }: FirstBad): string {
  const kept = say(lastGoodStep === null ? keyOf("noStepKept") : keyOf("lastGoodKept"));
  if (metric === null || what === metric) return kept;
  return [say("firstTensor", { tensor: safeText(what) }), kept].join(say("gap"));
}

/** `NaN since epoch 84.2`, for a pill; what was infinite first may be NaN by now. */
export function nonFiniteWord({ step, isNan }: FirstBad, clock: Clock): string {
  return say(isNan ? keyOf("nanSince") : keyOf("notFiniteSince"), { moment: clockText(clock, step) });
}

function lossName(metric: string): string {
  const isLoss = metric === "loss" || metric === "val_loss";
  return capital(isLoss ? metricLabel(metric, true) : safeText(metric));
}
