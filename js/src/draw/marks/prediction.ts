import type { Section } from "../../core/frame.ts";
import { LEAST_AXIS_ROOM } from "../../layout/kinds/prediction.ts";
import type { Box, Column } from "../../layout/scene.ts";
import { className, featureName, isPlaneOfShares } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatNumber, formatPercent } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import { byteShares, paintCodes } from "../canvas/fieldImages.ts";
import { type Metric, metricsOf } from "../read/metricsOf.ts";
import type { ColumnReading } from "../read/reading.ts";
import { hasTwoSides, sharedBoundary, sideOf } from "../read/twoSides.ts";
import type { Brush } from "./brush.ts";
import { blurredIndicator, traceContour } from "./contour.ts";
import { captionGuest, paintGuest } from "./guest.ts";
import { PLANE_STRENGTH } from "./planeStrength.ts";
import { placeOnPlane } from "./pointShapes.ts";
import { paintPlaneLegend, paintPoints } from "./points.ts";
import { outline, paintHatched, paintNotANumber } from "./shapes.ts";

/** The output over the plane of the two inputs, with its boundary, the data and the chosen sample. */
export function paintPrediction(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  const { box } = column;
  const context = brush.images;
  context.save();
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 6);
  context.clip();
  context.fillStyle = brush.theme.colors.sunken;
  context.fillRect(box.x, box.y, box.width, box.height);
  const guest = paintGuest(brush, box);
  const regions = guest === null ? paintOutput(brush, reading) : null;
  paintPoints(brush, reading);
  context.restore();
  outline(brush, box, 6);
  if (regions !== null) nameRegions(brush, box, regions);
  const hasAxisRoom = column.outX - box.x - box.width >= LEAST_AXIS_ROOM;
  labelAxes(brush, box, hasAxisRoom);
  if (hasAxisRoom) nameAxes(brush, column);
  if (guest === null) captionPrediction(brush, column.node.id, box);
  else captionGuest(brush, column.node.id, guest, box);
  paintPlaneLegend(brush, reading);
}

