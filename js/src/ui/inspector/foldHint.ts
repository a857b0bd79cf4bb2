import { listen } from "../../lib/listen.ts";
import { boxOf } from "../../lib/pagePx.ts";
import { say } from "../../lib/say.ts";
import { whenResized } from "../../lib/whenResized.ts";
import { el, setAttributes, setText } from "../kit/dom.ts";
import { icon } from "../kit/icons.ts";

/** Under a scrolling body: a button that names the first section that is mostly below the fold, and scrolls to it. */
export function createFoldHint(body: HTMLElement, signal: AbortSignal): { element: HTMLElement; update(): void } {
  const name = el("span");
  const element = el("button", { type: "button", class: "nv-fold-hint", "data-idle": true }, name, icon("chevron"));
  const firstHidden = (): HTMLElement | null => {
    const rest = body.scrollHeight - body.clientHeight - body.scrollTop;
    if (rest <= 8) return null;
    const fold = boxOf(body).top + body.clientHeight;
    const sections = [...body.querySelectorAll<HTMLElement>("section")].filter((each) => each.clientHeight > 0);
    const isBelow = (each: HTMLElement, share: number) => {
      const { top, bottom } = boxOf(each);
      return bottom > fold + 8 && fold - top < share * (bottom - top);
    };
    return sections.find((each) => isBelow(each, 0.6)) ?? sections.find((each) => isBelow(each, 1)) ?? null;
  };
  const update = () => {
    const hidden = firstHidden();
    setAttributes(element, { "data-idle": hidden === null });
    if (hidden !== null) setText(name, hidden.querySelector("h3")?.textContent ?? say("goOn"));
  };
  listen(body, "scroll", update, signal, { passive: true });
  listen(
    element,
    "click",
    () => {
      const hidden = firstHidden();
      if (hidden === null) return;
      const step = boxOf(hidden).top - boxOf(body).top;
      body.scrollTop += step > 0 ? step : body.clientHeight / 2;
      if (element.hasAttribute("data-idle")) body.focus({ preventScroll: true });
    },
    signal,
  );
  whenResized(body, update, signal);
  return { element, update };
}
