import { listen } from "../../lib/listen.ts";
import { say } from "../../lib/say.ts";
import { el, setAttributes, setText } from "./dom.ts";
import { type IconName, icon, setIcon } from "./icons.ts";

export interface Button {
  readonly element: HTMLButtonElement;
  set(look: { label?: string; text?: string; icon?: IconName; offReason?: string | null }): void;
}

interface ButtonLook {
  readonly label: string;
  readonly icon?: IconName;
  readonly text?: string;
  readonly className?: string;
}

/** A button that stays focusable when it is off, so that its reason can be read. */
export function createButton(look: ButtonLook, press: () => void, signal: AbortSignal): Button {
  const drawing = look.icon === undefined ? null : icon(look.icon);
  const text = el("span", { class: "nv-btn-text" }, look.text ?? "");
  const element = el(
    "button",
    { type: "button", class: `nv-btn ${look.className ?? ""}`.trim(), "aria-label": look.label, title: look.label },
    drawing,
    look.text === undefined ? null : text,
  );
  let label = look.label;
  let offReason: string | null = null;
  listen(
    element,
    "click",
    () => {
      if (offReason === null) press();
    },
    signal,
  );
  return {
    element,
    set(next) {
      if (next.label !== undefined) label = next.label;
      if (next.offReason !== undefined) offReason = next.offReason;
      if (next.text !== undefined) setText(text, next.text);
      if (next.icon !== undefined && drawing !== null) setIcon(drawing, next.icon);
      setAttributes(element, {
        "aria-label": label,
        title: offReason === null ? label : say("nameIs", { name: label, value: offReason }),
        "aria-disabled": offReason !== null ? "true" : null,
      });
    },
  };
}
