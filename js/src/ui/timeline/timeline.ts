import type { Numbers } from "../../core/frame.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { nonFiniteWord } from "../words/problemText.ts";
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

/** Where in the training the picture is, and the way to any other moment. */
export function createTimeline(shell: Shell): Timeline {
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

  const first = createButton(
    { label: "First step (Home in the time slider)", icon: "first" },
    () => actions.seek(kept()[0] ?? 0),
    signal,
  );
  const previous = createButton(
    { label: "Previous kept step (,)", icon: "previous" },
    () => actions.seekBy(-1),
    signal,
  );
  const next = createButton({ label: "Next kept step (.)", icon: "next" }, () => actions.seekBy(1), signal);
  const train = createButton(
    { label: "Train (Space)", icon: "play", className: "nv-btn-primary" },
    () => actions.toggleTraining(),
    signal,
  );
  const play = createButton(
    { label: "Replay (Space)", icon: "play", className: "nv-btn-primary" },
    () => replay.toggle(),
    signal,
  );
  const oneStep = createButton(
    { label: "Train one step", icon: "oneStep" },
    () => actions.command("runSteps", { count: 1 }),
    signal,
  );
  const trainNow = createButton({ label: "Train", icon: "train" }, () => actions.toggleTraining(), signal);
  const speed = createButton(
    { label: "Replay speed", text: "1×", className: "nv-speed" },
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
    { label: "Go live: follow the training (L)", icon: "last", text: "Go live" },
    () => actions.seek(null),
    signal,
  );
  const liveWord = el("span");
  const live = el("span", { class: "nv-pill" }, el("i", { "aria-hidden": "true" }), liveWord);
  const keptText = el("span", { class: "nv-kept-text" });
  const buttons = [first, previous, train, play, next, oneStep, trainNow];
  const element = el(
    "div",
    { class: "nv-timeline", role: "group", "aria-label": "Timeline" },
    el("div", { class: "nv-time-buttons" }, ...buttons.map((button) => button.element)),
    el("div", { class: "nv-speeds" }, pace.element, speed.element),
    readout.element,
    track,
    axis.element,
    el("div", { class: "nv-time-end" }, goLive.element, live, keptText),
  );
  stickToLowerEdge(element, signal);

  /** The bookmark under the pointer. */
  const bookmarkAt = (clientX: number): number | null => {
    const x = clientX - track.getBoundingClientRect().left;
    const near = state.values.bookmarks.filter((step) => Math.abs(scrubber.xOf(step) - x) <= BOOKMARK_REACH);
    return near.sort((one, other) => Math.abs(scrubber.xOf(one) - x) - Math.abs(scrubber.xOf(other) - x))[0] ?? null;
  };
  const updateMarks = () => {
    const { frame, connection } = store;
    const shown = frame === null ? [] : marksOf(frame, state.values.bookmarks);
    marks.update(shown, scrubber.xOf, at(), connection === "saved");
  };
  const silence = () => {
    if (store.connection === "unreachable") return "the kernel does not answer";
    return store.connection === "saved" ? "this is a saved picture without a kernel" : null;
  };

  const updateTraining = (isInPast: boolean) => {
    const header = store.frame?.header ?? null;
    const isRunning = header?.state === "running";
    const silent = silence();
    const offReason = (op: string) => silent ?? (header?.commands.includes(op) ? null : "not offered by this training");
    const look = { icon: isRunning ? "pause" : "play", offReason: offReason(isRunning ? "pause" : "start") } as const;
    const go = header?.state === "finished" ? "Train on (Space)" : "Train (Space)";
    train.set({ ...look, label: isRunning ? "Pause training (Space)" : go });
    trainNow.set({
      icon: isRunning ? "pauseTraining" : "train",
      offReason: look.offReason,
      label: isRunning ? "Pause training, which goes on while you look back" : "Train on, while you look back",
    });
    oneStep.set({ offReason: isRunning ? "pause first" : offReason("runSteps") });
    const hasControls = header === null || header.commands.length > 0 || silent !== null;
    show(train.element, !isInPast && hasControls);
    show(oneStep.element, !isInPast && hasControls);
    show(trainNow.element, isInPast && hasControls);
  };

  const updateReplay = (isInPast: boolean) => {
    const { isPlaying } = replay;
    play.set({ icon: isPlaying ? "pause" : "play", label: isPlaying ? "Pause replay (Space)" : "Replay (Space)" });
    show(play.element, isInPast);
    setAttributes(speed.element, { "data-idle": !isInPast });
    setAttributes(pace.element, { "data-idle": isInPast });
    speed.set({ text: `${replay.speed}×`, label: `Replay speed ${replay.speed}×; press for the next` });
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
      button.set({ offReason: isSaved ? silence() : hasPast ? null : "no steps yet" });
    }

    show(goLive.element, isInPast);
    show(live, !isInPast && header?.state === "running" && silence() === null);
    const bad = header?.firstBad ?? null;
    const badWord = bad === null || frame === null ? null : nonFiniteWord(bad, frame.clock);
    setAttributes(live, { "data-tone": bad === null ? "ok" : "err", title: badWord });
    setText(liveWord, bad === null ? "Live" : `Live · ${bad.isNan ? "NaN" : "∞"}`);
    const isThinned = header !== null && header.keptCount < header.seenCount;
    const thinning = isThinned ? `${formatCount(header.keptCount)} of ${formatCount(header.seenCount)} steps kept` : "";
    setText(keptText, thinning);
    readout.update(frame, thinning);
    const spoken = frame === null ? "no steps yet" : spokenMoment(frame);
    const isEven = state.values.hasEvenTime;
    scrubber.update(frame, {
      playhead: isSaved ? null : state.values.step,
      valueText: spoken,
      isFixed: isSaved,
      isEven,
    });
    axis.set({
      text: isEven ? "t" : "√t",
      label: isEven
        ? "t: the time axis is even; press to widen its beginning"
        : "√t: the time axis is widened at its beginning; press for an even one",
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
