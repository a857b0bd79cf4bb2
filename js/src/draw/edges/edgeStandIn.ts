import { type Camera, frozenTop, isSameCamera } from "../../layout/camera.ts";
import type { Scene } from "../../layout/scene.ts";

/** What is drawn sooner is always drawn anew. */
const COSTLY_MS = 16;
/** The old picture stands for so many times the cost of a new one: of a long move, drawing takes a quarter. */
const STANDING = 3;
const LONGEST_MS = 250;

interface Drawn {
  readonly camera: Camera;
  readonly scene: Scene;
  readonly parts: readonly unknown[];
}

/**
 * The edges while the camera moves and they would take too long to draw with each animation frame: as they were drawn
 * last, stretched with the columns, until their time is up.
 */
export class EdgeStandIn {
  /** What a picture with its edges costs. */
  cost_ms = 0;
  readonly #page: Document;
  readonly #redraw: () => void;
  #canvas: HTMLCanvasElement | null = null;
  /** The last drawing, while nothing else is on the canvas or in the copy. */
  #drawn: Drawn | null = null;
  #isStanding = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Document, redraw: () => void) {
    this.#page = page;
    this.#redraw = redraw;
  }

  /**
   * Whether the edges are shown as they were, to be asked before `canvas` is cleared. `parts`: what they depend on
   * beside the camera and the values of a frame; if one changed they are drawn at once.
   */
  mayStandIn(canvas: HTMLCanvasElement, camera: Camera, scene: Scene, parts: readonly unknown[]): boolean {
    const drawn = this.#drawn;
    const isSame = drawn?.parts.every((part, i) => part === parts[i]) === true;
    if (drawn !== null && isSame) {
      if (this.#isStanding) return true;
      if (this.cost_ms > COSTLY_MS && !isSameCamera(camera, drawn.camera) && this.#copy(canvas)) return true;
    }
    this.close();
    this.#drawn = { camera, scene, parts };
    return false;
  }

  /** Stretches what was drawn between columns to where these are now, below the heads. */
  paint(context: Pick<CanvasRenderingContext2D, "drawImage">, scene: Scene, scale: number, pixelRatio: number): void {
    const [image, drawn] = [this.#canvas, this.#drawn];
    if (image === null || drawn === null) return;
    const { camera } = drawn;
    const top = frozenTop(scene);
    // the hairline under the heads is not enlarged
    const cut = Math.ceil((top + 1) * pixelRatio);
    const rows = image.height - cut;
    const grown = scale / camera.scale;
    const y = top + (camera.y + cut / pixelRatio - top) * grown;
    let before: readonly [number, number] | null = null;
    for (const knot of knotsOf(drawn.scene, scene)) {
      if (before !== null && rows > 0) {
        const from = (before[0] - camera.x) * pixelRatio;
        const width = (knot[0] - before[0]) * pixelRatio;
        const height = (rows * grown) / pixelRatio;
        context.drawImage(image, from, cut, width, rows, before[1], y, knot[1] - before[1], height);
      }
      before = knot;
    }
  }

  /** The next drawing is a new one. */
  close(): void {
    clearTimeout(this.#timer);
    this.#isStanding = false;
    this.#drawn = null;
  }

  #copy(canvas: HTMLCanvasElement): boolean {
    this.#canvas ??= this.#page.createElement("canvas");
    this.#canvas.width = canvas.width;
    this.#canvas.height = canvas.height;
    const context = this.#canvas.getContext("2d");
    if (context === null || canvas.width * canvas.height === 0) return false;
    context.drawImage(canvas, 0, 0);
    this.#isStanding = true;
    this.#timer = setTimeout(
      () => {
        this.close();
        this.#redraw();
      },
      Math.min(LONGEST_MS, STANDING * this.cost_ms),
    );
    return true;
  }
}

/** Both sides of each column, where they were and where they are, from left to right. */
function knotsOf(before: Scene, now: Scene): (readonly [number, number])[] {
  const sides = before.columns.flatMap((column, i): (readonly [number, number])[] => {
    const moved = now.columns[i];
    if (moved === undefined) return [];
    return [
      [column.inX, moved.inX],
      [column.outX, moved.outX],
    ];
  });
  const knots: (readonly [number, number])[] = [];
  for (const side of sides.sort((a, b) => a[0] - b[0])) {
    const last = knots.at(-1);
    if (last === undefined || (side[0] > last[0] && side[1] > last[1])) knots.push(side);
  }
  return knots;
}
