import { isModified } from "../../lib/isModified.ts";
import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { createButton } from "./button.ts";
import { el, setText } from "./dom.ts";

export interface Sheet {
  readonly element: HTMLElement;
  open(title: string, content: Node): void;
  close(): void;
}

/** A page over the view, closed with Esc or its button; the focus goes back where it was. */
export function createSheet(signal: AbortSignal): Sheet {
  const title = el("h3");
  const body = el("div", { class: "nv-sheet-body", tabindex: 0 });
  const close = createButton({ label: say("close"), icon: "close" }, () => shut(), signal);
  const panel = el(
    "div",
    { class: "nv-sheet", role: "dialog", "aria-modal": "true" },
    el("div", { class: "nv-sheet-head" }, title, close.element),
    body,
  );
  const element = el("div", { class: "nv-sheet-ground", hidden: true }, panel);
  let before: Element | null = null;
  const shut = () => {
    element.hidden = true;
    if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
  };
  listen(
    element,
    "keydown",
    (event) => {
      if (!isModified(event)) event.stopPropagation();
      if (event.key === "Escape") shut();
      if (event.key !== "Tab") return;
      event.preventDefault();
      const stops = [...panel.querySelectorAll<HTMLElement>("button, select, input, [tabindex='0']")].filter(
        (stop) => !stop.hidden && stop.tabIndex >= 0,
      );
      const now = stops.indexOf(document.activeElement as HTMLElement);
      stops[(now + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]?.focus();
    },
    signal,
  );
  listen(
    element,
    "pointerdown",
    (event) => {
      if (event.target === element) shut();
    },
    signal,
  );
  return {
    element,
    close: shut,
    open(name, content) {
      before = document.activeElement;
      setText(title, name);
      panel.setAttribute("aria-label", name);
      body.replaceChildren(content);
      element.hidden = false;
      close.element.focus();
    },
  };
}
