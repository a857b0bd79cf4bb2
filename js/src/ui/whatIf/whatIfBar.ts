import { isDrawn } from "../../core/drawings.ts";
import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { keyOf, say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";
import type { Shell } from "../kit/shell.ts";
import { clockText } from "../words/clockText.ts";
import type { BeforeAfter, WhatIf } from "./readWhatIf.ts";

const MOST_FLIPS = 6;

export interface WhatIfBar {
  readonly element: HTMLElement;
  set(told: WhatIf | null): void;
}

interface BarActions {
  undo(at: number): void;
  apply(): void;
  thaw(layer: string): void;
  leave(): void;
}

/** What is tried and what comes of it, over the picture, so that nobody takes that for the model. */
export function createWhatIfBar({ store, state, signal }: Shell, { undo, apply, thaw, leave }: BarActions): WhatIfBar {
  const mark = icon("warn");
  const title = el("b", {}, say("whatIfTitle"));
  const facts = el("span", { class: "nv-facts" });
  const leaving = createButton(
    { label: say("whatIfLeaveLong"), text: say("whatIfLeave"), icon: "close" },
    leave,
    signal,
  );
  const applying = createButton({ label: say("whatIfApplyLong"), text: say("whatIfApply") }, apply, signal);
  const list = el("ul", { class: "nv-whatif-changes", "aria-label": say("whatIfList") });
  const table = el("table", { class: "nv-whatif-table" });
  const scroll = el(
    "div",
    { class: "nv-whatif-scroll", tabindex: 0, role: "group", "aria-label": say("whatIfTable") },
    table,
  );
  const flips = el("div", { class: "nv-whatif-flips" });
  const problem = el("p", { class: "nv-whatif-problem" });
  const spoken = el("p", { class: "nv-hidden", role: "status" });
  const element = el(
    "section",
    { class: "nv-whatif", "aria-label": say("whatIfTitle"), hidden: true },
    el("div", { class: "nv-whatif-head" }, mark, title, facts, applying.element, leaving.element),
    list,
    problem,
    el("div", { class: "nv-whatif-results" }, scroll, flips),
    spoken,
  );
  // Of buttons that come and go, each list has one listener.
  listen(
    list,
    "click",
    ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const at = [...list.querySelectorAll("button")].indexOf(button as HTMLButtonElement);
      if (told === null || at < 0) return;
      const frozen = told.frozen[at - told.changes.length];
      if (frozen === undefined) undo(at);
      else thaw(frozen.layer);
      const next = list.querySelectorAll("button")[at === 0 ? 1 : at - 1];
      (next ?? leaving.element).focus();
    },
    signal,
  );
  listen(
    flips,
    "click",
    ({ target }) => {
      const sample = target instanceof Element ? target.closest("button")?.dataset.sample : undefined;
      if (sample !== undefined) state.set({ sample: Number(sample) });
    },
    signal,
  );
  listen(element, "keydown", (event) => !isModified(event) && event.stopPropagation(), signal);
  let listed = "";
  let told: WhatIf | null = null;

  const setList = ({ changes, frozen }: WhatIf) => {
    const rows = [
      ...changes.map(({ text }) => ({ text: safeText(text), key: keyOf("whatIfUndo") })),
      ...frozen.map(({ name }) => ({
        text: say("whatIfIsFrozen", { layer: safeText(name) }),
        key: keyOf("whatIfThaw"),
      })),
    ];
    const all = JSON.stringify([changes, frozen]);
    if (all === listed) return;
    listed = all;
    const focused = list.contains(document.activeElement)
      ? [...list.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement)
      : -1;
    list.replaceChildren(
      ...rows.map(({ text, key }) => {
        const label = say(key, { change: text });
        const button = el("button", { type: "button", class: "nv-btn nv-small", "aria-label": label, title: label });
        button.append(icon("close"));
        return el("li", {}, el("span", {}, text), button);
      }),
    );
    const buttons = list.querySelectorAll("button");
    if (focused >= 0) (buttons[Math.min(focused, buttons.length - 1)] ?? leaving.element).focus();
  };

  const setTable = ({ rows, outputs, sample, count }: WhatIf) => {
    const all = [...rows, ...outputs];
    const line = (name: string, of: (row: BeforeAfter) => string) =>
      el("tr", {}, el("th", { scope: "row" }, name), ...all.map((row) => el("td", {}, of(row))));
    const of = isDrawn(sample) ? say("whatIfDrawing") : say("whatIfSample", { sample: formatCount(sample) });
    const groups = el(
      "tr",
      {},
      el("td"),
      rows.length > 0 ? el("th", { scope: "colgroup", colspan: rows.length }, say("whatIfOn", { count })) : null,
      outputs.length > 0 ? el("th", { scope: "colgroup", colspan: outputs.length }, of) : null,
    );
    const heads = el("tr", {}, el("td"), ...all.map(({ name }) => el("th", { scope: "col" }, safeText(name))));
    table.replaceChildren(
      el("thead", {}, groups, heads),
      el(
        "tbody",
        {},
        line(say("whatIfBefore"), (row) => row.before),
        line(say("whatIfAfter"), (row) => row.after),
        line(say("whatIfDifference"), (row) => row.difference),
      ),
    );
    show(scroll, all.length > 0);
  };

  const setFlips = ({ flips: count, flipped, count: rows }: WhatIf) => {
    show(flips, count !== null);
    if (count === null) return;
    const shown = flipped.slice(0, MOST_FLIPS);
    const rest = count - shown.length;
    flips.replaceChildren(
      el("b", {}, say("whatIfFlips", { count, rows: formatCount(rows) })),
      ...shown.map(({ sample, before, after, truth }) => {
        const words = say("whatIfFlip", {
          sample: formatCount(sample),
          before: safeText(before),
          after: safeText(after),
        });
        const label =
          truth === "" ? words : say("noted", { text: words, note: say("whatIfTruth", { truth: safeText(truth) }) });
        const tone = truth === "" ? null : truth === after ? "ok" : truth === before ? "err" : null;
        return el(
          "button",
          {
            type: "button",
            class: "nv-btn nv-whatif-flip",
            "data-sample": sample,
            "data-tone": tone,
            title: label,
            "aria-label": label,
          },
          words,
        );
      }),
      rest > 0 && shown.length > 0 ? say("whatIfMore", { count: rest }) : "",
    );
  };

  return {
    element,
    set(now) {
      told = now;
      show(element, told !== null);
      if (told === null) {
        listed = "";
        setText(spoken, "");
        return;
      }
      const count = told.changes.length;
      const isTried = count > 0;
      const name = say(isTried ? keyOf("whatIfTitle") : keyOf("whatIfFrozenTitle"));
      setText(title, name);
      show(mark, isTried);
      show(leaving.element, isTried);
      show(applying.element, told.applicable > 0);
      const { applicable } = told;
      applying.set({
        label: applicable < count ? say("whatIfApplySome", { applicable, count }) : say("whatIfApplyLong"),
      });
      setAttributes(element, { "data-tried": isTried, "aria-label": name });
      const parts = isTried ? [say("whatIfNotModel", { count })] : [say("whatIfFrozenWords")];
      if (isTried && told.step !== null && store.frame !== null) parts.push(clockText(store.frame.clock, told.step));
      if (isTried && state.values.step !== null) parts.push(say("whatIfPast"));
      if (told.isPending) parts.push(say("whatIfPending"));
      setText(facts, parts.join(" · "));
      setAttributes(element, { "data-pending": told.isPending });
      setList(told);
      const isWrong = told.problem !== "";
      show(problem, isWrong);
      setText(problem, told.problem);
      setTable(isWrong ? { ...told, rows: [], outputs: [] } : told);
      setFlips(isWrong ? { ...told, flips: null } : told);
      if (!told.isPending) setText(spoken, isWrong ? told.problem : spokenText(told));
    },
  };
}

function spokenText({ rows, flips, count }: WhatIf): string {
  const parts = rows.map(({ name, before, after }) => `${safeText(name)} ${before} → ${after}`);
  if (flips !== null) parts.push(say("whatIfFlips", { count: flips, rows: formatCount(count) }));
  return parts.join(say("semicolon"));
}
