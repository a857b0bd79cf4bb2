import type { Finding } from "../../core/frame.ts";
import { whenAborted } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setText, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Part, Shell } from "../kit/shell.ts";
import { foundText } from "../words/foundText.ts";

const SHOWN_MS = 12_000;

/**
 * A fault that is new, said once: it is read out at once, and goes after a while, unless somebody is at it. It stays in
 * the list and at its place. `isNews`: what there is when this is made has come just now.
 */
export function createFoundAlert({ store, state, actions, signal }: Shell, isNews: boolean): Part {
  const title = el("b");
  const text = el("span");
  const words = el("div", { class: "nv-found-words", role: "alert" });
  let shown: Finding | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = !isNews;
  const close = () => {
    clearTimeout(timer);
    shown = null;
    show(element, false);
    words.replaceChildren();
  };
  const go = createButton(
    { label: say("showPlace"), text: say("showPlace") },
    () => {
      if (shown?.layer) state.set({ selection: { layer: shown.layer, unit: shown.units[0] ?? null } });
      if (shown?.sinceStep) actions.seek(shown.sinceStep);
      close();
    },
    signal,
  );
  const closer = createButton({ label: say("closeNotice"), icon: "close" }, close, signal);
  const element = el(
    "div",
    { class: "nv-toast nv-found", hidden: true },
    icon("err"),
    words,
    go.element,
    closer.element,
  );
  const stay = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (element.matches(":hover, :focus-within") ? stay() : close()), SHOWN_MS);
  };
  whenAborted(signal, () => clearTimeout(timer));
  let known = new Set<string>();
  return {
    element,
    update() {
      const { frame, connection } = store;
      if (frame === null || connection !== "live") return;
      const { findings, firstBad } = frame.header;
      // Of NaN the banner speaks.
      const causes = findings.filter(({ follows, rule }) => !follows && !(rule === "nan" && firstBad !== null));
      const faults = causes.filter(({ severity, isOver }) => severity === "fault" && !isOver);
      const news = faults.find((one) => !known.has(keyOfFinding(one)));
      // What is over and comes again is no news; what a new beginning has forgotten is.
      const told = new Set(causes.map(keyOfFinding));
      known = new Set([...known].filter((key) => told.has(key)).concat(faults.map(keyOfFinding)));
      const fresh = isFirst ? undefined : news;
      isFirst = false;
      if (fresh !== undefined) {
        shown = fresh;
        setText(title, foundText(fresh, frame.clock));
        setText(text, fresh.text);
        words.replaceChildren(title, text);
        show(go.element, fresh.layer !== "" || fresh.sinceStep > 0);
        show(element, true);
        stay();
      } else if (shown !== null && !faults.some((one) => shown !== null && keyOfFinding(one) === keyOfFinding(shown)))
        close();
    },
  };
}

function keyOfFinding({ rule, layer }: Finding): string {
  return `${rule} ${layer}`;
}
