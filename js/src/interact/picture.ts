import type { Frame } from "../core/frame.ts";
import type { PictureCopy } from "../draw/copyPicture.ts";
import type { PictureLegend } from "../draw/legend.ts";
import { Renderer } from "../draw/renderer.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { ViewState } from "../store/viewState.ts";
import type { Theme } from "../theme/theme.ts";
import { attachKeyboard } from "./attachKeyboard.ts";
import { attachPointer } from "./attachPointer.ts";

export interface Picture {
  /** The element that takes the keyboard: focus it to let the person move through the network. */
  readonly element: HTMLElement;
  /** The container changed; the picture also observes its own host. */
  resize(): void;
  destroy(): void;
  /** What the colours, widths and omissions of the picture mean, as of the last draw. */
  readonly legend: PictureLegend;
  onLegend(listener: (legend: PictureLegend) => void, signal: AbortSignal): void;
  readonly theme: Theme;
  /** The picture of a frame, or of the present one, to be painted into a file. */
  copy(frame?: Frame | null): PictureCopy;
}

/**
 * Draws the network of a store into a host and lets a person point, click and move in it. Needs theme/tokens.css and
 * draw/picture.css on the page, and a host with a height.
 */
export function createPicture(
  host: HTMLElement,
  store: FrameStore,
  state: ViewState,
  signal: AbortSignal,
  onDrawn?: (frame: Frame) => void,
): Picture {
  const life = new AbortController();
  if (signal.aborted) life.abort();
  signal.addEventListener("abort", () => life.abort(), { once: true, signal: life.signal });
  const renderer = new Renderer(host, store, state, life.signal, onDrawn);
  attachPointer(renderer, store, state, life.signal);
  attachKeyboard(renderer, store, state, life.signal);
  return {
    element: renderer.planes.scroller,
    resize: () => renderer.invalidate(),
    destroy: () => life.abort(),
    get legend() {
      return renderer.legend;
    },
    onLegend: (listener, until) => renderer.onLegend(listener, until),
    get theme() {
      return renderer.theme;
    },
    copy: (frame) => renderer.copy(frame),
  };
}
