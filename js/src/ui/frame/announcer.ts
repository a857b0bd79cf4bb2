import { capital } from "../../lib/capital.ts";
import { whenAborted } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setText, show } from "../kit/dom.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { spokenMoment } from "../words/spokenMoment.ts";
import { statusOf } from "../words/statusOf.ts";

const SUMMARY_PERIOD_MS = 5000;
const TOAST_MS = 6000;

export interface Announcer extends Part {
  /** A short line that is seen and heard. */
  tell(text: string): void;
}

/** Says politely how the training goes, at most once in five seconds, and at once when the state changes. */
export function createAnnouncer({ store, signal }: Shell): Announcer {
  const toast = el("div", { class: "nv-toast", role: "status", hidden: true });
  const summary = el("div", { class: "nv-hidden", "aria-live": "polite" });
  const element = el("div", { class: "nv-announcer" }, toast, summary);
  let saidAt_ms = 0;
  let lastState = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  whenAborted(signal, () => clearTimeout(timer));
  return {
    element,
    tell(text) {
      clearTimeout(timer);
      setText(toast, text);
      show(toast, true);
      timer = setTimeout(() => show(toast, false), TOAST_MS);
    },
    update() {
      const { graph, frame, connection } = store;
      if (graph === null || frame === null) return;
      const state = `${frame.header.state} ${connection} ${frame.header.isFollowing} ${frame.header.firstBad?.step}`;
      const now_ms = Date.now();
      if (state === lastState && now_ms - saidAt_ms < SUMMARY_PERIOD_MS) return;
      const isNews = state !== lastState;
      lastState = state;
      saidAt_ms = now_ms;
      const word = statusOf(graph, frame, connection)?.word ?? "";
      const text = capital(spokenMoment(frame));
      setText(
        summary,
        isNews && (frame.header.state !== "running" || frame.header.firstBad !== null)
          ? [say("sentence", { text: word }), text].join(say("gap"))
          : text,
      );
    },
  };
}
