import { type Camera, FIT } from "../layout/camera.ts";
import { pixelRatioOf } from "../lib/pagePx.ts";
import { type Band, Overlay } from "./canvas/overlay.ts";

/** The planes of a picture in a scrolling element: edges, then images, then texts and rings, all as large as the view. */
export class Planes {
  readonly scroller: HTMLElement;
  readonly edges: CanvasRenderingContext2D;
  readonly images: CanvasRenderingContext2D;
  readonly overlay: Overlay;
  readonly #sizer: HTMLElement;
  readonly #stage: HTMLElement;
  #sizes = "";
  /** Where we scrolled ourselves. */
  #scrolled: readonly [number, number] = [0, 0];

  constructor(host: HTMLElement) {
    const page = host.ownerDocument;
    const create = (className: string): HTMLElement => {
      const element = page.createElement("div");
      element.className = className;
      return element;
    };
    this.scroller = create("nnvis-picture");
    this.#sizer = create("nnvis-sizer");
    this.#stage = create("nnvis-stage");
    const canvases = [page.createElement("canvas"), page.createElement("canvas")] as const;
    for (const canvas of canvases) canvas.setAttribute("aria-hidden", "true");
    const [edges, images] = [canvases[0].getContext("2d"), canvases[1].getContext("2d")];
    if (edges === null || images === null) throw new Error("Expected a browser with a 2-d canvas.");
    this.edges = edges;
    this.images = images;
    this.overlay = new Overlay(page);
    this.#stage.append(...canvases, this.overlay.element);
    this.#sizer.append(this.#stage);
    this.scroller.append(this.#sizer);
    host.append(this.scroller);
  }

  /** Puts what a screen reader reads of the picture into its visible part, so that focusing it scrolls nothing. */
  mount(element: HTMLElement): void {
    this.#stage.append(element);
  }

  /** Where the person scrolled to; null where it is as we left it. */
  takeScroll(): readonly [number, number] | null {
    const { scrollLeft, scrollTop } = this.scroller;
    const [x, y] = this.#scrolled;
    if (scrollLeft === x && scrollTop === y) return null;
    this.#scrolled = [scrollLeft, scrollTop];
    return this.#scrolled;
  }

  /** Clears the canvases and sets them to draw in scene coordinates, in device pixels. */
  begin(
    viewWidth: number,
    viewHeight: number,
    sceneWidth: number,
    sceneHeight = viewHeight,
    camera: Camera = FIT,
    band: Band | null = null,
  ): void {
    const ratio = pixelRatioOf(this.scroller);
    const sizes = `${viewWidth} ${viewHeight} ${sceneWidth} ${sceneHeight} ${ratio}`;
    if (sizes !== this.#sizes) {
      this.#sizes = sizes;
      this.#sizer.style.width = `${Math.max(viewWidth, sceneWidth)}px`;
      this.#sizer.style.height = sceneHeight > viewHeight ? `${sceneHeight}px` : "";
      this.#stage.style.width = `${viewWidth}px`;
      this.#stage.style.height = `${viewHeight}px`;
      for (const { canvas } of [this.edges, this.images]) {
        const [width, height] = [Math.round(viewWidth * ratio), Math.round(viewHeight * ratio)];
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        canvas.style.width = `${viewWidth}px`;
        canvas.style.height = `${viewHeight}px`;
      }
    }
    const [x, y] = this.#scrolled;
    if (Math.abs(x - camera.x) > 1) this.scroller.scrollLeft = camera.x;
    if (Math.abs(y - camera.y) > 1) this.scroller.scrollTop = camera.y;
    this.#scrolled = [this.scroller.scrollLeft, this.scroller.scrollTop];
    for (const context of [this.edges, this.images]) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      context.setTransform(ratio, 0, 0, ratio, -camera.x * ratio, -camera.y * ratio);
      context.globalAlpha = 1;
    }
    this.overlay.begin(camera.x, camera.y, band);
  }
}
