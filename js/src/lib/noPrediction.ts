import { say } from "./say.ts";

/** `no prediction: NaN` or `no prediction: infinite` where outputs are no numbers, `null` where all are. */
export function noPrediction(outputs: ArrayLike<number>): string | null {
  let isInfinite = false;
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i] ?? Number.NaN;
    if (Number.isNaN(output)) return say("noPredictionNan");
    isInfinite ||= !Number.isFinite(output);
  }
  return isInfinite ? say("noPredictionInfinite") : null;
}
