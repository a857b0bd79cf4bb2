import { isDrawn } from "../../core/drawings.ts";
import type { Section } from "../../core/frame.ts";
import type { Box } from "../../layout/scene.ts";
import { className, hasClasses } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { at, clamp } from "../../lib/numbers.ts";
import { keyOf, say } from "../../lib/say.ts";
import type { Canvas2d } from "../canvas/canvas2d.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import {
  type Extent,
  hasValidation,
  type PointStyle,
  placeOnPlane,
  pointStyle,
  SHAPES,
  traceShape,
} from "./pointShapes.ts";

/** `null` for a point of which nothing is known but its place. */
function styleOf(brush: Brush, reading: ColumnReading, target: number | null, classCount: number): PointStyle {
  if (target === null || !(brush.scenery?.task.kind === "numbers" || hasClasses(brush.scenery))) {
    return { shape: "circle", colour: brush.theme.colors["ink-2"] };
  }
  const ramp = brush.theme.ramps.value;
  if (brush.scenery?.task.kind === "numbers") {
    return { shape: "circle", colour: ramp.signed(clamp(target / (reading.high || 1), -1, 1)) };
  }
  if (classCount <= 2) return pointStyle(brush.theme, target > 0.5 ? 1 : 0);
  return { shape: SHAPES[Math.round(target) % SHAPES.length] ?? "circle", colour: brush.theme.colors.ink };
}

function classCountOf(brush: Brush, reading: ColumnReading): number {
  return Math.max(brush.scenery?.classNames.length ?? 0, reading.column.node.units);
}

/** Px; a narrower field has room for few words in its key. */
const NARROW_FIELD = 280;
/** How much smaller points for validation are. */
const VALIDATION = 0.8;

/** Smaller where many points share the plane, down to two thirds. */
function radiusFor(box: Box, count: number): number {
  return Math.max(2.2, clamp(box.width / 80, 2.4, 4) * clamp(Math.sqrt(160 / count), 0.67, 1));
}

/** The data on the plane and the ring of the chosen sample. The data do not change, so their picture is kept; not of an enlarged plane. */
export function paintPoints(brush: Brush, reading: ColumnReading): void {
  const { extent, sections } = brush.scenery ?? {};
  if (extent == null || sections === undefined) return;
  const { box } = reading.column;
  const scale = brush.pixelRatio;
  const isRegression = brush.scenery?.task.kind === "numbers";
  const { validationPoints } = brush.values;
  const look = `${brush.theme.name} ${brush.theme.colors.surface}`;
  const stamp = `${look} ${isRegression ? reading.high : ""} ${scale} ${validationPoints}`;
  const [width, height] = [Math.ceil(box.width * scale), Math.ceil(box.height * scale)];
  if (brush.camera.scale > 1) {
    brush.images.save();
    brush.images.translate(box.x, box.y);
    drawPoints(brush.images, brush, reading, sections, extent);
    brush.images.restore();
  } else {
    const picture = brush.pictures.draw("points", width, height, sections, stamp, (context) => {
      context.scale(scale, scale);
      drawPoints(context, brush, reading, sections, extent);
    });
    if (picture !== null) brush.images.drawImage(picture, box.x, box.y, width / scale, height / scale);
  }
  const sample = sampleOnPlane(brush);
  if (sample !== null) paintRing(brush, ...placeOnPlane(box, extent, sample[0], sample[1]), 8);
}

