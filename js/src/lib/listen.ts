/** Listens until the signal aborts; nothing here needs to be removed by hand. */
export function listen<Name extends keyof HTMLElementEventMap>(
  target: HTMLElement | SVGElement,
  name: Name,
  listener: (event: HTMLElementEventMap[Name]) => void,
  signal: AbortSignal,
  options?: Omit<AddEventListenerOptions, "signal">,
): void;
export function listen(
  target: EventTarget,
  name: string,
  listener: (event: Event) => void,
  signal: AbortSignal,
  options?: Omit<AddEventListenerOptions, "signal">,
): void;
export function listen(
  target: EventTarget,
  name: string,
  listener: (event: never) => void,
  signal: AbortSignal,
  options: Omit<AddEventListenerOptions, "signal"> = {},
): void {
  target.addEventListener(name, listener as EventListener, { ...options, signal });
}

/** Runs when the signal aborts, or at once if it already has. */
export function whenAborted(signal: AbortSignal, cleanUp: () => void): void {
  if (signal.aborted) cleanUp();
  else signal.addEventListener("abort", cleanUp, { once: true });
}

/** `setInterval` that ends with the signal. */
export function every(period_ms: number, run: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const timer = setInterval(run, period_ms);
  whenAborted(signal, () => clearInterval(timer));
}
