import { safeText } from "./safeText.ts";
import { keyOf, say } from "./say.ts";

/** `train loss`, `val accuracy`; where a training has no epochs, what was told of it at a step is what it was called. */
export function metricLabel(name: string, hasEpochs: boolean): string {
  const isVal = name.startsWith("val_");
  const metric = name.replace(/^val_/, "").replaceAll("_", " ");
  if (metric === "loss") return say(isVal ? keyOf("valLoss") : hasEpochs ? keyOf("trainLoss") : keyOf("loss"));
  if (metric === "accuracy")
    return say(isVal ? keyOf("valAccuracy") : hasEpochs ? keyOf("trainAccuracy") : keyOf("accuracy"));
  return safeText(isVal ? say("valMetric", { metric }) : hasEpochs ? say("trainMetric", { metric }) : metric);
}
