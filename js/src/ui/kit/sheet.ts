import { listen } from "../../lib/listen.ts";
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
  const close = createButton({ label: "Close (Esc)", icon: "close" }, () => shut(), signal);
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
      event.stopPropagation();
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

const KEYS: readonly (readonly [string, string])[] = [
  ["Space", "train or pause; in the past, play or pause the replay"],
  [", and .", "previous and next kept step; with Shift ten"],
  ["L", "go live"],
  ["B", "bookmark this step, or take the bookmark away"],
  ["Home End", "first and newest step (in the time slider)"],
  ["← → Enter Del", "other mark, go there, remove the bookmark (on the marks of the timeline)"],
  ["← →", "layer before or after (in the network); time (in the time slider)"],
  ["↑ ↓", "unit above or below; above the first is the layer as a whole"],
  ["PgUp PgDn", "ten units up or down, Home and End the first and last; on a layer as a whole the same among layers"],
  ["Enter", "inspect the unit or layer (click on it or its name); again to have a closer look (double click)"],
  ["I", "peek at the unit or layer (hover)"],
  ["O and P", "follow the strongest edge out or in (click an edge); with Shift the next strongest instead"],
  ["+ and −", "zoom in and out (Ctrl or ⌘ and the wheel, pinch)"],
  ["Shift + arrows", "pan (drag, Shift and the wheel)"],
  ["0", "fit the network (double click on the ground)"],
  ["/", "find a layer, unit, class or feature"],
  ["[ and ]", "previous and next sample (click on it)"],
  ["C", "edges show the next quantity"],
  ["Esc", "close; from the selected unit up to its layer, from the layer to none; Tab leaves the network"],
  ["?", "this list"],
];

export function keyList(): HTMLElement {
  const list = el("dl", { class: "nv-keys" });
  for (const [key, meaning] of KEYS) list.append(el("dt", {}, el("kbd", {}, key)), el("dd", {}, meaning));
  return list;
}
