import { type Camera, isSameCamera } from "../layout/camera.ts";

/** What is drawn sooner is always drawn anew. */
const COSTLY_MS = 16;
/** The old picture stands for so many times the cost of a new one: of a long move, drawing takes a quarter. */
const STANDING = 3;
const LONGEST_MS = 250;

interface Drawn {
  readonly camera: Camera;
  readonly parts: readonly unknown[];
}

/**
 * The edges while the camera moves and they would take too long to draw with each animation frame: as they were drawn
 * last, moved and enlarged, until their time is up.
 */
export class EdgeStandIn {
  /** What a picture with its edges costs. */
  cost_ms = 0;
  readonly #page: Document;
  readonly #redraw: () => void;
  #canvas: HTMLCanvasElement | null = null;
  #drawn: Drawn | null = null;
  #taken: Drawn | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Document, redraw: () => void) {
    this.#page = page;
    this.#redraw = redraw;
  }

  /**
   * Whether the edges are shown as they were, to be asked before `canvas` is cleared. `parts`: what they depend on
   * beside the camera and the values of a frame; if one changed they are drawn at once.
   */
  mayStandIn(canvas: HTMLCanvasElement, camera: Camera, parts: readonly unknown[]): boolean {
    const drawn = this.#drawn;
    const isSame = drawn?.parts.every((part, i) => part === parts[i]) === true;
    if (drawn !== null && isSame && this.#taken !== null) return true;
    this.close();
    if (drawn !== null && isSame && this.cost_ms > COSTLY_MS && !isSameCamera(camera, drawn.camera)) {
      return this.#take(canvas, drawn);
    }
    this.#drawn = { camera, parts };
    return false;
  }

  /** Paints the scene below `top` px. */
  paint(context: Pick<CanvasRenderingContext2D, "drawImage">, camera: Camera, top: number, pixelRatio: number): void {
    const [image, taken] = [this.#canvas, this.#taken];
    if (image === null || taken === null) return;
    // The hairline under the heads is not enlarged.
    const cut = Math.ceil((top + 1) * pixelRatio);
    const grown = camera.scale / taken.camera.scale;
    const px = grown / pixelRatio;
    const y = top + (taken.camera.y - top) * grown + cut * px;
    const [width, height] = [image.width, image.height - cut];
    if (height > 0) context.drawImage(image, 0, cut, width, height, taken.camera.x * grown, y, width * px, height * px);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#taken = null;
  }

  #take(canvas: HTMLCanvasElement, drawn: Drawn): boolean {
    this.#canvas ??= this.#page.createElement("canvas");
    this.#canvas.width = canvas.width;
    this.#canvas.height = canvas.height;
    const context = this.#canvas.getContext("2d");
    if (context === null || canvas.width * canvas.height === 0) return false;
    context.drawImage(canvas, 0, 0);
    this.#taken = drawn;
    this.#timer = setTimeout(
      () => {
        this.#taken = null;
        this.#redraw();
      },
      Math.min(LONGEST_MS, STANDING * this.cost_ms),
    );
    return true;
  }
}
