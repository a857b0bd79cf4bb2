import { safeText } from "./safeText.ts";

/** `train loss`, `val accuracy`; where a training has no epochs, what was told of it at a step is what it was called. */
export function metricLabel(name: string, hasEpochs: boolean): string {
  const whose = name.startsWith("val_") ? "val " : hasEpochs ? "train " : "";
  return safeText(whose + name.replace(/^val_/, "").replaceAll("_", " "));
}
