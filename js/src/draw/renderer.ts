import type { Frame, Scenery } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { type Camera, clampCamera, FIT, FOOT_BAND, frozenTop, isSameCamera } from "../layout/camera.ts";
import { placeColumns } from "../layout/placeColumns.ts";
import { type HeadPlace, placeHeads } from "../layout/placeHeads.ts";
import type { Scene } from "../layout/scene.ts";
import { zoomScene } from "../layout/zoomScene.ts";
import { Emitter } from "../lib/emitter.ts";
import type { Measure } from "../lib/fitText.ts";
import { createMeasure } from "../lib/measureText.ts";
import type { FrameStore } from "../store/frameStore.ts";
import { spotlit, type ViewState, type ViewValues } from "../store/viewState.ts";
import { followTheme, prefersStillness, readTheme, type Theme } from "../theme/theme.ts";
import { copyPicture, type PictureCopy } from "./copyPicture.ts";
import { describeLegend } from "./describeLegend.ts";
import { DrawingLevel } from "./drawingLevel.ts";
import type { EdgeSet } from "./edgeSet.ts";
import { EdgeStandIn } from "./edgeStandIn.ts";
import { FieldImages } from "./fieldImages.ts";
import { emptyLegend, type PictureLegend } from "./legend.ts";
import { paintGhost } from "./marks/ghost.ts";
import type { Focus } from "./marks/rings.ts";
import type { Band } from "./overlay.ts";
import { paintPicture } from "./paintPicture.ts";
import { Planes } from "./planes.ts";
import { FrameReader, moveReading, type Reading } from "./reading.ts";
import { ScaleBook } from "./scaleBook.ts";

