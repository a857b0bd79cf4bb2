import type { Frame, Scenery, Selection } from "../core/frame.ts";
import type { Graph } from "../core/graph.ts";
import { type Camera, clampCamera, FIT, frozenTop, isSameCamera } from "../layout/camera.ts";
import { type HeadPlace, placeHeads } from "../layout/placeHeads.ts";
import type { Scene } from "../layout/scene.ts";
import { type Sight, sightOf } from "../layout/sight.ts";
import { Emitter } from "../lib/emitter.ts";
import type { Measure } from "../lib/fitText.ts";
import { createMeasure } from "../lib/measureText.ts";
import { pixelRatioOf } from "../lib/pagePx.ts";
import type { FrameStore } from "../store/frameStore.ts";
import { spotlit, type ViewState, type ViewValues } from "../store/viewState.ts";
import { followTheme, readTheme, type Theme } from "../theme/theme.ts";
import { FieldImages } from "./canvas/fieldImages.ts";
import type { Band } from "./canvas/overlay.ts";
import { copyPicture, type PictureCopy } from "./copyPicture.ts";
import { Dimmer } from "./dimmer.ts";
import { DrawLoop } from "./drawLoop.ts";
import type { EdgeSet } from "./edges/edgeSet.ts";
import { EdgeStandIn } from "./edges/edgeStandIn.ts";
import { Fineness } from "./fineness.ts";
import type { ApartMarks } from "./marks/brush.ts";
import { paintGhost } from "./marks/ghost.ts";
import { paintPicture } from "./paintPicture.ts";
import { Planes } from "./planes.ts";
import { drawnMapsOf } from "./read/maps.ts";
import type { Reading } from "./read/reading.ts";
import { ReadingKeeper } from "./read/readingKeeper.ts";
import { ScaleBook } from "./read/scaleBook.ts";
import { describeLegend } from "./say/describeLegend.ts";
import { emptyLegend, type PictureLegend } from "./say/legend.ts";
import { SceneKeeper } from "./sceneKeeper.ts";

/** The size of the picture of a view that was never seen. */
const UNSEEN_SIZE = [1053, 500] as const;

/** Draws a store into a host: one animation-frame loop that runs only when something changed and is visible. */
export class Renderer {
  readonly planes: Planes;
  readonly #store: FrameStore;
  readonly #state: ViewState;
  readonly #signal: AbortSignal;
  readonly #apart: ApartMarks;
  readonly #onDrawn: ((frame: Frame) => void) | undefined;
  readonly #scales = new ScaleBook();
  readonly #readings = new ReadingKeeper(this.#scales);
  readonly #pictures: FieldImages;
  readonly #fineness = new Fineness(() => this.#loop.ask());
  readonly #standIn: EdgeStandIn;
  readonly #loop: DrawLoop;
  readonly #dimmer = new Dimmer(() => this.invalidate());
  readonly #legendTold = new Emitter<[PictureLegend]>();
  readonly #moved = new Emitter<[Sight]>();
  #drawnCamera: Camera = FIT;
  #drawnBase: Scene | null = null;
  #band: Band | null = null;
  #theme: Theme;
  #measure: Measure;
  #camera: Camera = FIT;
  readonly #scenes = new SceneKeeper();
  #drawnFrame: Frame | null = null;
  #legend: PictureLegend = emptyLegend;
  #legendText = "";
  #focus: Selection | null = null;
  #hasStandIn = false;

