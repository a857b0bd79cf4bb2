import { isDrawn } from "../../core/drawings.ts";
import { imageSize } from "../../layout/imageSize.ts";
import type { Box, Column } from "../../layout/scene.ts";
import { seriesSize } from "../../layout/seriesSize.ts";
import { hasClasses } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { at, clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { paintColour, paintPixel } from "../canvas/fieldImages.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { outline, paintHatched } from "./shapes.ts";

const MOST_THUMBNAILS = 10;
/** Least space below them. */
export const BELOW_THUMBNAILS = 12;
const HINTS = [say("otherSamples"), say("otherSamplesShort"), say("otherSamplesKeys")];

/** The chosen sample as a picture, pixel for pixel, with other samples to choose from below; or as lines. */
export function paintImageInput(brush: Brush, reading: ColumnReading): void {
  const { column, values } = reading;
  if (seriesSize(column.node) !== null) {
    brush.apart.paintSeries?.(brush, reading);
    if (values !== null) caption(brush, column);
    return;
  }
  const [rows, columns] = reading.sent ?? imageSize(column.node, brush.scenery) ?? [0, 0];
  const context = brush.images;
  const { x, y, width, height } = column.box;
  context.fillStyle = brush.theme.colors.sunken;
  context.fillRect(x, y, width, height);
  if (values !== null && values.length >= rows * columns) {
    const channels = Math.floor(values.length / (rows * columns));
    const stamp = `${brush.theme.name} ${reading.low} ${reading.high}`;
    const picture = brush.pictures.get(`image ${column.node.id}`, columns, rows, values, stamp, (pixels) =>
      paintPixels(pixels, brush, reading, values, channels),
    );
    if (Array.prototype.some.call(values, (value: number) => !Number.isFinite(value))) paintHatched(brush, column.box);
    context.imageSmoothingEnabled = false;
    if (picture !== null) context.drawImage(picture, x, y, width, height);
    context.imageSmoothingEnabled = true;
    brush.apart.ruleSlices?.(brush, column.node.layers[0]?.grid, column.box);
  }
  outline(brush, { x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 }, 0);
  if (values !== null) caption(brush, column);
  paintThumbnails(brush, column);
}

function paintPixels(
  pixels: Uint8ClampedArray,
  brush: Brush,
  reading: ColumnReading,
  values: ArrayLike<number>,
  channels: number,
): void {
  const share = (index: number): number => (at(values, index) - reading.low) / (reading.high - reading.low || 1);
  const colour = (index: number): number => 255 * clamp(share(index), 0, 1);
  for (let i = 0; i < pixels.length / 4; i++) {
    const first = i * channels;
    if (!Number.isFinite(at(values, first))) continue;
    if (channels === 3 || channels === 4) {
      paintColour(pixels, i, [colour(first), colour(first + 1), colour(first + 2)]);
    } else {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += share(first + channel);
      paintPixel(pixels, i, brush.theme.ramps.pixel, sum / channels);
    }
  }
}

function caption(brush: Brush, column: Column): void {
  const header = brush.frame?.header;
  if (header === undefined) return;
  const { x, y, width } = column.box;
  const { sample } = header;
  const name = isDrawn(sample) ? say("yourDrawingHead") : say("sampleNumber", { sample });
  const key = column.node.id;
  brush.overlay.text(`sample ${key}`, name, x, y - 12, { look: "bold" });
  const label = header.truth;
  if (label === "") return;
  const isClass = hasClasses(brush.scenery) && header.target !== null;
  const full = isClass ? say("trueClass", { name: label }) : label;
  const room = width - brush.measure(name, "bold") - 12;
  const candidates = isClass ? [full, say("trueShort", { name: label }), label] : [label];
  const text = candidates.find((candidate) => brush.measure(candidate) <= room);
  const shown = text ?? fitText(label, room, brush.measure);
  if (shown.length < 3) return;
  brush.overlay.text(`truth ${key}`, shown, x + width, y - 12, {
    anchor: "end",
    look: "muted",
    full,
  });
}

export interface Thumbnail {
  readonly box: Box;
  readonly sample: number;
}

/** Where the thumbnails of other samples are: in rows below the picture, as many as end above `lowestY`. */
export function placeThumbnails(column: Column, indices: ArrayLike<number>, lowestY: number): Thumbnail[] {
  const count = seriesSize(column.node) === null ? Math.min(MOST_THUMBNAILS, indices.length) : 0;
  const gap = 2;
  const { x, y, width, height } = column.box;
  const perRow = width >= 200 ? count : Math.min(count, Math.max(1, Math.floor((width + gap) / (24 + gap))));
  const size = Math.min(28, (width - (perRow - 1) * gap) / Math.max(1, perRow));
  const step = perRow > 1 ? (width - size) / (perRow - 1) : 0;
  const places = Array.from({ length: count }, (_, i) => ({
    box: {
      x: x + (i % perRow) * step,
      y: y + height + 16 + Math.floor(i / perRow) * (size + gap),
      width: size,
      height: size,
    },
    sample: at(indices, i),
  }));
  return places.filter(({ box }) => box.y + box.height <= lowestY);
}

function paintThumbnails(brush: Brush, column: Column): void {
  const sections = brush.scenery?.sections ?? [];
  const pictures = sections.find((section) => section.quantity === "thumbnail");
  const indices = sections.find((section) => section.quantity === "thumbnail_index");
  const [, h = 0, w = 0] = pictures?.shape ?? [];
  if (pictures === undefined || indices === undefined || h * w === 0) return;
  const context = brush.images;
  const places = placeThumbnails(column, indices.values, brush.scene.height - BELOW_THUMBNAILS);
  places.forEach(({ box, sample }, i) => {
    const picture = brush.pictures.get(`thumbnail ${i}`, w, h, pictures, brush.theme.name, (pixels) => {
      for (let p = 0; p < w * h; p++) {
        paintPixel(pixels, p, brush.theme.ramps.pixel, at(pictures.values, i * w * h + p) / 255);
      }
    });
    if (picture !== null) context.drawImage(picture, box.x, box.y, box.width, box.height);
    const isChosen = sample === brush.frame?.header.sample;
    outline(brush, box, 0, isChosen ? 1 : 0.25);
    if (isChosen) outline(brush, { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }, 1, 1);
  });
  const last = places.at(-1)?.box;
  if (last === undefined || last.y + last.height + 40 > brush.scene.height) return;
  const room = column.box.width + 24;
  const hint = HINTS.find((text) => brush.measure(text) <= room) ?? "";
  brush.overlay.text("sample keys", hint, column.box.x, last.y + last.height + 24, { look: "muted" });
}