/** Returns the likeliest class of each cell, where classes have regions to be named. */
function paintOutput(brush: Brush, reading: ColumnReading): Section | null {
  const { box, node } = reading.column;
  const section = (name: string): Section | undefined => {
    for (const layer of [...node.layers].reverse()) {
      const found = brush.frame?.section("prediction", layer.id, name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const value = section("value");
  const classes = section("class");
  const confidence = section("confidence");
  const codes = (value ?? confidence)?.values;
  const broken = codes === undefined ? 0 : countBroken(codes);
  if (codes !== undefined && broken === codes.length) paintNotANumber(brush, node.id, box);
  else if (broken > 0) paintHatched(brush, box);
  if (value !== undefined) paintValue(brush, reading, value);
  else if (classes !== undefined && confidence !== undefined) paintClasses(brush, box, classes, confidence);
  return classes !== undefined && broken !== codes?.length ? classes : null;
}

/** Cells of a uint8 field that hold no number: they stay clear, and the hatching below shows. */
function countBroken(codes: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === 0) count++;
  return count;
}

function drawPlane(brush: Brush, picture: HTMLCanvasElement | null, box: Box): void {
  if (picture === null) return;
  brush.images.imageSmoothingEnabled = true;
  brush.images.imageSmoothingQuality = "high";
  brush.images.drawImage(picture, box.x, box.y, box.width, box.height);
}

function strokeContour(brush: Brush, box: Box, values: ArrayLike<number>, w: number, h: number, level: number): void {
  const context = brush.images;
  const sx = box.width / w;
  const sy = box.height / h;
  context.beginPath();
  traceContour(values, w, h, level, (x0, y0, x1, y1) => {
    context.moveTo(box.x + (x0 + 0.5) * sx, box.y + (y0 + 0.5) * sy);
    context.lineTo(box.x + (x1 + 0.5) * sx, box.y + (y1 + 0.5) * sy);
  });
  context.globalAlpha = 0.75;
  context.lineWidth = 1.5;
  context.lineCap = "round";
  context.strokeStyle = brush.theme.colors.ink;
  context.stroke();
  context.lineCap = "butt";
  context.globalAlpha = 1;
}

function paintValue(brush: Brush, reading: ColumnReading, section: Section): void {
  const [h = 0, w = 0] = section.shape;
  const { lo, hi } = section.attributes;
  const areShares = isPlaneOfShares(brush.scenery);
  const [low, high] = areShares ? [0, 1] : [-reading.high, reading.high];
  const ramp = brush.theme.ramps.value;
  const hasSides = hasTwoSides(brush.scenery, brush.frame);
  const boundary = sharedBoundary(brush.scenery, low, high);
  const isDiscrete = hasSides && brush.values.discrete;
  const stamp = `${brush.theme.name} ${low} ${high} ${isDiscrete}`;
  const shares = byteShares(Number(lo), Number(hi), low, high);
  const colour = (share: number): number => 0.5 + (share - 0.5) * PLANE_STRENGTH;
  const side = (share: number): number => colour(sideOf(share, boundary));
  const picture = brush.pictures.get("prediction", w, h, section, stamp, (pixels) => {
    paintCodes(pixels, section.values, shares, ramp, isDiscrete ? side : colour);
  });
  drawPlane(brush, picture, reading.column.box);
  if (!hasSides) return;
  const values = new Float32Array(section.values.length);
  for (let i = 0; i < values.length; i++) values[i] = at(shares, at(section.values, i));
  strokeContour(brush, reading.column.box, values, w, h, boundary);
}

function paintClasses(brush: Brush, box: Box, classes: Section, confidence: Section): void {
  const [h = 0, w = 0] = classes.shape;
  const ramp = brush.theme.ramps.magnitude;
  const picture = brush.pictures.get("prediction", w, h, confidence, brush.theme.name, (pixels) => {
    paintCodes(pixels, confidence.values, byteShares(0, 1, 0, 1), ramp, (share) => share * PLANE_STRENGTH);
  });
  drawPlane(brush, picture, box);
  if (countBroken(confidence.values) === confidence.values.length) return;
  for (const index of new Set(classes.values)) {
    strokeContour(brush, box, blurredIndicator(classes.values, w, h, index), w, h, 0.5);
  }
}

/** Names each class's region at its roomiest place: far from its border and from the data. */
function nameRegions(brush: Brush, box: Box, classes: Section): void {
  const [h = 0, w = 0] = classes.shape;
  const points = placedPoints(brush, box);
  const places = new Map<number, { x: number; y: number; room: number }>();
  for (let row = 3; row < h - 3; row += 4) {
    for (let column = 6; column < w - 6; column += 4) {
      const index = at(classes.values, row * w + column);
      const x = box.x + ((column + 0.5) / w) * box.width;
      const y = box.y + ((row + 0.5) / h) * box.height;
      const room = roomAround(classes.values, w, h, column, row, box.width / w, points, x, y);
      if (room > (places.get(index)?.room ?? 0)) places.set(index, { x, y, room });
    }
  }
  for (const [index, { x, y }] of places) {
    const name = fitText(className(brush.scenery, index), box.width * 0.4, brush.measure, "bold");
    const reach = brush.measure(name, "bold") / 2 + 6;
    const inside = Math.max(box.x + reach, Math.min(box.x + box.width - reach, x));
    brush.overlay.text(`region ${index}`, name, inside, y + 4, { anchor: "middle", look: "bold haloed" });
  }
}

function placedPoints(brush: Brush, box: Box): readonly (readonly [number, number])[] {
  const extent = brush.scenery?.extent;
  const section = brush.scenery?.sections.find((one) => one.quantity === "points" && one.name === "train");
  if (extent == null || section === undefined) return [];
  const count = Math.min(300, section.values.length / 2);
  return Array.from({ length: count }, (_, i) =>
    placeOnPlane(box, extent, at(section.values, 2 * i), at(section.values, 2 * i + 1)),
  );
}

function roomAround(
  classes: ArrayLike<number>,
  w: number,
  h: number,
  column: number,
  row: number,
  cell: number,
  points: readonly (readonly [number, number])[],
  x: number,
  y: number,
): number {
  const index = at(classes, row * w + column);
  let room = 60;
  const isSame = (u: number, v: number): boolean =>
    u >= 0 && v >= 0 && u < w && v < h && at(classes, v * w + u) === index;
  for (let step = 1; step * cell < room; step++) {
    const isFree =
      isSame(column + step, row) &&
      isSame(column - step, row) &&
      isSame(column, row + step) &&
      isSame(column, row - step);
    if (!isFree) room = step * cell;
  }
  for (const [px, py] of points) room = Math.min(room, Math.hypot((px - x) * 0.5, py - y));
  return room;
}

function niceTicks(low: number, high: number): number[] {
  const raw = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw) ?? 10 * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + 1e-9 && ticks.length < 5; i++) ticks.push(i * step);
  return ticks;
}