/** With fewer curves it is not the edges that cost time. */
const WORTH_SIMPLIFYING = 600;
const DIM_MS = 80;
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
  readonly #level = new DrawingLevel();
  readonly #standIn: EdgeStandIn;
  readonly #legendListeners = new Set<(legend: PictureLegend) => void>();
  readonly #moved = new Emitter<[Camera]>();
  #drawnCamera: Camera = FIT;
  #dimmedSince_ms: number | null = null;
  #band: Band | null = null;
  #theme: Theme;
  #measure: Measure;
  /** As laid out for the view, and as `#camera` enlarges it. */
  #base: Scene | null = null;
  #scene: Scene | null = null;
  #camera: Camera = FIT;
  #enlarged: readonly [Scene, number] | null = null;
  #laidOut: readonly [Graph, Scenery | null, number, number, Theme, boolean] | null = null;
  #reading: Reading | null = null;
  #read: readonly unknown[] = [];
  #drawnFrame: Frame | null = null;
  #legend: PictureLegend = emptyLegend;
  #legendText = "";
  #focus: Focus | null = null;
  #hasStandIn = false;
  #isVisible = true;
  #request = 0;
  #timing: ReturnType<typeof setTimeout> | undefined;

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
    this.#standIn = new EdgeStandIn(host.ownerDocument, () => this.invalidate());
    followTheme(this.planes.scroller, signal, () => this.#readTheme());
    this.#theme = readTheme(this.planes.scroller);
    this.#measure = createMeasure(this.planes.scroller);
    store.subscribe(() => this.invalidate(), signal);
    state.subscribe(() => this.invalidate(), signal);
    this.planes.scroller.addEventListener("scroll", () => this.#takeScroll(), { signal, passive: true });
    this.#observe(signal);
    signal.addEventListener("abort", () => this.#close(), { once: true });
    this.invalidate();
  }

  /** What is drawn, in the coordinates of the camera. */
  get scene(): Scene | null {
    return this.#scene;
  }

  /** The scene as it is laid out, not enlarged. */
  get base(): Scene | null {
    return this.#base;
  }

  /** The heads in view, as they were last drawn. */
  get heads(): readonly HeadPlace[] {
    const { x } = this.#camera;
    const visible = [x, x + this.planes.scroller.clientWidth] as const;
    return this.#scene === null ? [] : placeHeads(this.#scene, this.#camera, visible, this.#measure);
  }

  /** The heights of the view between which an enlarged scene shows. */
  get band(): Band | null {
    return this.#band;
  }

  get values(): ViewValues {
    return this.#state.values;
  }

  get camera(): Camera {
    return this.#camera;
  }

  set camera(camera: Camera) {
    this.#camera = camera;
    this.invalidate();
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

  get #hasSignPattern(): boolean {
    return this.#theme.isForcedColors || this.#theme.isPrinting || this.#state.values.hasSignPattern;
  }

  get #hasStrongEdges(): boolean {
    return this.#theme.isForcedColors || this.#theme.wantsContrast || this.#state.values.hasStrongEdges;
  }

  /** What edges depend on, beside their frame and the camera. */
  get #edgeParts(): readonly unknown[] {
    const { selection, step, edges, detail, topK, hasOneScale } = this.#state.values;
    const choices = [selection, step, edges, detail, topK, hasOneScale, this.#hasSignPattern, this.#hasStrongEdges];
    return [this.#base, this.#theme, this.#level.level, globalThis.devicePixelRatio, ...choices];
  }

  get #curveCount(): number {
    return this.edgeSets.reduce((sum, { order }) => sum + order.length, 0);
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
      hasSignPattern: this.#hasSignPattern,
      hasStrongEdges: this.#hasStrongEdges,
      page: ownerDocument,
    });
  }

  onLegend(listener: (legend: PictureLegend) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#legendListeners.add(listener);
    signal.addEventListener("abort", () => this.#legendListeners.delete(listener), { once: true });
  }

  /** Tells another camera once it was drawn with. */
  onCamera(listener: (camera: Camera) => void, signal: AbortSignal): void {
    this.#moved.on(listener, signal);
  }

  /** Asks for a drawing with the next animation frame. */
  invalidate(): void {
    if (this.#request !== 0 || !this.#isVisible || this.#signal.aborted) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      const start_ms = performance.now();
      this.#draw();
      this.#timeDrawing(start_ms);
    });
  }

  /** What a drawing costs this thread: a task that is queued now runs after the browser has painted it. */
  #timeDrawing(start_ms: number): void {
    clearTimeout(this.#timing);
    this.#timing = setTimeout(() => {
      const isIdle = this.planes.scroller.ownerDocument.hidden || this.#scene === null;
      if (isIdle || this.#hasStandIn) return;
      const cost_ms = performance.now() - start_ms;
      const isWorth = this.#curveCount >= WORTH_SIMPLIFYING;
      this.#standIn.cost_ms = isWorth || this.edgeSets.some(({ isRaster }) => isRaster) ? cost_ms : 0;
      if (!isWorth && this.#level.level === "full") return;
      if (this.#level.measured(cost_ms)) this.invalidate();
    });
  }

  /** For a new size: it is drawn before the browser paints it, so that no frame shows the old picture stretched or cut. */
  #drawNow(): void {
    // What is out of sight on the screen is on the paper all the same.
    if ((!this.#isVisible && !this.#theme.isPrinting) || this.#signal.aborted) return;
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
    clearTimeout(this.#timing);
    this.#standIn.close();
    this.planes.scroller.remove();
    this.#legendListeners.clear();
  }

  #readTheme(): void {
    if (this.#signal.aborted) return;
    const wasPrinting = this.#theme.isPrinting;
    this.#readLook();
    if (this.#theme.isPrinting !== wasPrinting) this.#drawNow();
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
      const scene = this.#enlarge(this.#layOut(graph, scenery, width, height), width);
      const reading = this.#readFrame(scene, frame, scenery);
      this.#paint(scene, reading, width, height);
    }
    if (frame !== null && frame !== this.#drawnFrame) {
      this.#drawnFrame = frame;
      this.#onDrawn?.(frame);
    }
  }

  #takeScroll(): void {
    const scrolled = this.planes.takeScroll();
    if (scrolled === null) return;
    this.#camera = { ...this.#camera, x: scrolled[0], y: scrolled[1] };
    this.invalidate();
  }

  #drawGhost(width: number, height: number): void {
    this.#base = null;
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
    if (known !== null && known[0] !== graph) this.#level.reset();
    const isSimplified = this.#level.level !== "full";
    const wanted = [graph, scenery, width, height, this.#theme, isSimplified] as const;
    if (this.#base !== null && known !== null && wanted.every((part, i) => part === known[i])) return this.#base;
    if (known !== null && known[0] !== graph) {
      this.#scales.clear();
      this.#camera = FIT;
    }
    this.#laidOut = wanted;
    this.#base = placeColumns({ graph, scenery, width, height, measure: this.#measure, isSimplified });
    return this.#base;
  }

  #enlarge(base: Scene, width: number): Scene {
    this.#camera = clampCamera(this.#camera, base, width);
    const { scale } = this.#camera;
    const { classList } = this.planes.scroller;
    classList.toggle("nnvis-zoomed", scale > 1);
    classList.toggle("nnvis-wide", base.width > width);
    if (this.#scene === null || this.#enlarged?.[0] !== base || this.#enlarged[1] !== scale) {
      this.#enlarged = [base, scale];
      this.#scene = zoomScene(base, scale);
    }
    return this.#scene;
  }

  #readFrame(scene: Scene, frame: Frame | null, scenery: Scenery | null): Reading {
    const { edges, step, detail, topK, hasOneScale } = this.#state.values;
    const { level, finerCost_ms } = this.#level;
    const signs = this.#hasSignPattern;
    const wanted = [scene, this.#base, frame, scenery, edges, step !== null, detail, topK, level, signs, hasOneScale];
    const isKnown = (from: number): boolean => wanted.slice(from).every((part, i) => part === this.#read[from + i]);
    if (this.#reading !== null && isKnown(1)) {
      if (!isKnown(0)) this.#reading = moveReading(this.#reading, scene);
      this.#read = wanted;
      return this.#reading;
    }
    const isStill = step !== null || (this.#reading !== null && isKnown(2));
    this.#read = wanted;
    this.#reading = this.#reader.read(scene, frame, scenery, edges, isStill, { topK, level, hasOneScale });
    const simplified = finerCost_ms === null ? null : { finerCost_ms };
    this.#tellLegend(describeLegend(this.#reading, scenery, frame, detail, simplified, signs));
    return this.#reading;
  }

  #paint(scene: Scene, reading: Reading, width: number, height: number): void {
    const { planes } = this;
    const camera = this.#camera;
    const foot = this.#legend.omission === "" ? 0 : FOOT_BAND;
    const band = camera.scale === 1 ? null : { top: frozenTop(scene), bottom: height - foot };
    this.#band = band;
    this.#hasStandIn = this.#standIn.mayStandIn(planes.edges.canvas, camera, scene, this.#edgeParts);
    planes.begin(width, height, scene.width, scene.height, camera, band);
    this.#pictures.begin();
    const from = camera.x;
    paintPicture(
      {
        edges: planes.edges,
        images: planes.images,
        overlay: planes.overlay,
        pictures: this.#pictures,
        standIn: this.#hasStandIn ? this.#standIn : null,
        theme: this.#theme,
        measure: this.#measure,
        scene,
        frame: this.#store.frame,
        scenery: this.#store.scenery,
        reading,
        values: this.#state.values,
        visible: [from, from + width],
        dimming: this.#dim(),
        camera,
        viewHeight: height,
        band,
        pixelRatio: globalThis.devicePixelRatio || 1,
        hasSignPattern: this.#hasSignPattern,
        hasStrongEdges: this.#hasStrongEdges,
      },
      this.#focus,
      this.#legend.omission,
    );
    if (!this.#hasStandIn) this.#pictures.end();
    planes.overlay.end();
    if (isSameCamera(camera, this.#drawnCamera)) return;
    this.#drawnCamera = camera;
    this.#moved.emit(camera);
  }

  /** Steps back within 80 ms, or at once where motion is unwanted. */
  #dim(): number {
    if (spotlit(this.#state.values) === null) {
      this.#dimmedSince_ms = null;
      return 1;
    }
    if (prefersStillness()) return 1;
    const now_ms = performance.now();
    this.#dimmedSince_ms ??= now_ms;
    const share = Math.min(1, (now_ms - this.#dimmedSince_ms) / DIM_MS);
    if (share < 1) this.invalidate();
    return share;
  }

  #tellLegend(legend: PictureLegend): void {
    const text = JSON.stringify(legend);
    if (text === this.#legendText) return;
    this.#legendText = text;
    this.#legend = legend;
    for (const listener of this.#legendListeners) listener(legend);
  }
}
