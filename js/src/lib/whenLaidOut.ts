import { whenAborted } from "./listen.ts";

/** Runs once, when the element has got a place on a page, on the screen or not. */
export function whenLaidOut(element: HTMLElement, run: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const observer = new ResizeObserver(() => {
    if (!element.isConnected || element.getClientRects().length === 0) return;
    observer.disconnect();
    run();
  });
  observer.observe(element);
  whenAborted(signal, () => observer.disconnect());
}
