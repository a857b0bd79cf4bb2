import { whenResized } from "../lib/whenResized.ts";

interface Drawing {
  draw(): void;
  /** It is not on the screen, so nothing is drawn; other parts of the view may be, and wait for the next frame. */
  passOver(): void;
  /** What a drawing cost this thread, its painting by the browser included. */
  onCost(cost_ms: number): void;
  /** Whether it is drawn at once although it is not on the screen. */
  isWantedUnseen(): boolean;
}

/** Draws with the next animation frame when asked, at once for a new size, and never what is out of sight. */
export class DrawLoop {
  readonly #host: HTMLElement;
  readonly #drawing: Drawing;
  readonly #signal: AbortSignal;
  #isVisible = true;
  #request = 0;
  #timing: ReturnType<typeof setTimeout> | undefined;
  #comparing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, drawing: Drawing, signal: AbortSignal) {
    this.#host = host;
    this.#drawing = drawing;
    this.#signal = signal;
    // Before the browser paints the new size, so that no frame shows the old picture stretched or cut.
    whenResized(host, () => this.drawNow(), signal);
    if (typeof IntersectionObserver === "function") {
      const observer = new IntersectionObserver((entries) => {
        this.#isVisible = entries.at(-1)?.isIntersecting ?? true;
        this.ask();
      });
      observer.observe(host);
      signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    }
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Asks for a drawing with the next animation frame. */
  ask(): void {
    if (this.#request !== 0 || this.#signal.aborted) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      if (!this.#isVisible) {
        this.#drawing.passOver();
        return;
      }
      if (this.#isTakenOut()) {
        this.ask();
        return;
      }
      const start_ms = performance.now();
      this.#draw();
      this.#time(start_ms);
    });
  }

  /** Draws at once what was asked for with the next animation frame. */
  catchUp(): void {
    if (this.#request !== 0) this.drawNow();
  }

  drawNow(): void {
    if ((!this.#isVisible && !this.#drawing.isWantedUnseen()) || this.#signal.aborted) return;
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#draw();
  }

  /**
   * A drawing may take room from itself, as by what it tells the legend. A ResizeObserver is silent where that leads
   * back to the size it told last, so the sizes are compared once more after the paint, when it costs nothing.
   */
  #draw(): void {
    const { clientWidth, clientHeight } = this.#host;
    this.#drawing.draw();
    clearTimeout(this.#comparing);
    this.#comparing = setTimeout(() => {
      if (this.#host.clientWidth !== clientWidth || this.#host.clientHeight !== clientHeight) this.ask();
    });
  }

  /** JupyterLab takes its whole page out of the layout for a frame, of which no observer tells; a longer one is told. */
  #isTakenOut(): boolean {
    const isTold = typeof IntersectionObserver === "function";
    return isTold && this.#host.isConnected && this.#host.getClientRects().length === 0;
  }

  /** A task that is queued now runs after the browser has painted what was drawn. */
  #time(start_ms: number): void {
    clearTimeout(this.#timing);
    this.#timing = setTimeout(() => {
      if (!this.#host.ownerDocument.hidden) this.#drawing.onCost(performance.now() - start_ms);
    });
  }

  #stop(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#timing);
    clearTimeout(this.#comparing);
  }
}
