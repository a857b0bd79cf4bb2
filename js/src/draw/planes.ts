import { Overlay } from "./overlay.ts";

/** The planes of a picture in a scrolling element: edges, then images, then texts and rings, all as large as the view. */
export class Planes {
  readonly scroller: HTMLElement;
  readonly edges: CanvasRenderingContext2D;
  readonly images: CanvasRenderingContext2D;
  readonly overlay: Overlay;
  readonly #sizer: HTMLElement;
  readonly #stage: HTMLElement;
  #sizes = "";

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

  /** Clears the canvases and sets them to draw in scene coordinates, in device pixels. */
  begin(viewWidth: number, viewHeight: number, sceneWidth: number): void {
    const ratio = globalThis.devicePixelRatio || 1;
    const sizes = `${viewWidth} ${viewHeight} ${sceneWidth} ${ratio}`;
    if (sizes !== this.#sizes) {
      this.#sizes = sizes;
      this.#sizer.style.width = `${Math.max(viewWidth, sceneWidth)}px`;
      this.#stage.style.width = `${viewWidth}px`;
      for (const { canvas } of [this.edges, this.images]) {
        canvas.width = Math.round(viewWidth * ratio);
        canvas.height = Math.round(viewHeight * ratio);
        canvas.style.width = `${viewWidth}px`;
        canvas.style.height = `${viewHeight}px`;
      }
    }
    for (const context of [this.edges, this.images]) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      context.setTransform(ratio, 0, 0, ratio, -this.scroller.scrollLeft * ratio, 0);
      context.globalAlpha = 1;
    }
    this.overlay.begin(this.scroller.scrollLeft);
  }
}
