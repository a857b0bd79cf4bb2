import { type Box, type Column, unitBox } from "../../layout/scene.ts";
import { namesUnits, ownName } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { at, clamp } from "../../lib/numbers.ts";
import { byteShares, paintCodes, paintPixel } from "../canvas/fieldImages.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { colourOf, outline, paintGauge, paintHatched, paintNotANumber, shareOf } from "./shapes.ts";

const PLANE = 32;
const WIDEST_LABEL = 104;
const LABEL_GAP = 10;

/** Squares, one per unit: the output over the input plane, or the output for the chosen sample. */
export function paintTiles(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  const isInput = column.node.kind === "input";
  const isFlat = brush.values.units === "activation" || (!isInput && reading.field === null);
  const picture = isFlat ? null : isInput ? planePicture(brush) : fieldPicture(brush, reading);
  for (let unit = 0; unit < column.unitCount; unit++) {
    const box = unitBox(column, unit);
    const value = reading.values === null ? null : at(reading.values, unit);
    paintGround(brush, box);
    if (picture === null) paintFlat(brush, reading, unit, box, value, isInput);
    else if (isBroken(reading, unit)) paintNotANumber(brush, `${column.node.id} ${unit}`, box);
    else paintSlice(brush, picture, unit, column.unitCount, box);
    outline(brush, box, 4);
    if (value !== null && Number.isFinite(value)) {
      const share = isInput ? inputShare(brush, unit, value) : gaugeShare(reading, value);
      const colour = isInput ? brush.theme.ramps.value.signed(strong(share)) : gaugeColour(brush, reading, share);
      paintGauge(brush, box.x + box.width + 3, box.y, box.height, share, colour);
    }
    if (reading.bias !== null) paintBias(brush, box, at(reading.bias, unit), reading.biasScale);
    if (namesUnits(column.node)) labelUnit(brush, column, unit, box);
  }
}

/** Filled cells with their number, where there is no plane to show an output over. */
export function paintCells(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  for (let unit = 0; unit < column.unitCount; unit++) {
    const box = unitBox(column, unit);
    const value = reading.values === null ? null : at(reading.values, unit);
    paintGround(brush, box);
    paintFlat(brush, reading, unit, box, value, false);
    outline(brush, box, 4);
    if (reading.bias !== null) paintBias(brush, box, at(reading.bias, unit), reading.biasScale);
    if (namesUnits(column.node)) labelUnit(brush, column, unit, box);
  }
}

/** Whether a unit's field has no number at its middle: a unit is broken as a whole or not at all. */
function isBroken({ field }: ColumnReading, unit: number): boolean {
  const [, height = 0, width = 0] = field?.shape ?? [];
  const middle = Math.floor(height / 2) * width + Math.floor(width / 2);
  return field !== null && at(field.values, unit * height * width + middle) === 0;
}

function strong(share: number): number {
  return share === 0 ? 0 : Math.sign(share) * (0.38 + 0.5 * Math.abs(share));
}

function gaugeShare(reading: ColumnReading, value: number): number {
  return clamp(value / (Math.max(Math.abs(reading.low), Math.abs(reading.high)) || 1), -1, 1);
}

function gaugeColour(brush: Brush, reading: ColumnReading, share: number): string {
  return reading.ramp === "magnitude" ? brush.theme.colors.act : brush.theme.ramps.value.signed(strong(share));
}

function inputShare(brush: Brush, feature: number, value: number): number {
  const extent = brush.scenery?.extent;
  if (extent == null) return 0;
  const low = at(extent, feature * 2);
  const high = at(extent, feature * 2 + 1);
  return clamp((2 * (value - low)) / (high - low || 1) - 1, -1, 1);
}

function paintGround(brush: Brush, box: Box): void {
  const context = brush.images;
  context.fillStyle = brush.theme.colors.surface;
  context.beginPath();
  context.roundRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2, 5);
  context.fill();
}

