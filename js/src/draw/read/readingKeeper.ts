import type { Frame, Scenery } from "../../core/frame.ts";
import type { Scene } from "../../layout/scene.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { Level } from "./drawingLevel.ts";
import { FrameReader, moveReading, type Reading } from "./reading.ts";
import type { ScaleBook } from "./scaleBook.ts";

/** The place of the level among the parts. */
const LEVEL = 9;

/** What a frame says of a scene: read anew only when the frame or a choice is another, only moved for another camera. */
export class ReadingKeeper {
  reading: Reading | null = null;
  readonly #reader: FrameReader;
  #parts: readonly unknown[] = [];

  constructor(scales: ScaleBook) {
    this.#reader = new FrameReader(scales);
  }

  clear(): void {
    this.reading = null;
  }

  /** `base` is the scene as it is laid out, `scene` as the camera enlarges it; `signs`: whether negative edges are dashed. */
  read(
    scene: Scene,
    base: Scene,
    frame: Frame | null,
    scenery: Scenery | null,
    values: ViewValues,
    level: Level,
    signs: boolean,
  ): { readonly reading: Reading; readonly isNew: boolean } {
    const { edges, step, detail, topK, hasOneScale, discrete, mapScale } = values;
    const choices = [edges, step !== null, detail, topK, level, signs, hasOneScale, discrete, mapScale];
    const parts = [scene, base, frame, scenery, ...choices];
    const known = this.reading;
    const isKnown = (from: number): boolean => parts.slice(from).every((part, i) => part === this.#parts[from + i]);
    const isMoved = !isKnown(0);
    const isSame = known !== null && isKnown(1);
    // How finely it is drawn moves no scale.
    const isSameMoment = known !== null && parts.every((part, i) => i < 2 || i === LEVEL || part === this.#parts[i]);
    this.#parts = parts;
    if (isSame) {
      const reading = isMoved ? moveReading(known, scene) : known;
      this.reading = reading;
      return { reading, isNew: false };
    }
    const isStill = step !== null || isSameMoment;
    const reading = this.#reader.read(scene, frame, scenery, edges, isStill, { topK, level, hasOneScale }, mapScale);
    this.reading = reading;
    return { reading, isNew: true };
  }
}
