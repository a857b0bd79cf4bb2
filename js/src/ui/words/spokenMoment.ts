import type { Frame } from "../../core/frame.ts";
import { say } from "../../lib/say.ts";
import { timeText } from "./clockText.ts";
import { lossesText } from "./metrics.ts";

/** `epoch 120.0 of 240 (step 600), train loss 0.061, val loss 0.059` */
export function spokenMoment(frame: Frame): string {
  return [timeText(frame), lossesText(frame)].filter((part) => part !== "").join(say("comma"));
}
