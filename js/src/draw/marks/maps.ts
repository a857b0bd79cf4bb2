import type { Layer } from "../../core/graph.ts";
import { KERNEL_PX } from "../../layout/kinds/maps.ts";
import { type Box, unitBox } from "../../layout/scene.ts";
import { formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { byteShares, paintCodes, paintColour, paintPixel } from "../canvas/fieldImages.ts";
import { GREATEST_AT, isSilent, LEAST_AT, type MapsReading, momentOf } from "../read/maps.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { outline, paintHatched } from "./shapes.ts";

const RADIUS = 3;
const PILL_HEIGHT = 18;
const PILL_PADDING = 3;

/** Every map as a picture, pixel for pixel, with its kernel at the corner where that is one picture. */
export function paintMaps(brush: Brush, reading: ColumnReading): void {
  const { column, maps } = reading;
  for (let place = 0; place < column.unitCount; place++) {
    const box = unitBox(column, place);
    const unit = column.drawnUnits === undefined ? place : (column.drawnUnits[place] ?? -1);
    if (unit < 0) paintRest(brush, reading, box);
    else if (maps === null) paintEmpty(brush, box);
    else paintMap(brush, reading, maps, unit, box);
  }
  if (maps !== null) captionScale(brush, reading);
}

function paintEmpty(brush: Brush, box: Box): void {
  brush.images.fillStyle = brush.theme.colors.sunken;
  brush.images.fillRect(box.x, box.y, box.width, box.height);
  outline(brush, box, RADIUS);
}

function paintMap(brush: Brush, reading: ColumnReading, maps: MapsReading, unit: number, box: Box): void {
  const place = maps.drawn.indexOf(unit);
  if (place < 0) {
    paintEmpty(brush, box);
    return;
  }
  const context = brush.images;
  const picture = pictureOf(brush, reading, maps, unit, place);
  const hasGaps = hasBroken(maps, place);
  if (hasGaps) paintHatched(brush, box);
  context.imageSmoothingEnabled = false;
  if (picture !== null) context.drawImage(picture, box.x, box.y, box.width, box.height);
  context.imageSmoothingEnabled = true;
  ruleSlices(brush, reading.column.node.layers[0]?.grid, box);
  outline(brush, { x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1 }, RADIUS);
  if (!hasGaps && isSilent(maps, unit)) paintPill(brush, reading, unit, box);
  const room = reading.column.box.x - reading.column.inX;
  if (maps.kernels !== null && room >= KERNEL_PX) paintKernel(brush, reading, maps, place, box);
}

/** Lines between the slices of a map. */
export function ruleSlices({ images, theme }: Brush, grid: Layer["grid"], { x, y, width, height }: Box): void {
  const [, , , down = 1, across = 1] = grid ?? [];
  images.fillStyle = theme.colors["ink-3"];
  images.globalAlpha = 0.5; // seen on white and on black
  for (let i = 1; i < across; i++) images.fillRect(x + (i * width) / across - 0.5, y, 1, height);
  for (let i = 1; i < down; i++) images.fillRect(x, y + (i * height) / down - 0.5, width, 1);
  images.globalAlpha = 1;
}

function pictureOf(
  brush: Brush,
  { column, ramp, low, high }: ColumnReading,
  { pictures, rows, columns, moments, ends }: MapsReading,
  unit: number,
  place: number,
): HTMLCanvasElement | null {
  const end = at(ends, unit) || (high > 0 ? high : 1);
  const stamp = `${brush.theme.name} ${ramp} ${end}`;
  return brush.pictures.get(`map ${column.node.id} ${unit}`, columns, rows, pictures, stamp, (pixels) => {
    const [lo, hi] = [momentOf({ moments }, unit, LEAST_AT), momentOf({ moments }, unit, GREATEST_AT)];
    const shares = byteShares(lo, hi, low < 0 ? -end : 0, end);
    const size = rows * columns;
    paintCodes(pixels, pictures.values.subarray(place * size, (place + 1) * size), shares, brush.theme.ramps[ramp]);
  });
}

function hasBroken({ pictures, rows, columns }: MapsReading, place: number): boolean {
  return pictures.values.subarray(place * rows * columns, (place + 1) * rows * columns).includes(0);
}

/** Next to nothing, beside the other maps of the layer. */
function paintPill(brush: Brush, { column }: ColumnReading, unit: number, box: Box): void {
  const text = say("nearlyZero");
  const width = brush.measure(text) + 2 * PILL_PADDING;
  if (width > box.width || PILL_HEIGHT > box.height) return;
  const context = brush.images;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  context.fillStyle = brush.theme.colors.hover;
  context.beginPath();
  context.roundRect(x - width / 2, y - PILL_HEIGHT / 2, width, PILL_HEIGHT, PILL_HEIGHT / 2);
  context.fill();
  brush.overlay.text(`silent ${column.node.id} ${unit}`, text, x, y + 4, { anchor: "middle", look: "muted" });
}

function paintKernel(brush: Brush, { column }: ColumnReading, maps: MapsReading, place: number, box: Box): void {
  const { kernels, kernelEnd } = maps;
  const [, rows = 0, columns = 0, inputs = 0] = kernels?.shape ?? [];
  if (kernels === null || rows * columns * inputs === 0) return;
  const size = rows * columns * inputs;
  const key = `kernel ${column.node.id} ${place}`;
  const stamp = `${brush.theme.name} ${kernelEnd}`;
  const picture = brush.pictures.get(key, columns, rows, kernels, stamp, (pixels) => {
    const share = (pixel: number, input: number): number =>
      0.5 + 0.5 * (at(kernels.values, place * size + pixel * inputs + input) / (kernelEnd || 1));
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      if (inputs === 1) paintPixel(pixels, pixel, brush.theme.ramps.value, share(pixel, 0));
      else paintColour(pixels, pixel, [255 * share(pixel, 0), 255 * share(pixel, 1), 255 * share(pixel, 2)]);
    }
  });
  if (picture === null) return;
  const longest = Math.max(rows, columns);
  const [width, height] = [(KERNEL_PX * columns) / longest, (KERNEL_PX * rows) / longest];
  const x = column.inX + 2;
  brush.images.imageSmoothingEnabled = false;
  brush.images.drawImage(picture, x, box.y, width, height);
  brush.images.imageSmoothingEnabled = true;
  outline(brush, { x: x - 0.5, y: box.y - 0.5, width: width + 1, height: height + 1 }, 0);
}

