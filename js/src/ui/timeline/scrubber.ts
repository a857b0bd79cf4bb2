import type { Frame, Numbers } from "../../core/frame.ts";
import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount, formatEpoch } from "../../lib/numberFormat.ts";
import { boxOf, placeIn } from "../../lib/pagePx.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { setAttributes, setText, svg } from "../kit/dom.ts";
import { bandOf, lossCurve } from "./lossCurve.ts";
import { nearestKept, neighbourKept, type TimeAxis, ticksOf, timeAxis } from "./timeScale.ts";

const HEIGHT = 48;
const PADDING = 8;
const BASE = 30;
const TOP = 6;
const MOST_TICKS = 5;
const TICK_ROOM = 56;
const KNOB_ROOM = 20;
const MOST_MARKS = 400;
const none = new Float32Array();

const yOf = (height: number) => (BASE - 2 - height * (BASE - TOP)).toFixed(1);

export interface Scrubber {
  readonly element: SVGSVGElement;
  /** `isFixed`: there is but this one picture; `isEven`: each step has as much room as any other. */
  update(frame: Frame | null, look: ScrubberLook): void;
  xOf(step: number): number;
  /** The kept step nearest to a place on the screen. */
  stepAt(clientX: number): number;
}

export interface ScrubberLook {
  readonly playhead: number | null;
  readonly valueText: string;
  readonly isFixed: boolean;
  readonly isEven: boolean;
}

