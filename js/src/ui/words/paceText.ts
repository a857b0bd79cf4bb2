import { keyOf, say } from "../../lib/say.ts";

const RATE = /^(\S+) (step|epoch)s?\/(s|redraw)$/;
const RATES = {
  "step/s": keyOf("stepsPerSecond"),
  "epoch/s": keyOf("epochsPerSecond"),
  "epoch/redraw": keyOf("epochsPerRedraw"),
};

/** A pace of nnvis_widget/core/pace.py, `30 epochs/s`, in the language of the page. */
export function paceText(pace: string): string {
  const [, amount = "", unit, per] = RATE.exec(pace) ?? [];
  const key = RATES[`${unit}/${per}` as keyof typeof RATES];
  if (key !== undefined) return say(key, { count: Number(amount), amount });
  return pace === FASTEST ? say("fastest") : pace;
}

const FASTEST = "as fast as it can";
