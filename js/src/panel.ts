import { whenAborted } from "./lib/listen.ts";
import { newName } from "./lib/newName.ts";
import { whenLaidOut } from "./lib/whenLaidOut.ts";
import { answerDrawings } from "./panel/answerDrawings.ts";
import { measureFigures } from "./panel/measureFigures.ts";
import { namePanel } from "./panel/namePanel.ts";
import type { PanelModel } from "./panel/panelModel.ts";
import { savePanel } from "./panel/savePanel.ts";
import { watchSight } from "./panel/watchSight.ts";
import { findHostModel, hasKernel, passGate } from "./stream/hostModel.ts";

interface Lifetime {
  readonly model: PanelModel;
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

const SELECTOR = ".nnvis-panel, .nnvis-controls, .nnvis-choices";

/** The link of a panel to its page, once for every place that shows it. */
export default {
  initialize({ model }: Omit<Lifetime, "el">): void {
    void passGate(findHostModel(model, "title", "\u0000"));
  },
  render({ model, el, signal }: Lifetime): void {
    const page = newName();
    const words = document.createElement("div");
    words.className = "nnvis-hidden";
    words.id = `nnvis-words-${page}`;
    el.append(words);
    whenAborted(signal, () => words.remove());
    // The host puts the element into the panel, and the panel into the page, only after this.
    whenLaidOut(
      words,
      () => {
        const panel = el.closest<HTMLElement>(SELECTOR) ?? el;
        const host = findHostModel(model, "unreached", "");
        namePanel(model, panel, words, () => hasKernel(host), signal);
        measureFigures(panel, signal);
        const answer = answerDrawings(model, page, signal);
        const save = savePanel(model, panel, signal);
        const tell = (isSeen: boolean) => {
          answer(isSeen);
          save(isSeen);
        };
        watchSight(panel, tell, signal);
      },
      signal,
    );
  },
};