/** Time as a slider: the loss as an area, the past darker, the kept steps as quiet marks. */
export function createScrubber(seek: (step: number) => void, resized: () => void, signal: AbortSignal): Scrubber {
  const raw = svg("path", { class: "nv-loss-raw" });
  const beyond = svg("path", { class: "nv-loss-beyond" });
  const future = svg("path", { class: "nv-loss" });
  const past = svg("path", { class: "nv-loss nv-loss-past" });
  const line = svg("line", { class: "nv-time-line", y1: BASE, y2: BASE });
  const marks = svg("path", { class: "nv-kept" });
  const ticks = svg("g", { class: "nv-ticks" });
  const cursor = svg("line", { class: "nv-cursor", y1: 4, y2: BASE });
  const knob = svg("circle", { class: "nv-knob", cy: BASE, r: 7 });
  const element = svg(
    "svg",
    { class: "nv-scrubber", height: HEIGHT, role: "slider", tabindex: 0, "aria-label": say("trainingTime") },
    raw,
    beyond,
    future,
    past,
    line,
    marks,
    ticks,
    cursor,
    knob,
  );
  let frame: Frame | null = null;
  let width = 0;
  let at = 0;
  let isOff = true;
  let drawnRun = "";
  let areaEnd = 0;
  let axis: TimeAxis = timeAxis(0, false);
  let latest: ScrubberLook = { playhead: null, valueText: "", isFixed: true, isEven: false };

  const kept = (): Numbers => frame?.section("kept")?.values ?? none;
  const lastStep = () => (frame === null ? 0 : Math.max(frame.header.latestStep, frame.header.step));
  const xOf = (step: number) => PADDING + Math.max(0, width - 2 * PADDING) * axis.shareOf(step);
  const nearest = (step: number) => {
    const inside = Math.max(0, Math.min(lastStep(), Math.round(step)));
    return nearestKept(kept(), inside) ?? inside;
  };
  const stepAt = (clientX: number) => {
    const [x] = placeIn(element, clientX, 0);
    return nearest(axis.stepAt((x - PADDING) / Math.max(1, boxOf(element).width - 2 * PADDING)));
  };

  const drawRun = (shown: Frame) => {
    const { clock } = shown;
    const curve = shown.section("curve", "", "loss")?.values ?? none;
    const run = `${width} ${lastStep()} ${latest.isEven} ${clock.isKnown} ${curve.length} ${curve.at(-1)} ${kept().length}`;
    if (run === drawnRun) return;
    drawnRun = run;
    setAttributes(line, { x1: PADDING, x2: Math.max(PADDING, width - PADDING) });
    const inside = lossCurve(curve).filter(({ step }) => step <= lastStep());
    const place = (step: number, height: number) => `${xOf(step).toFixed(1)},${yOf(height)}`;
    const points = inside.map(({ step, height }) => place(step, height));
    const band = bandOf(inside).map(([step, height]) => place(step, height));
    setAttributes(raw, { d: band.length > 2 ? `M${band.join("L")}Z` : "" });
    const outside = [
      ...inside.filter(({ high }) => high > 1).map(({ step }) => `M${xOf(step).toFixed(1)},1v3`),
      ...inside.filter(({ low }) => low < 0).map(({ step }) => `M${xOf(step).toFixed(1)},${BASE - 3}v3`),
    ];
    setAttributes(beyond, { d: outside.join("") });
    const firstX = points[0]?.split(",")[0] ?? PADDING;
    const lastX = points.at(-1)?.split(",")[0] ?? PADDING;
    areaEnd = Number(lastX);
    const area = points.length > 1 ? `M${firstX},${BASE}L${points.join("L")}L${lastX},${BASE}Z` : "";
    setAttributes(future, { d: area });
    setAttributes(past, { d: area });
    const showsMarks = kept().length < Math.min(MOST_MARKS, width / 4);
    setAttributes(marks, {
      d: showsMarks ? Array.from(kept(), (step) => `M${xOf(step).toFixed(1)},${BASE + 2}v3`).join("") : "",
    });
    const gap = TICK_ROOM / Math.max(1, width);
    const most = Math.max(2, Math.min(MOST_TICKS, Math.floor(width / TICK_ROOM)));
    const [total, stepOf] = clock.isKnown
      ? [clock.epochAt(lastStep()) ?? 0, (tick: number) => clock.stepAt(tick)]
      : [lastStep(), (tick: number) => tick];
    const places = ticksOf(total, most, gap, (tick) => axis.shareOf(stepOf(tick)));
    ticks.replaceChildren(
      ...places.map((tick, index) => {
        const anchor = index === 0 ? "start" : index === places.length - 1 ? "end" : "middle";
        const x = index === 0 ? PADDING - 4 : xOf(stepOf(tick)) + (anchor === "end" ? 4 : 0);
        const text = Number.isInteger(tick) ? formatCount(tick) : formatEpoch(tick);
        return svg("text", { x: x.toFixed(1), y: 46, "text-anchor": anchor }, text);
      }),
    );
  };

  const draw = () => {
    setAttributes(element, { "aria-disabled": isOff ? "true" : null });
    if (frame === null) {
      for (const part of [raw, beyond, future, past, marks]) setAttributes(part, { d: "" });
      ticks.replaceChildren();
      drawnRun = "";
    } else {
      drawRun(frame);
    }
    at = latest.playhead ?? frame?.header.step ?? 0;
    const x = xOf(Math.min(at, lastStep())).toFixed(1);
    past.style.clipPath = `inset(0 ${Math.max(0, areaEnd - Number(x)).toFixed(1)}px 0 0)`;
    setAttributes(cursor, { x1: x, x2: x });
    setAttributes(knob, { cx: x });
    for (const tick of ticks.children) {
      const anchor = tick.getAttribute("text-anchor");
      const middle = Number(tick.getAttribute("x")) + (anchor === "start" ? 8 : anchor === "end" ? -8 : 0);
      setAttributes(tick, { visibility: Math.abs(middle - Number(x)) < KNOB_ROOM ? "hidden" : null });
    }
    setAttributes(element, {
      "aria-valuemin": 0,
      "aria-valuemax": lastStep(),
      "aria-valuenow": at,
      "aria-valuetext": latest.valueText,
    });
  };

  listen(
    element,
    "pointerdown",
    (event) => {
      if (event.button !== 0 || isOff) return;
      element.setPointerCapture?.(event.pointerId);
      seek(stepAt(event.clientX));
    },
    signal,
  );
  listen(
    element,
    "pointermove",
    (event) => {
      if (event.buttons === 1 && element.hasPointerCapture?.(event.pointerId)) seek(stepAt(event.clientX));
    },
    signal,
  );
  listen(
    element,
    "keydown",
    (event) => {
      const moves: Readonly<Record<string, number>> = {
        ArrowRight: 1,
        ArrowUp: 1,
        ArrowLeft: -1,
        ArrowDown: -1,
        PageUp: 10,
        PageDown: -10,
        Home: Number.NEGATIVE_INFINITY,
        End: Number.POSITIVE_INFINITY,
      };
      const move = moves[event.key];
      if (move === undefined || isOff || isModified(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const next = neighbourKept(kept(), at, move * (event.shiftKey && Math.abs(move) === 1 ? 10 : 1));
      if (next !== null) seek(next);
      else seek(nearest(Number.isFinite(move) ? at + move : move < 0 ? 0 : lastStep()));
    },
    signal,
  );
  whenResized(
    element,
    (entries) => {
      width = entries.at(-1)?.contentRect.width ?? width;
      draw();
      resized();
    },
    signal,
  );
  const name = svg("title");
  setText(name, say("timeSliderHint"));
  element.prepend(name);

  return {
    element,
    xOf,
    stepAt,
    update(nextFrame, look) {
      frame = nextFrame;
      latest = look;
      isOff = look.isFixed || lastStep() === 0;
      axis = timeAxis(lastStep(), look.isEven);
      draw();
    },
  };
}
