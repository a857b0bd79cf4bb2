import { whenAborted } from "../lib/listen.ts";
import { whenLaidOut } from "../lib/whenLaidOut.ts";

const LONGEST_MS = 1000;

/** Resolves when an element has a size, or after a second: a host puts a view on the page after it has made it. */
export function whenPlaced(element: HTMLElement, signal: AbortSignal): Promise<void> {
  if (element.clientWidth > 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    whenLaidOut(element, end, signal);
    whenAborted(signal, end);
  });
}
