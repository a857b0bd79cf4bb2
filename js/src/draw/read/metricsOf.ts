import type { Frame } from "../../core/frame.ts";
import { metricLabel } from "../../lib/metricLabel.ts";
import { say } from "../../lib/say.ts";

/** A metric as it stands large: that of the last whole epoch, see nnvis_widget/run/headline.py. */
export interface Metric {
  readonly name: string;
  /** `train loss`, `val accuracy`; `probe loss` before an epoch has ended; as it was told where there are none. */
  readonly label: string;
  readonly value: number;
  /** Which epoch; 0 where none has ended, `null` where the value is that of the step. */
  readonly epoch: number | null;
  /** Of the epoch ten before. */
  readonly before: number | null;
  /** The mean over the running epoch so far. */
  readonly soFar: number | null;
}

export function metricsOf(frame: Frame | null): Metric[] {
  const rows = frame?.section("headline")?.values;
  const at = (place: number): number | null => {
    const value = rows?.[place] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  return [...(frame?.scalars ?? [])].map(([name, value], place) => {
    const epoch = at(3 * place);
    return {
      name,
      label: isOfProbe({ epoch, value }) ? say("probeLoss") : metricLabel(name, epoch !== null),
      value,
      epoch,
      before: at(3 * place + 1),
      soFar: at(3 * place + 2),
    };
  });
}

/** The loss of the probe batch, which stands there while no epoch has ended. */
export function isOfProbe({ epoch, value }: Pick<Metric, "epoch" | "value">): boolean {
  return epoch === 0 && !Number.isNaN(value);
}
