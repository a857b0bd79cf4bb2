import { whenAborted } from "../lib/listen.ts";

const LONGEST_MS = 1000;

/** Resolves when an element has a size, or after a second: a host puts a view on the page after it has made it. */
export function whenPlaced(element: HTMLElement, signal: AbortSignal): Promise<void> {
  const isPlaced = () => element.clientWidth > 0;
  if (isPlaced() || typeof ResizeObserver !== "function") return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const observer = new ResizeObserver(() => isPlaced() && end());
    const timer = setTimeout(end, LONGEST_MS);
    observer.observe(element);
    whenAborted(signal, end);
  });
}
