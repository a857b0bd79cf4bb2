import type { Frame } from "../../core/frame.ts";
import { isOfProbe, type Metric } from "../../draw/read/metricsOf.ts";
import { formatCount, formatEpoch } from "../../lib/numberFormat.ts";
import { keyOf, say } from "../../lib/say.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { planText, timeText } from "../words/clockText.ts";
import { changeText, lossesOf, metricText } from "../words/metrics.ts";
import { createTimeLeft } from "./timeLeft.ts";

export interface Readout {
  readonly element: HTMLElement;
  /** `note` is said with the time. */
  update(frame: Frame | null, note: string): void;
}

/** The clock of the page, and both losses as large numbers. */
export function createReadout(now_ms: () => number = Date.now): Readout {
  const clock = createFigure("nv-clock");
  const bar = el("i");
  const progress = el(
    "div",
    { class: "nv-progress", role: "progressbar", "aria-label": say("epochsDone"), hidden: true },
    bar,
  );
  clock.element.append(progress);
  const losses = [createFigure("nv-loss-number"), createFigure("nv-loss-number")];
  const element = el("div", { class: "nv-readout" }, clock.element, ...losses.map((figure) => figure.element));
  const timeLeft = createTimeLeft();
  return {
    element,
    update(frame, note) {
      show(element, frame !== null);
      if (frame === null) return;
      const { clock: time, header } = frame;
      const epoch = time.epochAt(header.step);
      const latest = time.epochAt(header.latestStep);
      const left = timeLeft.text(now_ms(), latest, header.epochs, header.state === "running");
      const hasPlan = header.epochs !== null && latest !== null;
      setAttributes(clock.element, { "data-plan": hasPlan });
      clock.set(
        [say(epoch === null ? keyOf("stepName") : keyOf("epochName")), left].filter((part) => part !== "").join(" · "),
        epoch === null ? formatCount(header.step) : formatEpoch(epoch),
        planText(frame),
        [timeText(frame), left, note].filter((part) => part !== "").join(say("semicolon")),
      );
      show(progress, hasPlan);
      if (hasPlan) {
        const share = Math.min(1, latest / Math.max(1, header.epochs));
        bar.style.width = `${(100 * share).toFixed(1)}%`;
        setAttributes(progress, { "aria-valuenow": Math.floor(100 * share), "aria-valuetext": timeText(frame) });
      }
      const told = lossesOf(frame);
      losses.forEach((figure, place) => {
        const metric = told[place];
        show(figure.element, metric !== undefined);
        if (metric !== undefined)
          figure.set(metric.label, metricText(metric), changeText(metric) ?? "", hintOf(metric));
      });
    },
  };
}

interface Figure {
  readonly element: HTMLElement;
  set(label: string, number: string, aside: string, hint: string): void;
}

function createFigure(className: string): Figure {
  const name = el("span", { class: "nv-figure-name" });
  const number = el("b");
  const small = el("span");
  const element = el("div", { class: className }, name, el("span", { class: "nv-figure" }, number, small));
  return {
    element,
    set(label, text, aside, hint) {
      setText(name, label);
      setText(number, text);
      setText(small, aside);
      setAttributes(element, { title: hint });
    },
  };
}

/** `val loss of epoch 12: 0.130; −0.041 since epoch 2; the running epoch so far: 0.128` */
function hintOf(metric: Metric): string {
  const { label, epoch, soFar } = metric;
  const [change, value] = [changeText(metric), metricText(metric)];
  const parts: string[] = [];
  if (epoch === null) parts.push(say("metricAtStep", { metric: label, value }));
  else if (isOfProbe(metric)) parts.push(say("probeLossHint"));
  else if (epoch === 0) parts.push(say("metricNoEpoch", { metric: label }));
  else parts.push(say("metricOfEpoch", { metric: label, epoch: formatCount(epoch), value }));
  if (epoch !== null && change !== null) parts.push(say("sinceEpoch", { change, epoch: formatCount(epoch - 10) }));
  if (soFar !== null) {
    parts.push(say("epochSoFar", { value: metricText({ ...metric, value: soFar, epoch: null }) }));
  }
  return parts.join(say("semicolon"));
}
