import { listen } from "../../lib/listen.ts";
import { boxOf } from "../../lib/pagePx.ts";
import { createButton } from "./button.ts";
import { el, setAttributes } from "./dom.ts";

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  /** For what is on or off. */
  readonly isChecked?: boolean;
  /** Why it cannot be chosen now. */
  readonly lacks?: string | null;
  /** What is asked first; only a second press runs it. */
  readonly ask?: string;
  run(): void;
}

export interface Menu {
  readonly element: HTMLElement;
  onClose(listener: () => void): void;
}

/** Between the menu and the foot of the view, which would cut it. */
const MARGIN = 8;

/** The … button with its menu; `guest` is shown above the items while the menu is open. */
export function createMenu(
  label: string,
  items: () => readonly MenuItem[],
  guest: () => HTMLElement | null,
  signal: AbortSignal,
): Menu {
  const list = el("div", { class: "nv-menu", hidden: true });
  const button = createButton({ label, icon: "more" }, () => (list.hidden ? open() : close(true)), signal);
  const element = el("div", { class: "nv-menu-anchor" }, button.element, list);
  let whenClosed = () => {};
  setAttributes(button.element, { "aria-haspopup": "menu", "aria-expanded": "false" });

  const entryOf = (text: string, press: () => void, { isChecked, lacks }: Partial<MenuItem> = {}) => {
    const role = isChecked === undefined ? "menuitem" : "menuitemcheckbox";
    const checked = isChecked === undefined ? null : String(isChecked);
    const entry = el("button", { type: "button", role, "aria-checked": checked, tabindex: -1 }, text);
    if (lacks != null) {
      setAttributes(entry, { "aria-disabled": "true" });
      entry.append(el("span", { class: "nv-lacks" }, lacks));
    } else entry.addEventListener("click", press);
    return entry;
  };
  /** In the place of the item, so that it is read out: the focus goes to a new element. */
  const ask = (entry: HTMLElement, question: string, run: () => void) => {
    const answer = entryOf(question, run);
    answer.dataset.tone = "err";
    entry.replaceWith(answer);
    answer.focus();
  };
  const entries = () => [...list.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const open = () => {
    const menu = el("div", { role: "menu", "aria-label": label });
    for (const item of items()) {
      const run = () => {
        close(true);
        item.run();
      };
      const press = item.ask === undefined ? run : () => ask(entry, item.ask ?? "", run);
      const entry = entryOf(item.text, press, item);
      menu.append(entry);
    }
    const visitor = guest();
    list.replaceChildren(...(visitor === null ? [menu] : [visitor, menu]));
    list.hidden = false;
    const view = element.closest(".nnvis-dashboard, .nv:not(.nnvis-dashboard *)");
    if (view !== null) list.style.maxHeight = `${boxOf(view).bottom - boxOf(list).top - MARGIN}px`;
    setAttributes(button.element, { "aria-expanded": "true" });
    entries()[0]?.focus();
  };
  const close = (isFocusKept: boolean) => {
    if (list.hidden) return;
    list.hidden = true;
    whenClosed();
    setAttributes(button.element, { "aria-expanded": "false" });
    if (isFocusKept) button.element.focus();
  };

  listen(
    element,
    "keydown",
    (event) => {
      const all = entries();
      const now = all.indexOf(document.activeElement as HTMLElement);
      if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close(true);
      } else if (now >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        all[(now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
      }
    },
    signal,
  );
  listen(
    element,
    "focusout",
    (event) => {
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) close(false);
    },
    signal,
  );
  listen(
    document,
    "pointerdown",
    (event) => {
      if (event.target instanceof Node && !element.contains(event.target)) close(false);
    },
    signal,
  );
  return {
    element,
    onClose(listener) {
      whenClosed = listener;
    },
  };
}
