import type { Frame } from "../core/frame.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { ViewState } from "../store/viewState.ts";
import type { PictureLegend } from "./legend.ts";

export interface Picture {
  /** The container changed; the picture also observes its own host. */
  resize(): void;
  destroy(): void;
  /** What the colours, widths and omissions of the picture mean, as of the last draw. */
  readonly legend: PictureLegend;
  onLegend(listener: (legend: PictureLegend) => void, signal: AbortSignal): void;
}

export function createPicture(
  _host: HTMLElement,
  _store: FrameStore,
  _state: ViewState,
  _signal: AbortSignal,
  _onDrawn?: (frame: Frame) => void,
): Picture {
  throw new Error("The picture is being written.");
}
