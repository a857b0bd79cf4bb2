import { whenAborted } from "./listen.ts";

/** Runs with the first size of each part and with every other, until the signal aborts; never where nobody observes. */
export function whenResized(
  parts: Element | readonly Element[],
  run: ResizeObserverCallback,
  signal: AbortSignal,
): void {
  if (typeof ResizeObserver !== "function") return;
  const observer = new ResizeObserver(run);
  for (const part of [parts].flat()) observer.observe(part);
  whenAborted(signal, () => observer.disconnect());
}
