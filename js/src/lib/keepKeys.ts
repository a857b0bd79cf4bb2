import { isModified } from "./isModified.ts";
import { listen } from "./listen.ts";

/**
 * Keys that are pressed within an element are not of the cell around it, where an "x" would cut and Ctrl with Enter run
 * it. Notebook 7 takes keys on their way down to what they are pressed in (notebook 7.6.5): until they have come to the
 * element, they seem to be of the document, of which no command of the host's is. Those with a modifier seem to be of
 * the page as a whole, on their way back too: so Ctrl with S saves the notebook.
 */
export function keepKeys(element: HTMLElement, signal: AbortSignal): void {
  element.dataset.lmSuppressShortcuts = "true";
  const hide = (event: KeyboardEvent) => {
    if (!(event.target instanceof Node && element.contains(event.target))) return;
    const value = isModified(event) ? document.body : document.documentElement;
    Object.defineProperty(event, "target", { value, configurable: true });
  };
  const show = (event: KeyboardEvent) => {
    if (!isModified(event)) Reflect.deleteProperty(event, "target");
  };
  listen(globalThis.window, "keydown", hide as (event: Event) => void, signal, { capture: true });
  listen(element, "keydown", show, signal, { capture: true });
}
