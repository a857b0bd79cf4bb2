import type { Frame } from "../../core/frame.ts";
import { isOfProbe, type Metric, metricsOf } from "../../draw/read/metricsOf.ts";
import { formatCount, formatNumber, formatPercent, formatSigned } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** `0.123`, `87.5%`; a dash where no epoch has ended and none is known. */
export function metricText({ name, value, epoch }: Metric): string {
  if (epoch === 0 && Number.isNaN(value)) return "–";
  return name.includes("accuracy") ? formatPercent(value) : formatNumber(value, 3);
}

/** `−0.041`: since ten epochs before; `null` where that is not known. */
export function changeText({ name, value, before }: Metric): string | null {
  const change = before === null ? Number.NaN : value - before;
  if (Number.isNaN(change)) return null;
  return name.includes("accuracy") ? say("points", { change: formatSigned(100 * change, 1) }) : formatSigned(change, 3);
}

/** The newest epoch that a metric is of: 0 where none has ended, `null` in a training without epochs. */
export function newestEpoch(metrics: readonly Metric[]): number | null {
  return metrics.reduce<number | null>((most, { epoch }) => (epoch === null ? most : Math.max(most ?? 0, epoch)), null);
}

/** `Metrics of epoch 12: train loss 0.123 (−0.041 in 10 epochs), val loss 0.130` */
export function metricsText(metrics: readonly Metric[]): string {
  const newest = newestEpoch(metrics);
  const probe = metrics.find(isOfProbe);
  if (newest === 0) return probe === undefined ? say("noEpochYet") : say("probeLossOnly", { loss: metricText(probe) });
  const said = metrics.map((metric) => {
    const change = changeText(metric);
    const notes = [
      ...(metric.epoch === newest ? [] : [say("epoch", { epoch: formatCount(metric.epoch ?? 0) })]),
      ...(change === null ? [] : [say("inTenEpochs", { change })]),
    ];
    const text = `${metric.label} ${metricText(metric)}`;
    return notes.length === 0 ? text : say("noted", { text, note: notes.join(say("comma")) });
  });
  const list = said.join(say("comma"));
  return newest === null ? say("metricsAtStep", { list }) : say("metricsOfEpoch", { epoch: formatCount(newest), list });
}

/** `train loss 0.059, val loss 0.061`; before an epoch has ended the probe loss, if it is known. */
export function lossesText(frame: Frame): string {
  return lossesOf(frame)
    .filter((metric) => metric.epoch !== 0 || isOfProbe(metric))
    .map((metric) => `${metric.label} ${metricText(metric)}`)
    .join(say("comma"));
}

/** That of training and that of validation, as far as there are any. */
export function lossesOf(frame: Frame | null): Metric[] {
  return metricsOf(frame).filter(({ name }) => name === "loss" || name === "val_loss");
}

/** The metrics as rows; of another epoch than the newest are those of a validation that is not made after each. */
export function metricFacts(frame: Frame | null): Fact[] {
  const metrics = metricsOf(frame);
  const newest = newestEpoch(metrics);
  return metrics.map((metric) => ({
    name:
      metric.epoch === newest
        ? metric.label
        : say("noted", { text: metric.label, note: say("epoch", { epoch: formatCount(metric.epoch ?? 0) }) }),
    value: metricText(metric),
    isBold: true,
  }));
}
