import { say } from "../../lib/say.ts";

/** Over how long the pace is observed, and how long at least. */
const WINDOW_MS = 30_000;
const LEAST_MS = 4000;
const SAMPLE_MS = 1000;
/** What is said stays for so long: a number that jumps is read by nobody. */
const CALM_MS = 5000;

export interface TimeLeft {
  /** What is said of a training that is at `epoch` of `epochs`; empty where its pace is not known, or it rests. */
  text(now_ms: number, epoch: number | null, epochs: number | null, isRunning: boolean): string;
}

/** When a training with a plan will be done, from the pace that is observed. */
export function createTimeLeft(): TimeLeft {
  let seen: { at_ms: number; epoch: number }[] = [];
  let said = "";
  let saidAt_ms = Number.NEGATIVE_INFINITY;
  const forget = () => {
    seen = [];
    said = "";
    saidAt_ms = Number.NEGATIVE_INFINITY;
  };
  return {
    text(now_ms, epoch, epochs, isRunning) {
      if (!isRunning || epoch === null || epochs === null || epoch < (seen.at(-1)?.epoch ?? epoch)) forget();
      if (!isRunning || epoch === null || epochs === null) return "";
      const newest = seen.at(-1);
      if (newest === undefined || now_ms - newest.at_ms >= SAMPLE_MS) seen.push({ at_ms: now_ms, epoch });
      while (now_ms - (seen[1]?.at_ms ?? now_ms) >= WINDOW_MS) seen.shift();
      const first = seen[0];
      if (first === undefined || now_ms - first.at_ms < LEAST_MS || epoch <= first.epoch) return said;
      if (said === "" || now_ms - saidAt_ms >= CALM_MS) {
        const left_ms = ((epochs - epoch) * (now_ms - first.at_ms)) / (epoch - first.epoch);
        said = durationText(left_ms / 1000);
        saidAt_ms = now_ms;
      }
      return said;
    },
  };
}

/** `about 2 min left` */
export function durationText(left_s: number): string {
  if (left_s < 15) return say("fewSecondsLeft");
  if (left_s < 95) return say("secondsLeft", { left: 10 * Math.round(left_s / 10) });
  if (left_s < 95 * 60) return say("minutesLeft", { left: Math.round(left_s / 60) });
  if (left_s < 47 * 3600) return say("hoursLeft", { left: Math.round(left_s / 3600) });
  return say("daysLeft", { left: Math.round(left_s / 86_400) });
}
