import { listen } from "../../lib/listen.ts";

/** Arrows choose the next or the one before among the radio buttons of a group, around its ends. */
export function radioKeys(group: HTMLElement, signal: AbortSignal): void {
  listen(
    group,
    "keydown",
    (event) => {
      const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      const buttons = [...group.children] as HTMLElement[];
      const now = buttons.indexOf(document.activeElement as HTMLElement);
      const next = buttons[(now + move + buttons.length) % buttons.length];
      next?.click();
      next?.focus();
    },
    signal,
  );
}
