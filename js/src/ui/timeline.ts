import type { Frame } from "../core/frame.ts";
import { formatCount, formatNumber } from "../lib/numberFormat.ts";
import { createButton } from "./button.ts";
import { el, setAttributes, setText, show } from "./dom.ts";
import { createScrubber } from "./scrubber.ts";
import type { Part, Shell } from "./shell.ts";
import { timeScaleOf } from "./timeScale.ts";

/** Where in the training the picture is, and the way to any other moment. */
export function createTimeline({ store, state, actions, signal }: Shell): Part {
  const first = createButton(
    { label: "First step (Home in the time slider)", icon: "first" },
    () => actions.seek(store.frame?.section("kept")?.values[0] ?? 0),
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
  const oneStep = createButton(
    { label: "Train one step", icon: "oneStep" },
    () => actions.command("runSteps", { count: 1 }),
    signal,
  );
  const place = el("b");
  const total = el("span");
  const losses = el("span", { class: "nv-time-loss" });
  const where = el("div", { class: "nv-time-text" }, el("span", {}, place, total), losses);
  const scrubber = createScrubber((step) => actions.seek(step), signal);
  const goLive = createButton(
    { label: "Go live: follow the training (L)", icon: "last", text: "Go live" },
    () => actions.seek(null),
    signal,
  );
  const live = el("span", { class: "nv-pill", "data-tone": "ok" }, el("i", { "aria-hidden": "true" }), "Live");
  const kept = el("span", { class: "nv-kept-text" });
  const element = el(
    "div",
    { class: "nv-timeline", role: "group", "aria-label": "Timeline" },
    el(
      "div",
      { class: "nv-time-buttons" },
      first.element,
      previous.element,
      train.element,
      oneStep.element,
      next.element,
    ),
    where,
    scrubber.element as unknown as HTMLElement,
    el("div", { class: "nv-time-end" }, goLive.element, live, kept),
  );

  return {
    element,
    update() {
      const { frame, connection } = store;
      const header = frame?.header ?? null;
      const isRunning = header?.state === "running";
      const isSaved = connection === "saved";
      const silent =
        connection === "unreachable"
          ? "the kernel does not answer"
          : isSaved
            ? "this is a saved picture without a kernel"
            : null;
      const offReason = (op: string) =>
        silent ?? (header?.commands.includes(op) ? null : "not offered by this training");
      train.set({
        label: isRunning ? "Pause training (Space)" : "Train (Space)",
        icon: isRunning ? "pause" : "play",
        offReason: offReason(isRunning ? "pause" : "start"),
      });
      oneStep.set({ offReason: isRunning ? "pause first" : offReason("runSteps") });
      const isWithoutControls = header !== null && header.commands.length === 0 && silent === null;
      show(train.element, !isWithoutControls);
      show(oneStep.element, !isWithoutControls);
      const hasPast = header !== null && header.latestStep > 0;
      for (const button of [first, previous, next]) {
        button.set({ offReason: isSaved ? silent : hasPast ? null : "no steps yet" });
      }

      setText(place, frame === null ? "" : placeText(frame).place);
      setText(total, frame === null ? "" : placeText(frame).total);
      setText(losses, frame === null ? "" : lossText(frame, "short"));
      const isPast = !isSaved && (state.values.step !== null || header?.isFollowing === false);
      show(goLive.element, isPast);
      show(live, !isPast && isRunning && silent === null);
      const isThinned = header !== null && header.keptCount < header.seenCount;
      const thinning = isThinned
        ? `${formatCount(header.keptCount)} of ${formatCount(header.seenCount)} steps kept`
        : "";
      setText(kept, thinning);
      setAttributes(where, { title: thinning === "" ? null : thinning });
      scrubber.update(
        frame,
        isSaved ? null : state.values.step,
        frame === null ? "no steps yet" : valueText(frame),
        isSaved,
      );
    },
  };
}

function placeText(frame: Frame): { place: string; total: string } {
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
