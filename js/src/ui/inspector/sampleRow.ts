import type { Frame, Scenery } from "../../core/frame.ts";
import { nextSample } from "../../interact/keyboard.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { createButton } from "../kit/button.ts";
import { el, setAttributes, setText, show } from "../kit/dom.ts";
import type { Shell } from "../kit/shell.ts";
import { readVerdict, sampleName } from "../words/sampleText.ts";

export interface SampleRow {
  readonly element: HTMLElement;
  set(nodes: readonly NetworkNode[], frame: Frame, scenery: Scenery | null): void;
}

/** The chosen sample: the one before and after it, its truth, and what the network says of it. */
export function createSampleRow({ state, store, signal }: Shell): SampleRow {
  const step = (by: number) => () =>
    state.set({ sample: nextSample(state.values.sample, by, store.scenery?.sampleCount ?? 0) });
  const before = createButton(
    { label: "Previous sample ([)", icon: "previous", className: "nv-small" },
    step(-1),
    signal,
  );
  const after = createButton({ label: "Next sample (])", icon: "next", className: "nv-small" }, step(1), signal);
  const name = el("b");
  const predicted = el("span");
  const word = el("span", { class: "nv-predicted" }, "predicted ");
  const words = el("b");
  const verdict = el("p", { class: "nv-sub nv-verdict" }, word, predicted, " ", words);
  const element = el(
    "div",
    { class: "nv-sample", role: "group", "aria-label": "Sample" },
    before.element,
    name,
    after.element,
    verdict,
  );
  return {
    element,
    set(nodes, frame, scenery) {
      const isChoice = (scenery?.sampleCount ?? 0) > 1;
      show(before.element, isChoice);
      show(after.element, isChoice);
      const text = sampleName(frame, scenery);
      setText(name, text);
      setAttributes(name, { title: text });
      const read = readVerdict(nodes, frame, scenery);
      show(verdict, read !== null);
      if (read === null) return;
      show(word, read.predicted !== "");
      setText(predicted, read.predicted);
      setText(words, read.words);
      const isWrong = read.isTrue === false || read.predicted === "";
      setAttributes(words, { class: isWrong ? "nv-false" : read.isTrue ? "nv-true" : null });
    },
  };
}
