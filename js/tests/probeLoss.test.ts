// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { header, timeSections } from "../demo/frames.ts";
import { Frame } from "../src/core/frame.ts";
import { metricsOf } from "../src/draw/read/metricsOf.ts";
import { createReadout } from "../src/ui/timeline/readout.ts";
import { lossesText, metricFacts, metricsText } from "../src/ui/words/metrics.ts";

const LOSSES = { loss: 0.7, val_loss: Number.NaN };

function frameAt(step: number, scalars: Readonly<Record<string, number>>): Frame {
  return new Frame(header, new Map(Object.entries(scalars)), new Map(), timeSections(step, step, scalars), 0);
}

describe("the loss before an epoch has ended", () => {
  const frame = frameAt(3, LOSSES);

  it("is called what it is, wherever it stands", () => {
    expect(metricFacts(frame).map(({ name, value }) => `${name} ${value}`)).toEqual(["probe loss 0.700", "val loss –"]);
    expect(lossesText(frame)).toBe("probe loss 0.700");
    expect(metricsText(metricsOf(frame))).toBe("No epoch has ended yet; loss of the probe batch: 0.700");
    const readout = createReadout();
    readout.update(frame, "");
    expect(readout.element.textContent).toContain("probe loss0.700");
    expect(readout.element.textContent).toContain("val loss–");
  });

  it("gives way to the loss of the first epoch", () => {
    const later = frameAt(5, { loss: 0.5, val_loss: 0.6 });
    expect(lossesText(later)).toBe("train loss 0.500, val loss 0.600");
  });

  it("is a dash where it is not known", () => {
    const unknown = frameAt(3, { loss: Number.NaN });
    expect(metricFacts(unknown).map(({ name, value }) => `${name} ${value}`)).toEqual(["train loss –"]);
    expect(metricsText(metricsOf(unknown))).toBe("Metrics: no epoch has ended yet");
  });
});