/** The maps that are not drawn, as a tile with their number. */
function paintRest(brush: Brush, { column }: ColumnReading, box: Box): void {
  const context = brush.images;
  for (const shift of [4, 2, 0]) {
    context.fillStyle = brush.theme.colors.sunken;
    context.beginPath();
    context.roundRect(box.x + shift, box.y + shift, box.width - 4, box.height - 4, RADIUS);
    context.fill();
    outline(brush, { x: box.x + shift, y: box.y + shift, width: box.width - 4, height: box.height - 4 }, RADIUS);
  }
  const count = column.node.units - (column.unitCount - 1);
  const text = `+${count}`;
  if (brush.measure(text, "bold") > box.width + 6 || box.height < 16) return;
  const full = say("moreMaps", { count });
  const style = { anchor: "middle", look: "bold haloed", full } as const;
  brush.overlay.text(`rest ${column.node.id}`, text, box.x + box.width / 2 - 2, box.y + box.height / 2 + 2, style);
}

/** The end of the layer's own scale, below its maps. */
function captionScale(brush: Brush, { column, high, isClipped, isZero }: ColumnReading): void {
  if (brush.values.mapScale !== "layer") return;
  const { x, y, width, height } = column.box;
  const number = isZero ? "0" : `${isClipped ? "≥ " : ""}${formatScaleEnd(high)}`;
  const text = [`m = ${number}`, number].find((one) => brush.measure(one) <= width + 24);
  if (text === undefined) return;
  brush.overlay.text(`scale of ${column.node.id}`, text, x + width / 2, y + height + 16, {
    anchor: "middle",
    look: "muted",
    full: say("mapsScaleEnd", { layer: column.node.name, most: number }),
  });
}
