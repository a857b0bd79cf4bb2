import { scaleOf } from "../lib/pagePx.ts";
import { whenResized } from "../lib/whenResized.ts";

/**
 * bqplot (0.13) takes the size of a figure from the screen and draws in px of the figure itself: in a dashboard that is
 * enlarged (CSS `zoom`) the two differ. So each figure tells its size in its own px, before bqplot asks for it, 300 ms
 * after there is one.
 */
export function measureFigures(panel: HTMLElement, signal: AbortSignal): void {
  const telling = new WeakSet<Element>();
  const tell = () => {
    for (const figure of panel.querySelectorAll<HTMLElement>(".bqplot.figure")) {
      if (telling.has(figure)) continue;
      telling.add(figure);
      const measure = figure.getBoundingClientRect.bind(figure);
      figure.getBoundingClientRect = () => {
        const [{ x, y, width, height }, scale] = [measure(), scaleOf(figure)];
        return new DOMRect(x / scale, y / scale, width / scale, height / scale);
      };
    }
  };
  whenResized(panel, tell, signal);
}
