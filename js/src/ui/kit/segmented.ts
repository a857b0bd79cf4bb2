import { listen } from "../../lib/listen.ts";
import { el, setAttributes } from "./dom.ts";

export interface Segmented<Value extends string> {
  readonly element: HTMLElement;
  set(value: Value): void;
}

/** A switch of two or three values: a radio group, arrows move. */
export function createSegmented<Value extends string>(
  label: string,
  options: readonly { readonly value: Value; readonly text: string; readonly hint: string }[],
  choose: (value: Value) => void,
  signal: AbortSignal,
): Segmented<Value> {
  const buttons = options.map(({ value, text, hint }) => {
    const button = el("button", { type: "button", role: "radio", title: hint, "data-value": value }, text);
    listen(button, "click", () => choose(value), signal);
    return button;
  });
  const group = el("span", { class: "nv-seg", role: "radiogroup", "aria-label": label }, ...buttons);
  listen(
    group,
    "keydown",
    (event) => {
      const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      const now = buttons.findIndex((button) => button.tabIndex === 0);
      const next = buttons[(now + move + buttons.length) % buttons.length];
      next?.click();
      next?.focus();
    },
    signal,
  );
  return {
    element: el(
      "span",
      { class: "nv-labelled" },
      el("span", { class: "nv-label", "aria-hidden": "true" }, label),
      group,
    ),
    set(value) {
      for (const button of buttons) {
        const isChosen = button.dataset.value === value;
        setAttributes(button, { "aria-checked": String(isChosen), tabindex: isChosen ? 0 : -1 });
      }
    },
  };
}