function labelAxes(brush: Brush, box: Box, hasRoomBeside: boolean): void {
  const extent = brush.scenery?.extent;
  if (extent == null) return;
  const [x0, x1, y0, y1] = extent;
  if (!(x1 > x0) || !(y1 > y0)) return;
  const tick = (value: number, step: number): string => formatNumber(value, Math.abs(step) < 1 ? 1 : 0);
  const xTicks = niceTicks(x0, x1);
  const yTicks = niceTicks(y0, y1);
  const stepOf = (ticks: readonly number[]): number => (ticks[1] ?? 1) - (ticks[0] ?? 0);
  xTicks.forEach((value, i) => {
    const x = box.x + ((value - x0) / (x1 - x0)) * box.width;
    brush.overlay.text(`xtick ${i}`, tick(value, stepOf(xTicks)), x, box.y + box.height + 18, {
      anchor: "middle",
      look: "muted",
    });
  });
  if (!hasRoomBeside) return;
  yTicks.forEach((value, i) => {
    const y = box.y + box.height - ((value - y0) / (y1 - y0)) * box.height;
    brush.overlay.text(`ytick ${i}`, tick(value, stepOf(yTicks)), box.x + box.width + 8, y + 4, { look: "muted" });
  });
}

/** The names stand at the ends of their axes: right of the foot, and over the ticks on the right. */
function nameAxes(brush: Brush, { box, outX }: Column): void {
  if (brush.scenery?.extent == null) return;
  const x = box.x + box.width + 8;
  const room = outX - x + brush.scene.padding - 8;
  [box.y + box.height + 18, box.y - 12].forEach((y, feature) => {
    const full = featureName(brush.scenery, feature);
    brush.overlay.text(`axis ${feature}`, fitText(full, room, brush.measure), x, y, { full });
  });
}

function captionPrediction(brush: Brush, id: string, box: Box): void {
  const title = say(box.width < 200 ? keyOf("prediction") : keyOf("predictionField"));
  brush.overlay.text(`title ${id}`, title, box.x, box.y - 12, { look: "bold" });
  if ((brush.frame?.header.whatIf ?? 0) > 0) return; // the training's numbers over a picture that is not of it
  const metrics = metricsOf(brush.frame).filter(({ value }) => Number.isFinite(value));
  const first = (...names: string[]): Metric | undefined =>
    names.flatMap((wanted) => metrics.filter(({ name }) => name === wanted))[0];
  const loss = first("val_loss", "loss");
  const accuracy = first("val_accuracy", "val_binary_accuracy", "accuracy", "binary_accuracy");
  const parts: string[] = [];
  if (loss !== undefined) parts.push(`${loss.label} ${formatNumber(loss.value, 3)}`);
  if (accuracy !== undefined) parts.push(`${accuracy.label} ${formatPercent(accuracy.value)}`);
  const full = parts.join(" · ");
  const room = box.width - brush.measure(title, "bold") - 12;
  const text = [full, parts.at(-1) ?? ""].find((candidate) => brush.measure(candidate) <= room) ?? "";
  brush.overlay.text(`score ${id}`, text, box.x + box.width, box.y - 12, { anchor: "end", look: "muted", full });
}
