import { listen, whenAborted } from "../lib/listen.ts";

/** Tells whether a part of the element is on the screen of a page that is shown: at first, and at every change. */
export function watchSight(element: HTMLElement, tell: (isSeen: boolean) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  let isOnScreen = false;
  let isSeen = false;
  const look = () => {
    const isSeenNow = isOnScreen && !document.hidden;
    if (isSeenNow === isSeen) return;
    isSeen = isSeenNow;
    tell(isSeen);
  };
  const observer = new IntersectionObserver((entries) => {
    isOnScreen = entries.at(-1)?.isIntersecting ?? false;
    look();
  });
  observer.observe(element);
  listen(document, "visibilitychange", look, signal);
  whenAborted(signal, () => {
    observer.disconnect();
    isOnScreen = false;
    look();
  });
}
