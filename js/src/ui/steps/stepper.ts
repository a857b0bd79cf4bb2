import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { keyOf, say } from "../../lib/say.ts";
import { readTheme } from "../../theme/theme.ts";
import { createRampBar } from "../charts/rampBar.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Shell } from "../kit/shell.ts";
import { PHASES, type Phase, readStep, type Step } from "./readStep.ts";
import { createStepCards } from "./stepCards.ts";
import { createStepNetwork } from "./stepNetwork.ts";

export interface Stepper {
  /** Shows what Python tells of the step that is gone through; `null` or nothing of it closes. */
  update(told: unknown): void;
}

const TITLES: Readonly<Record<Phase, readonly [string, string, string]>> = {
  init: [say("stepsInit"), say("stepsInitHint"), say("stepsInitWords")],
  forward: [say("stepsForward"), say("stepsForwardHint"), say("stepsForwardWords")],
  loss: [say("stepsLoss"), say("stepsLossHint"), say("stepsLossWords")],
  backward: [say("stepsBackward"), say("stepsBackwardHint"), say("stepsBackwardWords")],
  update: [say("stepsUpdate"), say("stepsUpdateHint"), say("stepsUpdateWords")],
};

/** A training step, phase by phase, over the view `root`: a small network left, the chosen unit's numbers right. */
export function createStepper(shell: Shell, root: HTMLElement): Stepper {
  const { state, actions, signal } = shell;
  let step: Step | null = null;
  let before: Element | null = null;

  const place = () => PHASES.indexOf(step?.phase ?? "init");
  /** Where the keys have led already; the kernel's own word follows. */
  let asked: Phase | null = null;
  const showPhase = (at: number) => {
    const phase = PHASES[Math.min(Math.max(at, 0), PHASES.length - 1)];
    if (phase === undefined || phase === (asked ?? step?.phase)) return;
    asked = phase;
    actions.command("showPhase", { phase });
  };
  const showNext = (by: number) => showPhase(PHASES.indexOf(asked ?? step?.phase ?? "init") + by);
  const openSample = (sample: number) => {
    if (step !== null && !step.isTaken && sample >= 0 && sample < step.count) actions.command("openSteps", { sample });
  };
  const leave = () => actions.command("cancelSteps", {});
  /** Until the kernel has answered: a second press would ask for another step. */
  let isAsked = false;
  const take = () => {
    if (step === null || isAsked || step.untaken !== "") return;
    isAsked = true;
    if (step.isTaken) actions.command("openSteps", { sample: 0 });
    else actions.command("takeStep", {});
  };

  const facts = el("span", { class: "nv-facts" });
  const previousSample = createButton(
    { label: say("stepsPreviousSample"), icon: "previous" },
    () => openSample((step?.sample ?? 0) - 1),
    signal,
  );
  const nextSample = createButton(
    { label: say("stepsNextSample"), icon: "next" },
    () => openSample((step?.sample ?? 0) + 1),
    signal,
  );
  const close = createButton({ label: say("stepsLeave"), icon: "close" }, leave, signal);
  const phases = PHASES.map((phase, at) => {
    const [title, hint] = TITLES[phase];
    const badge = el("span", { class: "nv-step-badge", "aria-hidden": "true" });
    const button = el(
      "button",
      { type: "button", class: "nv-step-phase" },
      badge,
      el("span", {}, el("b", {}, title), el("span", { class: "nv-step-hint" }, hint)),
    );
    listen(button, "click", () => showPhase(at), signal);
    return { button, badge };
  });
  const back = createButton(
    { label: say("stepsBackKey"), icon: "previous", text: say("stepsBack") },
    () => showNext(-1),
    signal,
  );
  const next = createButton(
    { label: say("stepsNextKey"), icon: "next", text: say("stepsNext"), className: "nv-btn-primary" },
    () => showNext(1),
    signal,
  );
  const taking = createButton({ label: say("stepsTakeKey"), icon: "oneStep", text: say("stepsTake") }, take, signal);
  const words = el("p", { class: "nv-step-words", role: "status" });
  const network = createStepNetwork((layer, unit) => state.set({ selection: { layer, unit } }), signal);
  const unitBar = createRampBar();
  const edgeBar = createRampBar();
  const inputBar = createRampBar();
  const inputLegend = el("span", {}, el("b", {}, "x"), inputBar.element);
  const unitName = el("b");
  const edgeName = el("b");
  const legend = el(
    "div",
    { class: "nv-step-legend" },
    el("span", {}, unitName, unitBar.element),
    el("span", {}, edgeName, edgeBar.element),
    inputLegend,
  );
  const cards = createStepCards();
  const element = el(
    "section",
    { class: "nv-steps", role: "dialog", "aria-label": say("stepsTitle"), hidden: true },
    el(
      "div",
      { class: "nv-step-head" },
      el("h2", { class: "nv-title" }, say("stepsTitle")),
      facts,
      previousSample.element,
      nextSample.element,
      close.element,
    ),
    el(
      "div",
      { class: "nv-step-row" },
      el("ol", { class: "nv-step-phases" }, ...phases.map(({ button }) => el("li", {}, button))),
      el("div", { class: "nv-step-moves" }, back.element, next.element, taking.element),
    ),
    el(
      "div",
      { class: "nv-step-main" },
      el("div", { class: "nv-step-side" }, words, network.element, legend),
      cards.element,
    ),
  );
  root.append(element);

  const keys: Readonly<Record<string, () => void>> = {
    ".": () => showNext(1),
    ",": () => showNext(-1),
    "[": () => openSample((step?.sample ?? 0) - 1),
    "]": () => openSample((step?.sample ?? 0) + 1),
    t: take,
    Escape: leave,
  };
  listen(
    element,
    "keydown",
    (event) => {
      if (isModified(event)) return;
      event.stopPropagation(); // the view's own keys are of the picture that lies under this
      const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    },
    signal,
  );

  const others = () => [...root.children].filter((child) => child !== element && child instanceof HTMLElement);
  const open = () => {
    before = document.activeElement;
    element.hidden = false;
    for (const other of others()) if (!other.classList.contains("nv-announcer")) other.setAttribute("inert", "");
    next.element.focus();
  };
  const shut = () => {
    element.hidden = true;
    for (const other of others()) other.removeAttribute("inert");
    if ((before instanceof HTMLElement || before instanceof SVGElement) && root.contains(before)) before.focus();
  };

  const draw = (now: Step) => {
    const at = place();
    setText(facts, factsText(now));
    setAttributes(facts, { title: factsText(now) });
    phases.forEach(({ button, badge }, place) => {
      const isDone = place < at || (now.isTaken && place === at);
      setAttributes(button, { "aria-current": place === at ? "step" : null, "data-done": isDone });
      badge.replaceChildren(isDone ? icon("ok") : String(place + 1));
    });
    const [title, , text] = TITLES[now.phase];
    words.replaceChildren(el("b", {}, `${title}. `), now.phase === "update" ? updateWords(now, text) : text);
    back.set({ offReason: at === 0 ? say("stepsFirst") : null });
    next.set({ offReason: at === PHASES.length - 1 ? say("stepsLast") : null });
    const isReady = now.phase === "update" && !now.isTaken && now.untaken === "";
    next.element.classList.toggle("nv-btn-primary", at < PHASES.length - 1);
    taking.element.classList.toggle("nv-btn-primary", isReady);
    taking.set({
      text: say(now.isTaken ? keyOf("stepsAnother") : keyOf("stepsTake")),
      label: say(now.isTaken ? keyOf("stepsAnotherKey") : keyOf("stepsTakeKey")),
      offReason: now.untaken === "" ? null : say("stepsNotHeld"),
    });
    const taken = now.isTaken ? say("stepsIsTaken") : null;
    previousSample.set({ offReason: taken ?? (now.sample === 0 ? say("stepsFirstSample") : null) });
    nextSample.set({ offReason: taken ?? (now.sample === now.count - 1 ? say("stepsLastSample") : null) });
    const theme = readTheme(root);
    network.set(now, theme, state.values.hasSignPattern || theme.isForcedColors);
    const ramp = now.isGradient ? theme.ramps.gradient : theme.ramps.value;
    // what lowers the loss is drawn: the ends of a slope change places
    const [low, high] = now.phase === "backward" ? ([2, 1] as const) : ([1, 2] as const);
    setText(unitName, now.unitScale[0]);
    setText(edgeName, now.edgeScale[0]);
    unitBar.set(now.unitScale[low], now.unitScale[high], ramp, true);
    edgeBar.set(now.edgeScale[low], now.edgeScale[high], ramp, true);
    show(
      edgeName.parentElement as HTMLElement,
      now.edges.some(({ shares }) => shares !== null),
    );
    show(inputLegend, now.inputScale !== null);
    if (now.inputScale !== null) inputBar.set(now.inputScale[1], now.inputScale[2], theme.ramps.value, true);
    cards.set(now);
  };

  return {
    update(told) {
      const now = readStep(told);
      const wasOpen = step !== null;
      isAsked = false;
      step = now;
      if (now?.phase === asked || !wasOpen || now?.isTaken) asked = null;
      if (now === null) {
        if (wasOpen) shut();
        return;
      }
      if (!wasOpen) open();
      draw(now);
    },
  };
}

function factsText(step: Step): string {
  const batch =
    step.batches === null
      ? say("stepsBatch", { batch: step.batch + 1 })
      : say("stepsBatchOf", { batch: step.batch + 1, batches: step.batches });
  return [
    say("stepsEpoch", { epoch: step.epoch + 1 }),
    batch,
    say("stepsSample", { place: step.sample + 1, size: step.count }),
    ...(step.called === null ? [] : [say("stepsCalled", { called: step.called })]),
    ...(step.isTaken ? [say("stepsIsTaken")] : []),
  ].join(" · ");
}

function updateWords(step: Step, text: string): string {
  if (step.untaken !== "") return step.untaken;
  if (step.loss === "" || step.lossAfter === "") return text;
  const key = step.isTaken ? keyOf("stepsLossWas") : keyOf("stepsLossWould");
  return `${text} ${say(key, { before: step.loss, after: step.lossAfter })}`;
}
