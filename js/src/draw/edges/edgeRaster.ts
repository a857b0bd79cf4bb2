import { at } from "../../lib/numbers.ts";
import type { EdgeSet } from "./edgeSet.ts";

/** The strongest value through each pixel, column by column: pixel (x, y) is `values[x · height + y]`; 0 for none. */
export interface EdgeRaster {
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** How far up or down a curve with level ends is, for each of `width` columns: 0 at its start, 1 at its end. */
export function curveTable(width: number): Float32Array {
  return Float32Array.from({ length: width }, (_, column) => {
    const share = (column + 0.5) / width;
    let t = share;
    for (let i = 0; i < 6; i++) {
      const x = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
      t -= (x - share) / (1.5 - 3 * t + 3 * t * t);
    }
    return t * t * (3 - 2 * t);
  });
}

/**
 * Follows every edge through a grid of cells; in each cell the strongest wins, as strokes painted from weak to strong
 * would. What is not finite wins over everything.
 */
export function rasterEdges(set: EdgeSet, cell: number): EdgeRaster {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const ys of [set.y0, set.y1]) {
    for (let i = 0; i < ys.length; i++) {
      const y = at(ys, i);
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  const width = Math.max(1, Math.round((set.targetX - set.sourceX) / cell));
  const height = Number.isFinite(top) ? Math.ceil((bottom - top) / cell) + 2 : 1;
  const values = new Float32Array(width * height);
  const sizes = new Float32Array(width * height);
  const table = curveTable(width);
  const count = set.values.length;
  for (let edge = 0; edge < count; edge++) {
    const value = set.values[edge] as number;
    const size = Number.isFinite(value) ? Math.abs(value) : Number.POSITIVE_INFINITY;
    const start = ((set.y0[edge] as number) - top) / cell + 0.5;
    const rise = ((set.y1[edge] as number) - top) / cell + 0.5 - start;
    let before = Math.floor(start);
    for (let x = 0, column = 0; x < width; x++, column += height) {
      const y = (start + rise * (table[x] as number)) | 0;
      if (size > (sizes[column + y] as number)) {
        sizes[column + y] = size;
        values[column + y] = value;
      }
      const gap = y - before;
      if (gap > 1 || gap < -1) {
        const last = Math.max(y, before);
        for (let place = column + Math.min(y, before) + 1; place < column + last; place++) {
          if (size <= (sizes[place] as number)) continue;
          sizes[place] = size;
          values[place] = value;
        }
      }
      before = y;
    }
  }
  return { top: Number.isFinite(top) ? top - cell / 2 : 0, width, height, values };
}
