import type { Numbers } from "../../core/frame.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { placeIn } from "../../lib/pagePx.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { nonFiniteWord } from "../words/problemText.ts";
import { silence } from "../words/silence.ts";
import { spokenMoment } from "../words/spokenMoment.ts";
import { createMarkLane } from "./markLane.ts";
import { createPaceDial } from "./paceDial.ts";
import { createReadout } from "./readout.ts";
import { createReplay } from "./replay.ts";
import { createScrubber } from "./scrubber.ts";
import { stickToLowerEdge } from "./stick.ts";
import { marksOf } from "./timeMarks.ts";

const none = new Float32Array();

export interface Timeline extends Part {
  /** Space: the replay where the picture is of the past, else the training. */
  playOrPause(): void;
  /** To the button that trains or pauses. */
  focus(): void;
}

/** Where in the training the picture is, and the way to any other moment; `start` lies over it before there is one. */
export function createTimeline(shell: Shell, start: HTMLElement): Timeline {
  const { store, state, actions, signal } = shell;
  const kept = (): Numbers => store.frame?.section("kept")?.values ?? none;
  const at = () => state.values.step ?? store.frame?.header.step ?? 0;
  const isPast = () =>
    store.connection !== "saved" && (state.values.step !== null || store.frame?.header.isFollowing === false);
  const replay = createReplay(
    {
      kept,
      at,
      isShown: () => store.connection !== "live" || store.frame?.header.step === at(),
      isRunning: () => store.connection === "live" && store.frame?.header.state === "running",
      seek: actions.seek,
    },
    () => update(),
    signal,
  );
  state.subscribe((changed) => {
    if (changed.has("step")) replay.moved(state.values.step);
  }, signal);

  const first = createButton({ label: say("firstStep"), icon: "first" }, () => actions.seek(kept()[0] ?? 0), signal);
  const previous = createButton({ label: say("previousStep"), icon: "previous" }, () => actions.seekBy(-1), signal);
  const next = createButton({ label: say("nextStep"), icon: "next" }, () => actions.seekBy(1), signal);
  const train = createButton(
    { label: say("trainSpace"), icon: "play", className: "nv-btn-primary" },
    () => actions.toggleTraining(),
    signal,
  );
  const play = createButton(
    { label: say("replaySpace"), icon: "play", className: "nv-btn-primary" },
    () => replay.toggle(),
    signal,
  );
  const oneStep = createButton(
    { label: say("trainOneStep"), icon: "oneStep" },
    () => actions.command("runSteps", { count: 1 }),
    signal,
  );
  const stepThrough = createButton(
    { label: say("stepThroughKey"), icon: "steps" },
    () => actions.stepThrough(),
    signal,
  );
  const trainNow = createButton({ label: say("train"), icon: "train" }, () => actions.toggleTraining(), signal);
  const speed = createButton(
    { label: say("replaySpeed"), text: "1×", className: "nv-speed" },
    () => replay.nextSpeed(),
    signal,
  );
  const pace = createPaceDial(shell);
  const readout = createReadout();
  const scrubber = createScrubber(actions.seek, () => updateMarks(), signal);
  const marks = createMarkLane(actions.seek, actions.toggleBookmark, signal);
  const track = el("div", { class: "nv-track" }, scrubber.element, marks.element);
  listen(
    track,
    "dblclick",
    (event) => {
      if (store.frame === null || store.connection === "saved") return;
      event.preventDefault();
      actions.toggleBookmark(bookmarkAt(event.clientX) ?? scrubber.stepAt(event.clientX));
    },
    signal,
  );
  const axis = createButton(
    { label: "√t", text: "√t", className: "nv-axis" },
    () => state.set({ hasEvenTime: !state.values.hasEvenTime }),
    signal,
  );
  const goLive = createButton(
    { label: say("goLiveHint"), icon: "last", text: say("goLive") },
    () => actions.seek(null),
    signal,
  );
  const liveWord = el("span");
  const live = el("span", { class: "nv-pill" }, el("i", { "aria-hidden": "true" }), liveWord);
  const keptText = el("span", { class: "nv-kept-text" });
  const buttons = [first, previous, train, play, next, oneStep, stepThrough, trainNow];
  const element = el(
    "div",
    { class: "nv-timeline", role: "group", "aria-label": say("timeline") },
    el("div", { class: "nv-time-buttons" }, ...buttons.map((button) => button.element)),
    el("div", { class: "nv-speeds" }, pace.element, speed.element),
    readout.element,
    el("div", { class: "nv-track-place" }, track, start),
    axis.element,
    el("div", { class: "nv-time-end" }, goLive.element, live, keptText),
  );
  stickToLowerEdge(element, signal);

  /** The bookmark under the pointer. */
  const bookmarkAt = (clientX: number): number | null => {
    const [x] = placeIn(track, clientX, 0);
    const near = state.values.bookmarks.filter((step) => Math.abs(scrubber.xOf(step) - x) <= BOOKMARK_REACH);
    return near.sort((one, other) => Math.abs(scrubber.xOf(one) - x) - Math.abs(scrubber.xOf(other) - x))[0] ?? null;
  };
  const updateMarks = () => {
    const { frame, connection } = store;
    const shown = frame === null ? [] : marksOf(frame, state.values.bookmarks);
    marks.update(shown, scrubber.xOf, at(), connection === "saved");
  };
  const updateTraining = (isInPast: boolean) => {
    const header = store.frame?.header ?? null;
    const isRunning = header?.state === "running";
    const silent = silence(store);
    const offReason = (op: string) => silent ?? (header?.commands.includes(op) ? null : say("notOffered"));
    const look = { icon: isRunning ? "pause" : "play", offReason: offReason(isRunning ? "pause" : "start") } as const;
    const go = header?.state === "finished" ? say("trainOnSpace") : say("trainSpace");
    train.set({ ...look, label: isRunning ? say("pauseSpace") : go });
    trainNow.set({
      icon: isRunning ? "pauseTraining" : "train",
      offReason: look.offReason,
      label: isRunning ? say("pauseBehind") : say("trainOnBehind"),
    });
    oneStep.set({ offReason: isRunning ? say("pauseFirst") : offReason("runSteps") });
    const hasControls = header === null || silent !== null || isRunning || header.commands.includes("start");
    show(train.element, !isInPast && hasControls);
    show(oneStep.element, !isInPast && hasControls);
    stepThrough.set({ offReason: offReason("openSteps") });
    show(stepThrough.element, !isInPast && (silent !== null || !offReason("openSteps")));
    show(trainNow.element, isInPast && hasControls);
  };

  const updateReplay = (isInPast: boolean) => {
    const { isPlaying } = replay;
    play.set({ icon: isPlaying ? "pause" : "play", label: isPlaying ? say("pauseReplay") : say("replaySpace") });
    show(play.element, isInPast);
    setAttributes(speed.element, { "data-idle": !isInPast });
    setAttributes(pace.element, { "data-idle": isInPast });
    speed.set({ text: `${replay.speed}×`, label: say("replaySpeedNext", { speed: replay.speed }) });
  };

  const update = () => {
    const { frame, connection } = store;
    const header = frame?.header ?? null;
    const isSaved = connection === "saved";
    const isInPast = isPast();
    updateTraining(isInPast);
    updateReplay(isInPast);
    pace.update();
    const hasPast = header !== null && header.latestStep > 0;
    for (const button of [first, previous, next]) {
      button.set({ offReason: isSaved ? silence(store) : hasPast ? null : say("noStepsYet") });
    }

    show(goLive.element, isInPast);
    show(live, !isInPast && header?.state === "running" && silence(store) === null);
    const bad = header?.firstBad ?? null;
    const badWord = bad === null || frame === null ? null : nonFiniteWord(bad, frame.clock);
    setAttributes(live, { "data-tone": bad === null ? "ok" : "err", title: badWord });
    setText(liveWord, bad === null ? say("live") : say("liveAt", { moment: bad.isNan ? "NaN" : "∞" }));
    const isThinned = header !== null && header.keptCount < header.seenCount;
    const thinning = isThinned
      ? say("stepsKept", { kept: formatCount(header.keptCount), seen: formatCount(header.seenCount) })
      : "";
    setText(keptText, thinning);
    readout.update(frame, thinning);
    const spoken = frame === null ? say("noStepsYet") : spokenMoment(frame);
    const isEven = state.values.hasEvenTime;
    scrubber.update(frame, {
      playhead: isSaved ? null : state.values.step,
      valueText: spoken,
      isFixed: isSaved,
      isEven,
    });
    axis.set({
      text: isEven ? "t" : "√t",
      label: isEven ? say("timeIsEven") : say("timeIsWidened"),
    });
    updateMarks();
  };

  return {
    element,
    update,
    focus: () => train.element.focus(),
    playOrPause() {
      if (isPast()) replay.toggle();
      else actions.toggleTraining();
    },
  };
}

const BOOKMARK_REACH = 12;
