import type { Frame, Scenery } from "../../core/frame.ts";
import { nextSample } from "../../interact/keyboard.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Shell } from "../kit/shell.ts";
import { sampleName } from "../words/sampleText.ts";
import { silence } from "../words/silence.ts";

export interface SampleRow {
  readonly element: HTMLElement;
  set(frame: Frame, scenery: Scenery | null): void;
}

const TONES = { good: "nv-true", bad: "nv-false", plain: null } as const;

/** The chosen sample: the one before and after it, its truth, and what the network says of it. */
export function createSampleRow({ state, store, signal }: Shell): SampleRow {
  const step = (by: number) => () =>
    state.set({ sample: nextSample(state.values.sample, by, store.scenery?.sampleCount ?? 0) });
  const before = createButton(
    { label: say("previousSample"), icon: "previous", className: "nv-small" },
    step(-1),
    signal,
  );
  const after = createButton({ label: say("nextSample"), icon: "next", className: "nv-small" }, step(1), signal);
  const name = el("b");
  const predicted = el("span");
  const word = el("span", { class: "nv-predicted" });
  const words = el("b");
  const verdict = el("p", { class: "nv-sub nv-verdict" }, word, predicted, " ", words);
  const second = el("p", { class: "nv-sub nv-verdict" });
  const element = el(
    "div",
    { class: "nv-sample", role: "group", "aria-label": say("sample") },
    before.element,
    name,
    after.element,
    verdict,
    second,
  );
  return {
    element,
    set(frame, scenery) {
      const isChoice = (scenery?.sampleCount ?? 0) > 1;
      for (const button of [before, after]) {
        show(button.element, isChoice);
        button.set({ offReason: silence(store) });
      }
      const text = sampleName(frame);
      setText(name, text);
      setAttributes(name, { title: text });
      const said = frame.header.verdict;
      show(verdict, said !== null);
      show(second, (said?.second ?? "") !== "");
      if (said === null) return;
      show(word, said.verb !== "");
      setText(word, `${said.verb} `);
      setText(predicted, said.predicted);
      setText(words, said.words);
      setText(second, said.second);
      setAttributes(words, { class: TONES[said.tone] });
    },
  };
}
