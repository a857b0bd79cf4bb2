import type { Frame, Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { placeColumns } from "../layout/placeColumns.ts";
import type { Scene } from "../layout/scene.ts";
import type { Measure } from "../lib/fitText.ts";
import { createMeasure } from "../lib/measureText.ts";
import type { FrameStore } from "../store/frameStore.ts";
import type { ViewState } from "../store/viewState.ts";
import { followTheme, readTheme, type Theme } from "../theme/theme.ts";
import { copyPicture, type PictureCopy } from "./copyPicture.ts";
import { describeLegend } from "./describeLegend.ts";
import type { EdgeSet } from "./edgeSet.ts";
import { FieldImages } from "./fieldImages.ts";
import { emptyLegend, type PictureLegend } from "./legend.ts";
import { paintGhost } from "./marks/ghost.ts";
import type { Focus } from "./marks/rings.ts";
import { paintPicture } from "./paintPicture.ts";
import { Planes } from "./planes.ts";
import { FrameReader, type Reading } from "./reading.ts";
import { ScaleBook } from "./scaleBook.ts";

/** The size of the picture of a view that was never seen. */
const UNSEEN_WIDTH = 1053;
const UNSEEN_HEIGHT = 500;

/** Draws a store into a host: one animation-frame loop that runs only when something changed and is visible. */
export class Renderer {
  readonly planes: Planes;
  readonly #store: FrameStore;
  readonly #state: ViewState;
  readonly #signal: AbortSignal;
  readonly #onDrawn: ((frame: Frame) => void) | undefined;
  readonly #scales = new ScaleBook();
  readonly #reader = new FrameReader(this.#scales);
  readonly #pictures: FieldImages;
  readonly #legendListeners = new Set<(legend: PictureLegend) => void>();
  #theme: Theme;
  #measure: Measure;
  #scene: Scene | null = null;
  #laidOut: readonly [Graph, Scenery | null, number, number, Theme] | null = null;
  #reading: Reading | null = null;
  #read: readonly unknown[] = [];
  #drawnFrame: Frame | null = null;
  #legend: PictureLegend = emptyLegend;
  #legendText = "";
  #focus: Focus | null = null;
  #isVisible = true;
  #request = 0;

  constructor(
    host: HTMLElement,
    store: FrameStore,
    state: ViewState,
    signal: AbortSignal,
    onDrawn: ((frame: Frame) => void) | undefined,
  ) {
    this.#store = store;
    this.#state = state;
    this.#signal = signal;
    this.#onDrawn = onDrawn;
    this.planes = new Planes(host);
    this.#pictures = new FieldImages(host.ownerDocument);
    followTheme(this.planes.scroller, signal, () => this.#readTheme());
    this.#theme = readTheme(this.planes.scroller);
    this.#measure = createMeasure(this.planes.scroller);
    store.subscribe(() => this.invalidate(), signal);
    state.subscribe(() => this.invalidate(), signal);
    this.planes.scroller.addEventListener("scroll", () => this.invalidate(), { signal, passive: true });
    this.#observe(signal);
    signal.addEventListener("abort", () => this.#close(), { once: true });
    this.invalidate();
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  get reading(): Reading | null {
    return this.#reading;
  }

  get legend(): PictureLegend {
    return this.#legend;
  }

  get edgeSets(): readonly EdgeSet[] {
    return (this.#reading?.edges ?? []).filter((edge) => edge !== null).map((edge) => edge.set);
  }

  get focus(): Focus | null {
    return this.#focus;
  }

  set focus(focus: Focus | null) {
    this.#focus = focus;
    this.invalidate();
  }

  /** The look of the page around the picture. */
  get theme(): Theme {
    if (!this.#theme.isSettled) this.#readLook();
    return this.#theme;
  }

  /** The picture of a frame, whole and on the scales of the page, to be painted into a file; also while out of sight. */
  copy(frame: Frame | null = this.#store.frame): PictureCopy {
    const { graph, scenery } = this.#store;
    const { clientWidth, clientHeight, ownerDocument } = this.planes.scroller;
    const isLaidOut = clientWidth >= 40 && clientHeight >= 40;
    const [, , lastWidth, lastHeight] = this.#laidOut ?? [null, null, UNSEEN_WIDTH, UNSEEN_HEIGHT];
    const [width, height] = isLaidOut ? [clientWidth, clientHeight] : [lastWidth, lastHeight];
    const { values } = this.#state;
    return copyPicture({
      graph,
      scenery,
      frame,
      values,
      width,
      height,
      measure: this.#measure,
      scales: this.#scales.copy(),
      isLocked: values.step !== null || frame === this.#drawnFrame,
      hasSignPattern: this.#theme.isForcedColors,
      page: ownerDocument,
    });
  }

  onLegend(listener: (legend: PictureLegend) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#legendListeners.add(listener);
    signal.addEventListener("abort", () => this.#legendListeners.delete(listener), { once: true });
  }

  /** Asks for a drawing with the next animation frame. */
  invalidate(): void {
    if (this.#request !== 0 || !this.#isVisible || this.#signal.aborted) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#draw();
    });
  }

  /** For a new size: it is drawn before the browser paints it, so that no frame shows the old picture stretched or cut. */
  #drawNow(): void {
    if (!this.#isVisible || this.#signal.aborted) return;
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#draw();
  }

  #observe(signal: AbortSignal): void {
    if (typeof ResizeObserver === "function") {
      const observer = new ResizeObserver(() => this.#drawNow());
      observer.observe(this.planes.scroller);
      signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    }
    if (typeof IntersectionObserver === "function") {
      const observer = new IntersectionObserver((entries) => {
        this.#isVisible = entries.at(-1)?.isIntersecting ?? true;
        this.invalidate();
      });
      observer.observe(this.planes.scroller);
      signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    }
    this.planes.scroller.ownerDocument.fonts?.ready.then(() => this.#readTheme());
  }

  #close(): void {
    cancelAnimationFrame(this.#request);
    this.planes.scroller.remove();
    this.#legendListeners.clear();
  }

  #readTheme(): void {
    if (this.#signal.aborted) return;
    this.#readLook();
    this.invalidate();
  }

  #readLook(): void {
    this.#theme = readTheme(this.planes.scroller);
    this.#measure = createMeasure(this.planes.scroller);
  }

  #draw(): void {
    const width = this.planes.scroller.clientWidth;
    const height = this.planes.scroller.clientHeight;
    if (width < 40 || height < 40) return;
    if (!this.#theme.isSettled) this.#readLook();
    const { graph, scenery, frame } = this.#store;
    if (graph === null || graph.layers.length === 0) {
      this.#drawGhost(width, height);
    } else {
      const scene = this.#layOut(graph, scenery, width, height);
      const reading = this.#readFrame(scene, frame, scenery);
      this.#paint(scene, reading, width, height);
    }
    if (frame !== null && frame !== this.#drawnFrame) {
      this.#drawnFrame = frame;
      this.#onDrawn?.(frame);
    }
  }

  #drawGhost(width: number, height: number): void {
    this.#scene = null;
    this.#reading = null;
    this.#laidOut = null;
    this.planes.begin(width, height, width);
    paintGhost(this.planes.images, this.planes.overlay, this.#theme, width, height);
    this.planes.overlay.end();
    this.#tellLegend(emptyLegend);
  }

  #layOut(graph: Graph, scenery: Scenery | null, width: number, height: number): Scene {
    const known = this.#laidOut;
    const wanted = [graph, scenery, width, height, this.#theme] as const;
    if (this.#scene !== null && known !== null && wanted.every((part, i) => part === known[i])) return this.#scene;
    if (known !== null && known[0] !== graph) this.#scales.clear();
    this.#laidOut = wanted;
    this.#scene = placeColumns({ graph, scenery, width, height, measure: this.#measure });
    return this.#scene;
  }

  #readFrame(scene: Scene, frame: Frame | null, scenery: Scenery | null): Reading {
    const { edges, step } = this.#state.values;
    const wanted = [scene, frame, scenery, edges];
    if (this.#reading !== null && wanted.every((part, i) => part === this.#read[i])) return this.#reading;
    this.#read = wanted;
    this.#reading = this.#reader.read(scene, frame, scenery, edges, step !== null);
    this.#tellLegend(describeLegend(this.#reading, scenery, frame));
    return this.#reading;
  }

  #paint(scene: Scene, reading: Reading, width: number, height: number): void {
    const { planes } = this;
    planes.begin(width, height, scene.width);
    this.#pictures.begin();
    const from = planes.scroller.scrollLeft;
    paintPicture(
      {
        edges: planes.edges,
        images: planes.images,
        overlay: planes.overlay,
        pictures: this.#pictures,
        theme: this.#theme,
        measure: this.#measure,
        scene,
        frame: this.#store.frame,
        scenery: this.#store.scenery,
        reading,
        values: this.#state.values,
        visible: [from, from + width],
        pixelRatio: globalThis.devicePixelRatio || 1,
        hasSignPattern: this.#theme.isForcedColors,
      },
      this.#focus,
      this.#legend.omission,
    );
    this.#pictures.end();
    planes.overlay.end();
  }

  #tellLegend(legend: PictureLegend): void {
    const text = JSON.stringify(legend);
    if (text === this.#legendText) return;
    this.#legendText = text;
    this.#legend = legend;
    for (const listener of this.#legendListeners) listener(legend);
  }
}
