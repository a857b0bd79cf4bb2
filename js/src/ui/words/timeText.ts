import type { Frame } from "../../core/frame.ts";
import { formatCount, formatNumber } from "../../lib/numberFormat.ts";

export interface TimeScale {
  readonly unit: "Epoch" | "Step";
  readonly stepsPerUnit: number;
  readonly lastStep: number;
}

/** Epochs as soon as there are two, else steps. */
export function timeScaleOf(frame: Frame): TimeScale {
  const { stepsPerEpoch, latestEpoch, latestStep } = frame.header;
  const usesEpochs = stepsPerEpoch !== null && stepsPerEpoch > 0 && latestEpoch >= 2;
  return {
    unit: usesEpochs ? "Epoch" : "Step",
    stepsPerUnit: usesEpochs ? stepsPerEpoch : 1,
    lastStep: Math.max(latestStep, frame.header.step),
  };
}

/** `Epoch 120`, ` / 240` */
export function placeText(frame: Frame): { place: string; total: string } {
  const { unit } = timeScaleOf(frame);
  const { epoch, step, latestStep } = frame.header;
  return unit === "Epoch"
    ? { place: `Epoch ${formatCount(epoch)}`, total: ` / ${formatCount(lastEpoch(frame))}` }
    : { place: `Step ${formatCount(step)}`, total: latestStep > step ? ` / ${formatCount(latestStep)}` : "" };
}

/** How many epochs were asked for, or how many there are already. */
function lastEpoch({ header }: Frame): number {
  return Math.max(header.epochs ?? 0, header.latestEpoch);
}

/** `loss 0.059 · val 0.061` */
export function lossText(frame: Frame, style: "short" | "spoken"): string {
  const loss = frame.scalars.get("loss");
  const validation = frame.scalars.get("val_loss");
  const parts: string[] = [];
  if (loss !== undefined) parts.push(`loss ${formatNumber(loss, 3)}`);
  if (validation !== undefined) {
    parts.push(`${style === "short" ? "val" : "validation loss"} ${formatNumber(validation, 3)}`);
  }
  return parts.join(style === "short" ? " · " : ", ");
}

/** `epoch 120 of 240, loss 0.059` */
export function valueText(frame: Frame): string {
  const { unit } = timeScaleOf(frame);
  const { epoch, step, latestStep } = frame.header;
  const [now, last] = unit === "Epoch" ? [epoch, lastEpoch(frame)] : [step, latestStep];
  const place = `${unit.toLowerCase()} ${formatCount(now)} of ${formatCount(last)}`;
  return [place, lossText(frame, "spoken")].filter((part) => part !== "").join(", ");
}