  constructor(
    host: HTMLElement,
    store: FrameStore,
    state: ViewState,
    signal: AbortSignal,
    onDrawn: ((frame: Frame) => void) | undefined,
    apart: ApartMarks = {},
  ) {
    this.#apart = apart;
    this.#store = store;
    this.#state = state;
    this.#signal = signal;
    this.#onDrawn = onDrawn;
    this.planes = new Planes(host);
    this.#loop = new DrawLoop(
      this.planes.scroller,
      {
        draw: () => this.#draw(),
        passOver: () => this.#passOver(),
        onCost: (cost_ms) => this.#takeCost(cost_ms),
        // What is out of sight on the screen is on the paper all the same.
        isWantedUnseen: () => this.#theme.isPrinting,
      },
      signal,
    );
    this.#pictures = new FieldImages(host.ownerDocument);
    this.#standIn = new EdgeStandIn(host.ownerDocument, () => this.invalidate());
    followTheme(this.planes.scroller, signal, () => this.#readTheme());
    this.#theme = readTheme(this.planes.scroller);
    this.#measure = createMeasure(this.planes.scroller);
    store.subscribe(() => this.invalidate(), signal);
    state.subscribe(() => this.invalidate(), signal);
    this.planes.scroller.addEventListener("scroll", () => this.#takeScroll(), { signal, passive: true });
    host.ownerDocument.fonts?.ready.then(() => this.#readTheme());
    signal.addEventListener("abort", () => this.#close(), { once: true });
    this.invalidate();
  }

  /** What is drawn, in the coordinates of the camera. */
  get scene(): Scene | null {
    return this.#scenes.scene;
  }

  /** The scene as it is laid out, not enlarged. */
  get base(): Scene | null {
    return this.#scenes.base;
  }

  /** The heads in view, as they were last drawn. */
  get heads(): readonly HeadPlace[] {
    const { x } = this.#camera;
    const visible = [x, x + this.planes.scroller.clientWidth] as const;
    return this.scene === null ? [] : placeHeads(this.scene, this.#camera, visible, this.#measure);
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
    return this.#readings.reading;
  }

  get legend(): PictureLegend {
    return this.#legend;
  }

  get edgeSets(): readonly EdgeSet[] {
    return (this.reading?.edges ?? []).filter((edge) => edge !== null).map((edge) => edge.set);
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
    return [this.base, this.#theme, this.#fineness.level, pixelRatioOf(this.planes.scroller), ...choices];
  }

  get #curveCount(): number {
    return this.edgeSets.reduce((sum, { order }) => sum + order.length, 0);
  }

  get focus(): Selection | null {
    return this.#focus;
  }

  set focus(focus: Selection | null) {
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
    this.#loop.catchUp(); // the first drawing fills the legend, which takes its height from the picture
    const { graph, scenery } = this.#store;
    const { clientWidth, clientHeight, ownerDocument } = this.planes.scroller;
    const isLaidOut = clientWidth >= 40 && clientHeight >= 40;
    const [width, height] = isLaidOut ? [clientWidth, clientHeight] : (this.#scenes.size ?? UNSEEN_SIZE);
    const { values } = this.#state;
    return copyPicture({
      graph,
      scenery,
      frame,
      values,
      apart: this.#apart,
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
    this.#legendTold.on(listener, signal);
  }

  /** Tells what is in view, each time it is something else, once it was drawn. */
  onMove(listener: (sight: Sight) => void, signal: AbortSignal): void {
    this.#moved.on(listener, signal);
  }

  /** Asks for a drawing with the next animation frame. */
  invalidate(): void {
    this.#fineness.stir();
    this.#loop.ask();
  }

  #takeCost(cost_ms: number): void {
    if (this.scene === null || this.#hasStandIn || this.#fineness.isAtRest) return;
    const count = this.#curveCount;
    const isWorth = this.#fineness.isWorthSimplifying(count);
    this.#standIn.cost_ms = isWorth || this.edgeSets.some(({ isRaster }) => isRaster) ? cost_ms : 0;
    if (this.#fineness.measured(cost_ms, count)) this.invalidate();
  }

  #close(): void {
    this.#fineness.stir();
    this.#standIn.close();
    this.planes.scroller.remove();
  }

  #readTheme(): void {
    if (this.#signal.aborted) return;
    const wasPrinting = this.#theme.isPrinting;
    this.#readLook();
    if (this.#theme.isPrinting !== wasPrinting) this.#loop.drawNow();
    this.invalidate();
  }

  #readLook(): void {
    this.#theme = readTheme(this.planes.scroller);
    this.#measure = createMeasure(this.planes.scroller);
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.planes.scroller;
    if (width < 40 || height < 40) return;
    if (!this.#theme.isSettled) this.#readLook();
    const { graph, scenery, frame } = this.#store;
    if (graph === null || graph.layers.length === 0) {
      this.#drawGhost(width, height);
    } else {
      const [scene, base] = this.#placeScene(graph, scenery, frame, width, height);
      const reading = this.#readFrame(scene, base, frame, scenery);
      this.#paint(scene, reading, width, height);
    }
    this.#fineness.awaitRest();
    if (frame !== null && frame !== this.#drawnFrame) {
      this.#drawnFrame = frame;
      this.#onDrawn?.(frame);
    }
  }

  #passOver(): void {
    if (this.#store.frame !== null) this.#onDrawn?.(this.#store.frame);
  }

  #takeScroll(): void {
    const scrolled = this.planes.takeScroll();
    if (scrolled === null) return;
    this.#camera = { ...this.#camera, x: scrolled[0], y: scrolled[1] };
    this.invalidate();
  }

  #drawGhost(width: number, height: number): void {
    this.#scenes.clear();
    this.#readings.clear();
    this.planes.begin(width, height, width);
    paintGhost(this.planes.images, this.planes.overlay, this.#theme, width, height);
    this.planes.overlay.end();
    this.#tellLegend(emptyLegend);
  }

  /** The scene as the camera enlarges it, and as it is laid out. */
  #placeScene(
    graph: Graph,
    scenery: Scenery | null,
    frame: Frame | null,
    width: number,
    height: number,
  ): [Scene, Scene] {
    const known = this.#scenes.graph;
    if (known !== null && known !== graph) {
      this.#fineness.reset();
      this.#scales.clear();
      this.#camera = FIT;
    }
    const input = { graph, scenery, width, height, measure: this.#measure, drawnMaps: drawnMapsOf(frame) };
    const base = this.#scenes.layOut(input, this.#theme);
    this.#camera = clampCamera(this.#camera, base, width);
    this.planes.scroller.classList.toggle("nnvis-zoomed", this.#camera.scale > 1);
    return [this.#scenes.enlarge(base, this.#camera.scale), base];
  }

  #readFrame(scene: Scene, base: Scene, frame: Frame | null, scenery: Scenery | null): Reading {
    const { level, finerCost_ms } = this.#fineness;
    const signs = this.#hasSignPattern;
    const { values } = this.#state;
    const { reading, isNew } = this.#readings.read(scene, base, frame, scenery, values, level, signs);
    if (isNew) {
      const simplified = finerCost_ms === null ? null : { finerCost_ms };
      this.#tellLegend(
        describeLegend(reading, scenery, frame, values.detail, simplified, signs, values.discrete, values.mapScale),
      );
    }
    return reading;
  }

  #paint(scene: Scene, reading: Reading, width: number, height: number): void {
    const [planes, camera] = [this.planes, this.#camera];
    const band = camera.scale === 1 ? null : { top: frozenTop(scene), bottom: height };
    this.#band = band;
    this.#hasStandIn = this.#standIn.mayStandIn(planes.edges.canvas, camera, scene, this.#edgeParts);
    planes.begin(width, height, scene.width, scene.height, camera, band);
    this.#pictures.begin();
    paintPicture({
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
      apart: this.#apart,
      focus: this.#focus,
      visible: [camera.x, camera.x + width],
      dimming: this.#dimmer.share(spotlit(this.#state.values) !== null),
      camera,
      band,
      pixelRatio: pixelRatioOf(this.planes.scroller),
      hasSignPattern: this.#hasSignPattern,
      hasStrongEdges: this.#hasStrongEdges,
    });
    if (!this.#hasStandIn) this.#pictures.end();
    planes.overlay.end();
    if (isSameCamera(camera, this.#drawnCamera) && this.base === this.#drawnBase) return;
    [this.#drawnCamera, this.#drawnBase] = [camera, this.base];
    if (this.base !== null) this.#moved.emit(sightOf(this.base, camera, width, height));
  }

  #tellLegend(legend: PictureLegend): void {
    const text = JSON.stringify(legend);
    if (text === this.#legendText) return;
    [this.#legend, this.#legendText] = [legend, text];
    this.#legendTold.emit(legend);
  }
}