function paintFlat(
  brush: Brush,
  reading: ColumnReading,
  unit: number,
  box: Box,
  value: number | null,
  isInput: boolean,
): void {
  const context = brush.images;
  if (value !== null && !Number.isFinite(value)) {
    paintHatched(brush, box);
  } else {
    context.fillStyle = value === null ? brush.theme.colors.sunken : flatColour(brush, reading, unit, value, isInput);
    context.beginPath();
    context.roundRect(box.x, box.y, box.width, box.height, 4);
    context.fill();
  }
  if (value === null || box.height < 16) return;
  const text = reading.ramp === "magnitude" ? formatNumber(value) : formatSigned(value);
  const shown = brush.measure(text) > box.width - 4 ? formatSigned(value, 1) : text;
  if (brush.measure(shown) > box.width) return;
  const share = isInput ? 0.5 + 0.5 * inputShare(brush, unit, value) : shareOf(reading, value);
  const ramp = isInput ? brush.theme.ramps.value : brush.theme.ramps[reading.ramp];
  const look = !Number.isFinite(value) ? "err bold haloed" : ramp.isLight(share) ? "on-light" : "on-dark";
  const key = `value ${reading.column.node.id} ${unit}`;
  brush.overlay.text(key, shown, box.x + box.width / 2, box.y + box.height / 2 + 4, { anchor: "middle", look });
}

function flatColour(brush: Brush, reading: ColumnReading, unit: number, value: number, isInput: boolean): string {
  if (isInput) return brush.theme.ramps.value.signed(inputShare(brush, unit, value));
  return colourOf(brush, reading, value);
}

/** The output of one unit over the plane of the inputs, as large as a box; false where the frame has none. */
export function paintField(brush: Brush, reading: ColumnReading, unit: number, box: Box): boolean {
  const { node } = reading.column;
  const picture = node.kind === "input" ? planePicture(brush) : fieldPicture(brush, reading);
  if (picture === null) return false;
  if (node.kind !== "input" && isBroken(reading, unit)) paintNotANumber(brush, `large ${node.id}`, box);
  else paintSlice(brush, picture, unit, node.units, box);
  return true;
}

function paintSlice(brush: Brush, picture: HTMLCanvasElement, unit: number, count: number, box: Box): void {
  const context = brush.images;
  const height = picture.height / count;
  context.save();
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 4);
  context.clip();
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  const inset = 0.5;
  context.drawImage(
    picture,
    inset,
    unit * height + inset,
    picture.width - 2 * inset,
    height - 2 * inset,
    box.x,
    box.y,
    box.width,
    box.height,
  );
  context.restore();
}

function paintBias(brush: Brush, box: Box, bias: number, scale: number): void {
  const context = brush.images;
  context.beginPath();
  context.arc(box.x, box.y + box.height, box.height < 20 ? 4 : 5.5, 0, 2 * Math.PI);
  const isBroken = !Number.isFinite(bias);
  context.fillStyle = isBroken
    ? brush.theme.colors.err
    : brush.theme.ramps.value.signed(clamp(bias / (scale || 1), -1, 1));
  context.fill();
  context.globalAlpha = 0.7;
  context.strokeStyle = brush.theme.colors.ink;
  context.lineWidth = 1.2;
  context.stroke();
  context.globalAlpha = 1;
}

function labelUnit(brush: Brush, { node, inX }: Column, unit: number, box: Box): void {
  const name = ownName(node, unit, brush.scenery) ?? "";
  const text = fitText(name, Math.min(WIDEST_LABEL, box.x - LABEL_GAP - inX), brush.measure);
  brush.overlay.text(`name ${node.id} ${unit}`, text, box.x - LABEL_GAP, box.y + box.height / 2 + 4, {
    anchor: "end",
    full: name,
  });
}

function planePicture(brush: Brush): HTMLCanvasElement | null {
  const ramp = brush.theme.ramps.value;
  return brush.pictures.get("plane", PLANE, PLANE * 2, ramp, "", (pixels) => {
    for (let y = 0; y < PLANE; y++) {
      for (let x = 0; x < PLANE; x++) {
        paintPixel(pixels, y * PLANE + x, ramp, (x + 0.5) / PLANE);
        paintPixel(pixels, (y + PLANE) * PLANE + x, ramp, 1 - (y + 0.5) / PLANE);
      }
    }
  });
}

function fieldPicture(brush: Brush, reading: ColumnReading): HTMLCanvasElement | null {
  const { field, column } = reading;
  const [units = 0, height = 0, width = 0] = field?.shape ?? [];
  if (field === null || units !== column.node.units || field.values.length !== units * width * height) return null;
  const { lo, hi } = field.attributes;
  const ramp = brush.theme.ramps[reading.ramp];
  const stamp = `${brush.theme.name} ${reading.ramp} ${reading.low} ${reading.high}`;
  return brush.pictures.get(`field ${column.node.id}`, width, height * units, field, stamp, (pixels) => {
    paintCodes(pixels, field.values, byteShares(Number(lo), Number(hi), reading.low, reading.high), ramp);
  });
}
