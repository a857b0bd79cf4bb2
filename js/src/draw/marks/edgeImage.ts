import { at, clamp } from "../../lib/numbers.ts";
import { paintColour, paintPixel } from "../canvas/fieldImages.ts";
import { type EdgeRaster, rasterEdges } from "../edges/edgeRaster.ts";
import type { EdgeReading } from "../read/readEdges.ts";
import type { Brush } from "./brush.ts";

/** Half the resolution: an image of 100,000 edges takes a quarter of the time, and its lines are as thin as strokes. */
const CELL = 2;

/** All edges of a pair as one image, made anew only when their values are. */
export function paintEdgeImage(brush: Brush, reading: EdgeReading, alpha: number): void {
  const { set, scale } = reading;
  if (scale === 0) return;
  const floor = brush.hasStrongEdges ? 0.63 : 0.38;
  const key = `edges ${set.source.node.id} ${set.target.node.id}`;
  const stamp = `${brush.theme.name} ${floor} ${brush.hasSignPattern}`;
  const raster = brush.pictures.keep(`raster ${key}`, reading, () => rasterEdges(set, CELL));
  const picture = brush.pictures.get(key, raster.width, raster.height, reading, stamp, (pixels) =>
    paintRaster(pixels, raster, brush, reading, floor),
  );
  if (picture === null) return;
  const context = brush.edges;
  context.globalAlpha = alpha;
  context.imageSmoothingEnabled = true;
  const width = set.targetX - set.sourceX;
  context.drawImage(picture, set.sourceX, raster.top, width, raster.height * CELL);
  context.globalAlpha = 1;
}

/** Weak edges are faint; negative ones are broken where signs must be told without colour; what is no number is dotted. */
function paintRaster(
  pixels: Uint8ClampedArray,
  { width, height, values }: EdgeRaster,
  brush: Brush,
  { ramp: name, scale }: EdgeReading,
  floor: number,
): void {
  const ramp = brush.theme.ramps[name];
  for (let x = 0, place = 0; x < width; x++) {
    const isGap = brush.hasSignPattern && x % 5 >= 4;
    for (let y = 0; y < height; y++, place++) {
      const value = at(values, place);
      if (value === 0) continue;
      const pixel = y * width + x;
      if (!Number.isFinite(value)) {
        if ((x + y) % 3 < 2) paintColour(pixels, pixel, brush.theme.name === "dark" ? [255, 138, 128] : [179, 38, 30]);
        continue;
      }
      if (isGap && value < 0) continue;
      const share = clamp(value / scale, -1, 1);
      const size = Math.abs(share);
      paintPixel(pixels, pixel, ramp, 0.5 + 0.5 * Math.sign(share) * (floor + (0.88 - floor) * size));
      pixels[4 * pixel + 3] = 255 * (0.08 + 0.92 * size);
    }
  }
}
