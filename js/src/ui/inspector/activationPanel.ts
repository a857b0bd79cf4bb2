import type { Frame } from "../../core/frame.ts";
import { activationName } from "../../lib/activationName.ts";
import { formatCount, formatPercent, formatSigned } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Ramps } from "../../theme/ramps.ts";
import { type ActivationCurve, activationCurve } from "../charts/activationCurve.ts";
import { createActivationPlot } from "../charts/activationPlot.ts";
import { readZHistogram, shareInside, type ZHistogram } from "../charts/zHistogram.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { createSection } from "../kit/section.ts";
import type { UnitReading } from "../words/readUnit.ts";

export interface ActivationPanel {
  readonly element: HTMLElement;
  set(reading: UnitReading, frame: Frame, ramps: Ramps): void;
}

/** How a unit's z becomes its output. */
export function createActivationPanel(): ActivationPanel {
  const plot = createActivationPlot();
  const picture = el("div", { class: "nv-plot-room", role: "img" });
  picture.append(plot.element);
  const flat = el("p", { class: "nv-sub nv-below" });
  const section = createSection(say("activationTitle"), picture, flat);
  const { element } = section;
  return {
    element,
    set(reading, frame, ramps) {
      const { node, z, activation } = reading;
      show(element, node.kind === "dense");
      if (node.kind !== "dense") return;
      const name = activationName(node.activation);
      const curve = activationCurve(node.activation, z, activation);
      const histogram = readZHistogram(frame, reading);
      show(picture, curve !== null);
      show(flat, curve !== null && curve.flatText !== "");
      if (curve === null) {
        section.setNote(
          node.activation === "softmax"
            ? say("softmaxHasNoCurve", { units: formatCount(node.units) })
            : say("noCurve", { activation: name }),
        );
        return;
      }
      section.setNote(
        histogram === null
          ? say("overZ", { activation: name })
          : say("overZOfSamples", { activation: name, samples: say("samples", { count: histogram.sampleCount }) }),
      );
      setText(flat, flatText(curve, histogram));
      const point: [number, number] | null = z === null || activation === null ? null : [z, activation];
      plot.set(curve, histogram, point, ramps);
      const here =
        point === null ? "" : say("curveHere", { z: formatSigned(point[0], 3), output: formatSigned(point[1], 3) });
      setAttributes(picture, { "aria-label": `${say("curveOf", { activation: name })}${here}` });
    },
  };
}

function flatText({ flatText: where, flatZones }: ActivationCurve, histogram: ZHistogram | null): string {
  if (where === "") return "";
  if (histogram === null) return say("flatWhere", { zone: where });
  return say("flatShare", { zone: where, share: formatPercent(shareInside(histogram, flatZones)) });
}
