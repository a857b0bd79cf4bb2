import { listen } from "../../lib/listen.ts";
import { el, setAttributes } from "./dom.ts";
import { radioKeys } from "./radioKeys.ts";

export interface Segmented<Value extends string> {
  readonly element: HTMLElement;
  set(value: Value): void;
  /** Why a value cannot be chosen; null where it can. */
  off(value: Value, reason: string | null): void;
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
  radioKeys(group, signal);
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
    off(value, reason) {
      for (const [i, button] of buttons.entries()) {
        const why = options[i]?.value === value ? reason : null;
        button.disabled = why !== null;
        button.title = why ?? options[i]?.hint ?? "";
      }
    },
  };
}
