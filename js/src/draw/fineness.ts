import { DrawingLevel, type Level } from "./read/drawingLevel.ts";

/** With fewer curves it is not the edges that cost time. */
const WORTH_SIMPLIFYING = 600;
/** A picture that has not changed for so long is drawn in full, whatever that costs. */
const REST_MS = 300;

/** How finely edges are drawn: as much as can be drawn while the picture changes, all of it at rest. */
export class Fineness {
  readonly #level = new DrawingLevel();
  readonly #ask: () => void;
  #isAtRest = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** `ask` asks for a drawing of a picture at rest. */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  get level(): Level {
    return this.#isAtRest ? "full" : this.#level.level;
  }

  get isAtRest(): boolean {
    return this.#isAtRest;
  }

  /** What a picture costs on the level above, where that is too much; null where all is drawn. */
  get finerCost_ms(): number | null {
    return this.level === "full" ? null : this.#level.finerCost_ms;
  }

  /** The picture is about to change. */
  stir(): void {
    this.#isAtRest = false;
    clearTimeout(this.#resting);
  }

  awaitRest(): void {
    if (this.#isAtRest || this.#level.level === "full") return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#isAtRest = true;
      this.#ask();
    }, REST_MS);
  }

  isWorthSimplifying(curveCount: number): boolean {
    return curveCount >= WORTH_SIMPLIFYING;
  }

  /** Takes what a drawing cost; tells whether the level changed. */
  measured(cost_ms: number, curveCount: number): boolean {
    if (!this.isWorthSimplifying(curveCount) && this.#level.level === "full") return false;
    return this.#level.measured(cost_ms);
  }

  /** Forgets everything, for another network. */
  reset(): void {
    this.#level.reset();
  }
}