function drawPoints(
  context: Canvas2d,
  brush: Brush,
  reading: ColumnReading,
  sections: readonly Section[],
  extent: Extent,
): void {
  const box = { ...reading.column.box, x: 0, y: 0 };
  const count = classCountOf(brush, reading);
  const find = (quantity: string, name: string): Section | undefined =>
    sections.find((section) => section.quantity === quantity && section.name === name);
  for (const name of brush.values.validationPoints ? ["validation", "train"] : ["train"]) {
    const points = find("points", name);
    const targets = find("point_target", name);
    if (points === undefined) continue;
    const radius = radiusFor(box, find("points", "train")?.shape[0] ?? 0) * (name === "validation" ? VALIDATION : 1);
    context.strokeStyle = name === "validation" ? brush.theme.colors.ink : brush.theme.colors.surface;
    context.lineWidth = name === "validation" ? 0.9 : 1.2;
    for (let i = 0; i < points.values.length / 2; i++) {
      const [x, y] = placeOnPlane(box, extent, at(points.values, 2 * i), at(points.values, 2 * i + 1));
      if (!Number.isFinite(x + y)) continue;
      const style = styleOf(brush, reading, targets === undefined ? null : at(targets.values, i), count);
      traceShape(context, style.shape, x, y, radius);
      context.fillStyle = style.colour;
      context.fill();
      context.stroke();
    }
  }
}

function sampleOnPlane(brush: Brush): readonly [number, number] | null {
  const input = brush.reading.columns.find((reading) => reading.column.node.kind === "input")?.values;
  if (input == null || input.length !== 2) return null;
  return [at(input, 0), at(input, 1)];
}

function paintRing(brush: Brush, x: number, y: number, radius: number): void {
  const context = brush.images;
  for (const [width, colour] of [
    [4, brush.theme.colors.surface],
    [2, brush.theme.colors.ink],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** Names the shapes below the plane. */
export function paintPlaneLegend(brush: Brush, reading: ColumnReading): void {
  const { box } = reading.column;
  const context = brush.images;
  const hasPoints = brush.scenery?.sections.some((section) => section.quantity === "points") ?? false;
  const y = box.y + box.height + 40;
  if (y + 10 > brush.scene.height) return;
  let x = box.x + 6;
  const isNarrow = box.width < NARROW_FIELD;
  const end = Math.min(box.x + box.width + 28, brush.scene.width - 8);
  const item = (key: string, label: string, paint: (x: number) => void, short = label): void => {
    const room = end - x - 12;
    const text = brush.measure(label) <= room ? label : fitText(short, room, brush.measure);
    if (text.length < 3 && text !== short) return;
    paint(x);
    brush.overlay.text(`key ${key}`, text, x + 12, y + 4, { full: label });
    x += brush.measure(text) + (isNarrow ? 26 : 32);
  };
  const count = classCountOf(brush, reading);
  const areTold = brush.scenery?.sections.some(({ quantity }) => quantity === "point_target") ?? false;
  if (hasPoints && areTold && hasClasses(brush.scenery)) {
    const order = count <= 2 ? [1, 0] : Array.from({ length: Math.min(count, SHAPES.length) }, (_, i) => i);
    for (const index of order) {
      item(`class ${index}`, className(brush.scenery, index), (at) => {
        const style = styleOf(brush, reading, index, count);
        traceShape(context, style.shape, at, y, 4.5);
        context.fillStyle = style.colour;
        context.fill();
      });
    }
  }
  if (hasValidation(brush.scenery) && brush.values.validationPoints) {
    item("validation", say(isNarrow ? keyOf("validationKey") : keyOf("validationName")), (at) => {
      traceShape(context, "circle", at, y, 3.5);
      context.fillStyle = brush.theme.colors.surface;
      context.fill();
      context.lineWidth = 1.2;
      context.strokeStyle = brush.theme.colors.ink;
      context.stroke();
    });
  }
  const sample = brush.frame?.header.sample;
  if (sample === undefined || sampleOnPlane(brush) === null) return;
  item(
    "sample",
    isDrawn(sample) ? say("yourDrawing") : say("ringedSample", { sample }),
    (at) => {
      context.beginPath();
      context.arc(at, y, 6, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = brush.theme.colors.ink;
      context.stroke();
    },
    isDrawn(sample) ? "" : `#${sample}`,
  );
}
