import type { Renderer } from "../draw/renderer.ts";
import {
  between,
  type Camera,
  centreOn,
  FIT,
  frozenTop,
  isSameCamera,
  MOST_ZOOM,
  panBy,
  reveal,
  zoomAt,
} from "../layout/camera.ts";
import { COLUMN_LAYOUTS } from "../layout/kinds/columnLayouts.ts";
import { type Box, type Column, columnOfLayer, placeBox, type Scene } from "../layout/scene.ts";
import { clamp } from "../lib/numbers.ts";
import { prefersStillness } from "../theme/theme.ts";

/** A unit of a layer, or a layer as a whole. */
export interface Destination {
  readonly layer: string;
  readonly unit: number | null;
}

const GLIDE_MS = 200;
/** What a shown unit is enlarged to, and the least and most enlargement that may take. */
const UNIT_PX = 48;
const LEAST = 2;
const MOST = 6;
const COLUMN_SHARE = 0.8;
const PAGE_SHARE = 0.8;

/** Moves the camera of a renderer: zoom, pan, fit, and to what is to be seen; jumps take 200 ms, or none if motion is unwanted. */
export class Travel {
  readonly #renderer: Renderer;
  readonly #signal: AbortSignal;
  #request = 0;
  #end: Camera | null = null;

  constructor(renderer: Renderer, signal: AbortSignal) {
    this.#renderer = renderer;
    this.#signal = signal;
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#request), { once: true });
  }

  get isZoomed(): boolean {
    return this.#now.scale > 1;
  }

  /** On the way to somewhere, which is not to be disturbed. */
  get isMoving(): boolean {
    return this.#end !== null;
  }

  /** There is more of the scene than the view shows. */
  get canPan(): boolean {
    const { base } = this.#renderer;
    return base !== null && (this.isZoomed || base.width > this.#width);
  }

  /** Enlarges around a point of the view; without one around its middle, gliding. */
  zoomBy(factor: number, at?: readonly [number, number]): void {
    const { base } = this.#renderer;
    if (base === null) return;
    const [x, y] = at ?? [this.#width / 2, (base.height + frozenTop(base)) / 2];
    const from = at === undefined ? this.#now : this.#renderer.camera;
    this.#go(zoomAt(from, factor, x, y, base, this.#width), at === undefined);
  }

  panBy(dx: number, dy: number, isSmooth = false): void {
    const { base } = this.#renderer;
    if (base === null) return;
    this.#go(panBy(isSmooth ? this.#now : this.#renderer.camera, dx, dy, base, this.#width), isSmooth);
  }

  /** Moves on by most of a view, to the right (1) or to the left (−1). */
  turnPage(direction: 1 | -1): void {
    this.panBy(direction * PAGE_SHARE * this.#width, 0, true);
  }

  /** Puts a point of the scene as it is laid out into the middle of the view. */
  centre(x: number, y: number, isSmooth: boolean): void {
    const { base } = this.#renderer;
    if (base === null) return;
    const { scale } = this.#renderer.camera;
    this.#go(centreOn(FIT, { x, y, width: 0, height: 0 }, scale, base, this.#width), isSmooth);
  }

  fit(): void {
    this.#go(FIT, true);
  }

  /** Pans as little as needed to have a unit in view. */
  reveal(place: Destination): void {
    this.#toBox(place, (box, base) => reveal(this.#renderer.camera, box, base, this.#width));
  }

  /** Enlarges a unit, or a layer, and puts it into the middle. */
  show(place: Destination): void {
    this.#toBox(place, (box, base, column) => {
      const { camera } = this.#renderer;
      const { isOnePicture, keepsHeight } = COLUMN_LAYOUTS[column.kind];
      const isWhole = place.unit === null || isOnePicture;
      const height = box.height / (keepsHeight ? 1 : camera.scale);
      const width = box.width / camera.scale;
      const room = (base.height - frozenTop(base)) * COLUMN_SHARE;
      const wanted = isWhole
        ? clamp(Math.min(room / height, (this.#width * COLUMN_SHARE) / width), 1, MOST)
        : Math.max(camera.scale, clamp(UNIT_PX / height, LEAST, MOST));
      return centreOn(camera, box, Math.min(MOST_ZOOM, wanted), base, this.#width);
    });
  }

  /** Where we are, or are on the way to. */
  get #now(): Camera {
    return this.#end ?? this.#renderer.camera;
  }

  get #width(): number {
    return this.#renderer.planes.scroller.clientWidth;
  }

  #toBox(place: Destination, aim: (box: Box, base: Scene, column: Column) => Camera): void {
    const { base, scene } = this.#renderer;
    const column = scene === null ? undefined : columnOfLayer(scene, place.layer);
    if (base === null || column === undefined) return;
    const box = place.unit === null ? column.box : placeBox(column, place.unit);
    this.#go(aim(box, base, column), true);
  }

  #go(to: Camera, isSmooth: boolean): void {
    cancelAnimationFrame(this.#request);
    this.#end = null;
    const from = this.#renderer.camera;
    if (isSameCamera(from, to)) return;
    if (!isSmooth || prefersStillness()) {
      this.#renderer.camera = to;
      return;
    }
    this.#end = to;
    const start = performance.now();
    const move = (): void => {
      if (this.#signal.aborted) return;
      const share = clamp((performance.now() - start) / GLIDE_MS, 0, 1);
      this.#renderer.camera = share === 1 ? to : between(from, to, 1 - (1 - share) ** 3);
      if (share === 1) this.#end = null;
      else this.#request = requestAnimationFrame(move);
    };
    this.#request = requestAnimationFrame(move);
  }
}
