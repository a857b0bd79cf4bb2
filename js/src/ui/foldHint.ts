import { listen, whenAborted } from "../lib/listen.ts";
import { el, setText } from "./dom.ts";
import { icon } from "./icons.ts";

/** Less than this much of a section above the fold counts as hidden. */
const SEEN_PX = 40;

/** Under a scrolling body: a button that names the first section below the fold and scrolls to it. */
export function createFoldHint(body: HTMLElement, signal: AbortSignal): { element: HTMLElement; update(): void } {
  const name = el("span");
  const element = el("button", { type: "button", class: "nv-fold-hint", hidden: true }, name, icon("chevron"));
  const firstHidden = (): HTMLElement | null => {
    const rest = body.scrollHeight - body.clientHeight - body.scrollTop;
    if (rest <= 8) return null;
    const fold = body.getBoundingClientRect().top + body.clientHeight;
    const sections = [...body.querySelectorAll<HTMLElement>("section")].filter((each) => each.clientHeight > 0);
    const below = sections.find((each) => each.getBoundingClientRect().top > fold - SEEN_PX);
    return below ?? sections.find((each) => each.getBoundingClientRect().bottom > fold + 8) ?? null;
  };
  const update = () => {
    const hidden = firstHidden();
    element.hidden = hidden === null;
    if (hidden !== null) setText(name, hidden.querySelector("h3")?.textContent ?? "More");
  };
  listen(body, "scroll", update, signal, { passive: true });
  listen(
    element,
    "click",
    () => {
      const hidden = firstHidden();
      if (hidden === null) return;
      const step = hidden.getBoundingClientRect().top - body.getBoundingClientRect().top;
      body.scrollTop += step > 0 ? step : body.clientHeight / 2;
      if (element.hidden) body.focus({ preventScroll: true });
    },
    signal,
  );
  if (typeof ResizeObserver === "function") {
    const observer = new ResizeObserver(update);
    observer.observe(body);
    whenAborted(signal, () => observer.disconnect());
  }
  return { element, update };
}
