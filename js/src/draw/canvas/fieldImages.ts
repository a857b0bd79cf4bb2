import { at } from "../../lib/numbers.ts";
import { type Ramp, rampIndex } from "../../theme/ramps.ts";

type Colour = readonly [number, number, number];

interface Kept {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  source: unknown;
  stamp: string;
  turn: number;
}

/** Small pictures painted pixel by pixel, one canvas per key, repainted only when what they show changed. */
export class FieldImages {
  readonly #kept = new Map<string, Kept>();
  readonly #things = new Map<string, { source: unknown; thing: unknown; turn: number }>();
  readonly #page: Document;
  #turn = 0;

  constructor(page: Document) {
    this.#page = page;
  }

  begin(): void {
    this.#turn++;
  }

  /** Forgets pictures that were not asked for since `begin`. */
  end(): void {
    for (const kept of [this.#kept, this.#things]) {
      for (const [key, { turn }] of kept) if (turn !== this.#turn) kept.delete(key);
    }
  }

  /** Anything that is costly to make and depends on one source only. */
  keep<Thing>(key: string, source: unknown, make: () => Thing): Thing {
    const known = this.#things.get(key);
    if (known !== undefined && known.source === source) {
      known.turn = this.#turn;
      return known.thing as Thing;
    }
    const thing = make();
    this.#things.set(key, { source, thing, turn: this.#turn });
    return thing;
  }

  /** `source` and `stamp` say what the picture depends on; `paint` is called only if one of them changed. */
  get(
    key: string,
    width: number,
    height: number,
    source: unknown,
    stamp: string,
    paint: (pixels: Uint8ClampedArray) => void,
  ): HTMLCanvasElement | null {
    return this.draw(key, width, height, source, stamp, (context) => {
      const data = context.createImageData(width, height);
      paint(data.data);
      context.putImageData(data, 0, 0);
    });
  }

  /** As `get`, for what is drawn with a context: it comes cleared and in the pixels of the picture. */
  draw(
    key: string,
    width: number,
    height: number,
    source: unknown,
    stamp: string,
    paint: (context: CanvasRenderingContext2D) => void,
  ): HTMLCanvasElement | null {
    let kept = this.#kept.get(key);
    if (kept === undefined || kept.canvas.width !== width || kept.canvas.height !== height) {
      const canvas = this.#page.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      if (context === null || width * height === 0) return null;
      kept = { canvas, context, source: null, stamp: "", turn: 0 };
      this.#kept.set(key, kept);
    }
    kept.turn = this.#turn;
    if (kept.source !== source || kept.stamp !== stamp) {
      kept.source = source;
      kept.stamp = stamp;
      kept.context.setTransform(1, 0, 0, 1, 0, 0);
      kept.context.clearRect(0, 0, width, height);
      paint(kept.context);
    }
    return kept.canvas;
  }
}

export function paintPixel(pixels: Uint8ClampedArray, index: number, ramp: Ramp, share: number): void {
  const from = rampIndex(share) * 3;
  const to = index * 4;
  pixels[to] = at(ramp.rgb, from);
  pixels[to + 1] = at(ramp.rgb, from + 1);
  pixels[to + 2] = at(ramp.rgb, from + 2);
  pixels[to + 3] = 255;
}

export function paintColour(pixels: Uint8ClampedArray, index: number, colour: Colour): void {
  pixels.set(colour, index * 4);
  pixels[index * 4 + 3] = 255;
}

/** Ramp share of each byte of a uint8 field: 0 is NaN, 1..255 run from `lo` to `hi`. */
export function byteShares(lo: number, hi: number, low: number, high: number): Float32Array {
  const shares = new Float32Array(256);
  shares[0] = Number.NaN;
  for (let code = 1; code < 256; code++) {
    const value = lo + ((code - 1) / 254) * (hi - lo);
    shares[code] = (value - low) / (high - low || 1);
  }
  return shares;
}

/** Paints a uint8 field through its shares of a ramp; 0, which is not a number, stays clear for the hatching below. */
export function paintCodes(
  pixels: Uint8ClampedArray,
  codes: ArrayLike<number>,
  shares: Float32Array,
  ramp: Ramp,
  toRamp: (share: number) => number = (share) => share,
): void {
  const colours = new Uint8ClampedArray(4 * 256);
  for (let code = 0; code < 256; code++) {
    const share = at(shares, code);
    if (!Number.isNaN(share)) paintPixel(colours, code, ramp, toRamp(share));
  }
  const table = new Uint32Array(colours.buffer);
  const target = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  const count = Math.min(codes.length, target.length);
  for (let i = 0; i < count; i++) target[i] = table[codes[i] ?? 0] ?? 0;
}
