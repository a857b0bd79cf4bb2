import type { Frame } from "../core/frame.ts";
import type { PictureCopy } from "../draw/copyPicture.ts";
import type { ApartMarks } from "../draw/marks/brush.ts";
import { Renderer } from "../draw/renderer.ts";
import type { PictureLegend } from "../draw/say/legend.ts";
import { ownWidth } from "../layout/kinds/columnLayouts.ts";
import { layersOnScreen } from "../layout/layersOnScreen.ts";
import { type Box, type Column, columnOfLayer, placeBox } from "../layout/scene.ts";
import type { Sight } from "../layout/sight.ts";
import { Emitter } from "../lib/emitter.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { Hover, ViewState } from "../store/viewState.ts";
import type { Theme } from "../theme/theme.ts";
import { attachKeyboard } from "./attachKeyboard.ts";
import { attachPointer } from "./attachPointer.ts";
import { attachZoom } from "./attachZoom.ts";
import type { Place } from "./keyboard.ts";
import { type Destination, Travel } from "./travel.ts";

export interface Picture {
  /** The element that takes the keyboard: focus it to let the person move through the network. */
  readonly element: HTMLElement;
  /** The container changed; the picture also observes its own host. */
  resize(): void;
  destroy(): void;
  /** What the colours, widths and omissions of the picture mean, as of the last draw. */
  readonly legend: PictureLegend;
  onLegend(listener: (legend: PictureLegend) => void, signal: AbortSignal): void;
  /** Where the keyboard is; null while the focus is elsewhere on the page. */
  readonly focus: Place | null;
  /** Moves the keyboard's place; with `takesFocus` the page's focus comes along. */
  moveFocus(place: Place | null, takesFocus?: boolean): void;
  onFocus(listener: (place: Place | null) => void, signal: AbortSignal): void;
  /** The person asks by key for a close look at a layer, a unit or an edge; null: no longer. */
  onPeek(listener: (hover: Hover | null) => void, signal: AbortSignal): void;
  zoomBy(factor: number): void;
  fit(): void;
  show(destination: Destination): void;
  /** Moves as little as needed to have it in view, unless it moves already. */
  reveal(destination: Destination): void;
  /** Moves on by most of a view, to the right (1) or to the left (−1). */
  turnPage(direction: 1 | -1): void;
  /** Puts a point of the scene as it is laid out into the middle of the view. */
  centre(x: number, y: number, isSmooth: boolean): void;
  /** Told after each drawing of another part of the network, or of another one. */
  onMove(listener: (sight: Sight) => void, signal: AbortSignal): void;
  /** Ids of the layers on the screen that show more than their name. */
  readonly layersOnScreen: readonly string[];
  /**
   * Where a unit with its gauge and label, or the head of a layer, is on the screen, in px from the upper left of the
   * picture; null for an edge.
   */
  boxOf(hover: Hover): Box | null;
  /** Puts the accessible tree inside; from then on its items take the focus, not the picture. */
  mountTree(tree: HTMLElement): void;
  readonly theme: Theme;
  /** The picture of a frame, or of the present one, to be painted into a file. */
  copy(frame?: Frame | null): PictureCopy;
}

/**
 * Draws the network of a store into a host and lets a person point, click and move in it. Needs theme/tokens.css and
 * draw/picture.css on the page, and a host with a height. `tell` says a sentence to the person; `apart` paints what not every network has.
 */
export function createPicture(
  host: HTMLElement,
  store: FrameStore,
  state: ViewState,
  signal: AbortSignal,
  onDrawn?: (frame: Frame) => void,
  tell: (text: string) => void = () => {},
  apart: ApartMarks = {},
): Picture {
  const life = new AbortController();
  if (signal.aborted) life.abort();
  signal.addEventListener("abort", () => life.abort(), { once: true, signal: life.signal });
  const renderer = new Renderer(host, store, state, life.signal, onDrawn, apart);
  const travel = new Travel(renderer, life.signal);
  const reports = { focus: new Emitter<[Place | null]>(), peek: new Emitter<[Hover | null]>(), tell };
  attachZoom(renderer, travel, () => state.set({ hover: null }), life.signal);
  attachPointer(renderer, store, state, travel, life.signal);
  const keyboard = attachKeyboard(renderer, store, state, travel, reports, life.signal);
  const element = renderer.planes.scroller;
  const headBox = (column: Column): Box | null => {
    const { heads, camera } = renderer;
    const place = heads.find((head) => head.column === column);
    if (place === undefined) return null;
    const { box, isPinned } = place;
    return { ...box, x: box.x - camera.x, y: box.y - (isPinned ? 0 : camera.y) };
  };
  return {
    element,
    resize: () => renderer.invalidate(),
    destroy: () => life.abort(),
    get legend() {
      return renderer.legend;
    },
    onLegend: (listener, until) => renderer.onLegend(listener, until),
    get focus() {
      return renderer.focus;
    },
    moveFocus(place, takesFocus = false) {
      if (takesFocus) element.focus({ preventScroll: true });
      keyboard.moveFocus(place);
    },
    onFocus: (listener, until) => reports.focus.on(listener, until),
    onPeek: (listener, until) => reports.peek.on(listener, until),
    zoomBy: (factor) => travel.zoomBy(factor),
    fit: () => travel.fit(),
    show: (destination) => travel.show(destination),
    reveal(destination) {
      if (travel.canPan && !travel.isMoving) travel.reveal(destination);
    },
    turnPage: (direction) => travel.turnPage(direction),
    centre: (x, y, isSmooth) => travel.centre(x, y, isSmooth),
    onMove: (listener, until) => renderer.onMove(listener, until),
    get layersOnScreen() {
      const { scene, camera } = renderer;
      return scene === null ? [] : layersOnScreen(scene, camera, element.clientWidth);
    },
    boxOf(hover) {
      const { scene, camera } = renderer;
      const column = scene === null ? undefined : columnOfLayer(scene, hover.layer);
      if (column === undefined || hover.sourceLayer !== undefined) return null;
      if (hover.unit === null && column.head !== null) return headBox(column);
      const box = placeBox(column, hover.unit ?? 0);
      const width = box.width + ownWidth(column) - column.box.width;
      return { ...box, width, x: box.x - camera.x, y: box.y - camera.y };
    },
    mountTree(tree) {
      element.tabIndex = -1;
      renderer.planes.mount(tree);
    },
    get theme() {
      return renderer.theme;
    },
    copy: (frame) => renderer.copy(frame),
  };
}
