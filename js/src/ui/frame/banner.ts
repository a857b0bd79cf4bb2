import type { FirstBad, Problem } from "../../core/frame.ts";
import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon, setIcon } from "../kit/icons.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { clockText } from "../words/clockText.ts";
import { nonFiniteDetail, nonFiniteText } from "../words/problemText.ts";

export interface Banner extends Part {
  /** An error of this page itself; it stays until the next frame is drawn well. */
  fail(error: unknown): void;
  recover(): void;
}

/** What went wrong, in words, above the picture; the last good picture stays. */
export function createBanner({ store, state, actions, signal }: Shell, heardAt_ms: () => number): Banner {
  const title = el("b");
  const text = el("span");
  let lastGoodStep: number | null = null;
  const goBack = createButton(
    { label: say("goToLastGood"), icon: "previous", text: "" },
    () => {
      if (lastGoodStep !== null) actions.seek(lastGoodStep);
    },
    signal,
  );
  const retry = createButton(
    { label: say("retryTraining"), icon: "retry", text: say("retry") },
    () => actions.command("start", {}),
    signal,
  );
  const details = createButton({ label: say("details"), text: say("details") }, () => toggle(), signal);
  const trace = el("pre", { class: "nv-trace", hidden: true, tabindex: 0, "aria-label": say("errorDetails") });
  const message = el("div", { class: "nv-banner-text" }, title, text);
  const drawing = icon("err");
  const row = el("div", { class: "nv-banner-row" }, drawing, message, goBack.element, retry.element, details.element);
  const element = el("div", { class: "nv-banner", hidden: true }, row, trace);
  let own: Error | null = null;
  let said = "";
  let alerted = "";
  const toggle = () => {
    trace.hidden = !trace.hidden;
    setAttributes(details.element, { "aria-expanded": String(!trace.hidden) });
  };
  listen(trace, "keydown", (event) => !isModified(event) && event.stopPropagation(), signal);

  const tell = (tone: "err" | "warn" | null, role: "alert" | "status", head: string, body: string, detail: string) => {
    const all = `${tone}${head}${body}${detail}`;
    if (all === said) return;
    said = all;
    const isRepeated = role === "alert" && all === alerted;
    if (role === "alert") alerted = all;
    setAttributes(element, { "data-tone": tone, role: isRepeated ? "note" : role });
    show(element, tone !== null);
    setIcon(drawing, tone === "warn" ? "warn" : "err");
    setText(title, head);
    setText(text, body);
    setText(trace, detail);
    show(details.element, detail !== "");
    if (detail === "") trace.hidden = true;
    setAttributes(details.element, { "aria-expanded": String(!trace.hidden) });
  };

  const update = () => {
    const { frame, connection } = store;
    const problem = frame?.header.problem ?? null;
    const firstBad = frame?.header.firstBad ?? null;
    const isThere = frame?.header.isFollowing === false && frame.header.step === firstBad?.lastGoodStep;
    lastGoodStep = firstBad?.lastGoodStep ?? null;
    const isReachable = own === null && connection !== "saved" && lastGoodStep !== null;
    show(goBack.element, isReachable && !isThere && state.values.step !== lastGoodStep);
    if (frame !== null && lastGoodStep !== null) {
      const text = say("goTo", { moment: clockText(frame.clock, lastGoodStep) });
      goBack.set({ label: text, text });
    }
    const hasFailed = frame?.header.state === "failed" && frame.header.commands.includes("start");
    show(retry.element, own === null && connection === "live" && hasFailed);
    if (own !== null) {
      tell("err", "alert", say("viewNotDrawn"), own.message, own.stack ?? "");
    } else if (connection === "unreachable") {
      const time = new Date(heardAt_ms()).toLocaleTimeString();
      const body =
        frame === null
          ? say("lastUpdate", { time })
          : say("lastUpdateAt", { time, moment: clockText(frame.clock, frame.header.step) });
      tell("warn", "status", say("kernelUnreachable"), body, "");
    } else if (frame !== null && firstBad !== null) {
      tell("err", "alert", nonFiniteText(firstBad, frame.clock), bodyOf(firstBad, problem), problem?.text ?? "");
    } else if (problem !== null) {
      const [first = "", ...rest] = problem.text.split("\n");
      const isLong = rest.length > 0;
      const body = isLong ? say("lastGoodShown") : safeText(first);
      tell("err", "alert", safeText(problem.title), body, isLong ? problem.text : "");
    } else {
      tell(null, "status", "", "", "");
    }
  };
  return {
    element,
    update,
    fail(error) {
      own = error instanceof Error ? error : new Error(String(error));
      update();
    },
    recover() {
      if (own === null) return;
      own = null;
      update();
    },
  };
}

function bodyOf(bad: FirstBad, problem: Problem | null): string {
  const detail = nonFiniteDetail(bad);
  if (problem === null) return detail;
  return [say("sentence", { text: safeText(problem.title).replace(/[.。]$/, "") }), detail].join(say("gap"));
}
