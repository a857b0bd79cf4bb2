import { isModified } from "../../lib/isModified.ts";
import { keepKeys } from "../../lib/keepKeys.ts";
import { listen } from "../../lib/listen.ts";
import type { Actions } from "../kit/shell.ts";

type TimeActions = Pick<Actions, "seek" | "seekBy" | "stepThrough" | "toggleBookmark"> & {
  playOrPause(): void;
  /** Along the sequence of the chosen unit; false where there is none. */
  moveAlong(by: number): boolean;
};

/** Keys that work anywhere in the view. Those that are handled go no further, else the notebook would take them. */
export function handleRootKeys(
  root: HTMLElement,
  actions: TimeActions,
  openHelp: () => void,
  openSearch: () => void,
  signal: AbortSignal,
): void {
  keepKeys(root, signal);
  listen(
    root,
    "keydown",
    (event) => {
      if (isModified(event)) return;
      event.stopPropagation();
      if (event.defaultPrevented || isTyping(event.target)) return;
      const run = keyAction(event, actions, openHelp, openSearch);
      if (run === null) return;
      event.preventDefault();
      run();
    },
    signal,
  );
}

function keyAction(
  event: KeyboardEvent,
  actions: TimeActions,
  openHelp: () => void,
  openSearch: () => void,
): (() => void) | null {
  const times = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case " ":
      return event.target instanceof HTMLButtonElement ? null : () => actions.playOrPause();
    case "<":
    case ">": {
      const by = event.key === "<" ? -1 : 1;
      return () => actions.moveAlong(by) || actions.seekBy(by * times);
    }
    case ",":
    case ";":
      return event.key === ";" && !event.shiftKey ? null : () => actions.seekBy(-times);
    case ".":
    case ":":
      return event.key === ":" && !event.shiftKey ? null : () => actions.seekBy(times);
    case "l":
    case "L":
      return () => actions.seek(null);
    case "b":
    case "B":
      return () => actions.toggleBookmark();
    case "s":
    case "S":
      return () => actions.stepThrough();
    case "?":
      return openHelp;
    case "/":
      return openSearch;
    default:
      return null;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
