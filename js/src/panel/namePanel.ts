import { whenAborted } from "../lib/listen.ts";
import { greyControls } from "./greyControls.ts";
import { listenTo, readText } from "./listenTo.ts";
import { nameButtons } from "./nameButtons.ts";
import { nameSliders } from "./nameSliders.ts";
import type { PanelModel } from "./panelModel.ts";

const PICTURES = ".bqplot > .svg-figure";
const GROUNDS = ".bqplot > .svg-background";

/** Gives the panel, its pictures and its sliders names for a screen reader, and keeps the words about them up to date. */
export function namePanel(
  model: PanelModel,
  panel: HTMLElement,
  words: HTMLElement,
  hasKernel: () => boolean,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-describedby", words.id);
  const named = new WeakSet<Element>();
  const reason = () => (hasKernel() ? null : readText(model, "unreached"));
  const nameParts = () => {
    nameSliders(panel);
    nameButtons(panel);
    greyControls(panel, reason());
    const pictures = [...panel.querySelectorAll(PICTURES)];
    for (const [index, picture] of pictures.entries()) {
      if (picture.hasAttribute("aria-label") && !named.has(picture)) continue;
      named.add(picture);
      const number = pictures.length > 1 ? readText(model, "numbered").replace("{number}", String(index + 1)) : "";
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", `${readText(model, "title")}${number}`);
    }
    for (const ground of panel.querySelectorAll(GROUNDS)) ground.setAttribute("aria-hidden", "true");
  };
  const write = () => {
    const title = readText(model, "title");
    if (panel.getAttribute("aria-label") !== title) {
      panel.setAttribute("aria-label", title);
      nameParts();
    }
    panel.lang = readText(model, "lang");
    words.textContent = [readText(model, "words"), reason() ?? ""].join(" ").trim();
  };
  write();
  for (const trait of ["title", "words", "lang", "numbered"]) listenTo(model, trait, write, signal);
  const followKernel = () => {
    nameParts();
    write();
  };
  model.on("comm_live_update", followKernel);
  whenAborted(signal, () => model.off("comm_live_update", followKernel));
  // bqplot makes a picture late, and within it redraws all the time; only the first is of interest.
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ target }) => target instanceof HTMLElement)) nameParts();
  });
  observer.observe(panel, { childList: true, subtree: true });
  whenAborted(signal, () => observer.disconnect());
}
