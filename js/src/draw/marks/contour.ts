import { at } from "../../lib/numbers.ts";

export type AddSegment = (x0: number, y0: number, x1: number, y1: number) => void;

/**
 * Marching squares: gives `add` the segments where a grid crosses a level, in cells from the centre of the first cell.
 * A saddle is cut by the mean of its corners; squares with a NaN corner are left out.
 */
export function traceContour(
  values: ArrayLike<number>,
  width: number,
  height: number,
  level: number,
  add: AddSegment,
): void {
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const a = at(values, y * width + x) - level;
      const b = at(values, y * width + x + 1) - level;
      const c = at(values, (y + 1) * width + x + 1) - level;
      const d = at(values, (y + 1) * width + x) - level;
      const code = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0) + (c > 0 ? 4 : 0) + (d > 0 ? 8 : 0);
      if (code === 0 || code === 15 || Number.isNaN(a + b + c + d)) continue;
      const top = x + a / (a - b);
      const right = y + b / (b - c);
      const bottom = x + d / (d - c);
      const left = y + a / (a - d);
      const isHighSaddle = a + b + c + d > 0;
      if (code === 5 || code === 10) {
        if ((code === 5) === isHighSaddle) {
          add(top, y, x + 1, right);
          add(x, left, bottom, y + 1);
        } else {
          add(x, left, top, y);
          add(bottom, y + 1, x + 1, right);
        }
      } else if (code === 1 || code === 14) add(x, left, top, y);
      else if (code === 2 || code === 13) add(top, y, x + 1, right);
      else if (code === 4 || code === 11) add(x + 1, right, bottom, y + 1);
      else if (code === 8 || code === 7) add(bottom, y + 1, x, left);
      else if (code === 3 || code === 12) add(x, left, x + 1, right);
      else add(top, y, bottom, y + 1);
    }
  }
}

/** 1 where the grid holds `index`, else 0, averaged over 3 × 3 cells so that its contour at 0.5 is smooth. */
export function blurredIndicator(
  classes: ArrayLike<number>,
  width: number,
  height: number,
  index: number,
): Float32Array {
  const blurred = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let hits = 0;
      let count = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          count++;
          if (at(classes, v * width + u) === index) hits++;
        }
      }
      blurred[y * width + x] = hits / count;
    }
  }
  return blurred;
}
