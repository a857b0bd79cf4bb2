/** Tells when the page is laid out for paper, before the browser paints it, and when it is back on the screen. */
export function followPrint(signal: AbortSignal, listener: (isPrinting: boolean) => void): void {
  if (signal.aborted) return;
  let isPrinting = false;
  const tell = (now: boolean): void => {
    if (now === isPrinting) return;
    isPrinting = now;
    listener(now);
  };
  globalThis.addEventListener("beforeprint", () => tell(true), { signal });
  globalThis.addEventListener("afterprint", () => tell(false), { signal });
  if (typeof matchMedia !== "function") return;
  matchMedia("print").addEventListener("change", ({ matches }) => tell(matches), { signal });
}
