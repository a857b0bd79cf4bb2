import { listen } from "./listen.ts";

/**
 * Keys without a modifier that are pressed within an element are not the host's. Notebook 7 takes keys on their way down
 * to what they are pressed in (notebook 7.6.5), and an "x" there would cut the cell: until they have come to the element,
 * they seem to be of the page as a whole, of which no command of the host's is.
 */
export function keepKeys(element: HTMLElement, signal: AbortSignal): void {
  element.dataset.lmSuppressShortcuts = "true";
  const hide = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof Node && element.contains(event.target))) return;
    Object.defineProperty(event, "target", { value: document.documentElement, configurable: true });
  };
  const show = (event: KeyboardEvent) => {
    Reflect.deleteProperty(event, "target");
  };
  listen(globalThis.window, "keydown", hide as (event: Event) => void, signal, { capture: true });
  listen(element, "keydown", show, signal, { capture: true });
}
