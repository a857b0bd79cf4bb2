import { maskedPlaces, placesBefore } from "../../layout/placesBefore.ts";
import { type NetworkNode, nodeOfLayer } from "../../layout/readNodes.ts";
import type { Box } from "../../layout/scene.ts";
import { LINE_HEAD, SPECTROGRAM, seriesSize } from "../../layout/seriesSize.ts";
import { formatNumber, formatScaleEnd } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import { paintPixel } from "../canvas/fieldImages.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { outline, paintHatched } from "./shapes.ts";

/** The chosen sample as lines, one for each channel on a range of its own, whose ends stand over it. */
export function paintSeries(brush: Brush, { column, values, sent }: ColumnReading): void {
  const [steps, channels] = seriesSize(column.node) ?? [0, 0];
  const { x, y, width, height } = column.box;
  const rate = brush.scenery?.sampleRate ?? null;
  const below = rate === null ? 0 : Math.min(SPECTROGRAM, height / 2);
  const pitch = (height - below) / Math.max(1, channels);
  const isFirst = sent !== null || column.node.layers[0]?.channels === "first";
  const count = sent?.[1] ?? steps;
  for (let channel = 0; channel < channels; channel++) {
    const box = { x, y: y + channel * pitch + LINE_HEAD, width, height: pitch - LINE_HEAD };
    const key = `series ${column.node.id} ${channel}`;
    brush.images.fillStyle = brush.theme.colors.sunken;
    brush.images.fillRect(box.x, box.y, box.width, box.height);
    if (values !== null && values.length >= count * channels) {
      const own = Float32Array.from({ length: count }, (_, step) =>
        at(values, isFirst ? channel * count + step : step * channels + channel),
      );
      if (sent === null) paintMasked(brush, values, box, column.node, isFirst);
      paintLine(brush, own, box, key, channels > 1 ? say("channelNumber", { channel }) : "");
    }
    paintCursor(brush, column.node, steps, box);
    outlineBox(brush, box);
  }
  if (rate !== null) {
    const y0 = y + height - below + LINE_HEAD;
    paintSpectrogram(brush, column.node, { x, y: y0, width, height: below - LINE_HEAD }, rate);
  }
}

/** How loud each frequency is in the course of the sound, under its line, the highest on top. */
function paintSpectrogram(brush: Brush, node: NetworkNode, box: Box, rate: number): void {
  const { images, frame, pictures, overlay, theme } = brush;
  const sound = frame?.section("spectrogram", node.id);
  images.fillStyle = theme.colors.sunken;
  images.fillRect(box.x, box.y, box.width, box.height);
  const [rows = 0, columns = 0] = sound?.shape ?? [];
  if (sound !== undefined && rows * columns > 0) {
    if (Array.prototype.includes.call(sound.values, 0)) paintHatched(brush, box);
    const picture = pictures.get(`sound ${node.id}`, columns, rows, sound.values, theme.name, (pixels) => {
      for (let i = 0; i < rows * columns; i++) {
        const code = at(sound.values, i);
        if (code > 0) paintPixel(pixels, i, theme.ramps.pixel, (code - 1) / 254);
      }
    });
    if (picture !== null) images.drawImage(picture, box.x, box.y, box.width, box.height);
    const highest = formatNumber(rate / 2_000, 1);
    overlay.text(`sound ${node.id}`, say("frequencies", { highest }), box.x + box.width, box.y - 5, {
      anchor: "end",
      look: "muted",
    });
  }
  outlineBox(brush, box);
}

function outlineBox(brush: Brush, box: Box): void {
  outline(brush, { x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1 }, 0);
}

function paintMasked(brush: Brush, values: ArrayLike<number>, box: Box, node: NetworkNode, isFirst: boolean): void {
  if (isFirst) return;
  const masked = maskedPlaces(nodesOf(brush), node, values);
  masked.forEach((isMasked, place) => {
    if (!isMasked) return;
    const width = box.width / masked.length;
    paintHatched(brush, { ...box, x: box.x + place * width, width }, true);
  });
}

/** The place that the chosen unit of a recurrent layer reads at the chosen time step. */
function paintCursor(brush: Brush, node: NetworkNode, steps: number, box: Box): void {
  const { selection } = brush.values;
  const places = selection === null ? undefined : brush.frame?.section("read_place", selection.layer)?.values;
  const place = places === undefined ? -1 : at(places, selection?.place?.[1] ?? -1);
  const nodes = nodesOf(brush);
  const reader = selection === null ? undefined : nodeOfLayer(nodes, selection.layer);
  if (!(place >= 0) || reader === undefined || placesBefore(nodes, reader, steps) !== node) return;
  const width = Math.max(3, box.width / steps);
  const x = box.x + ((place + 0.5) / steps) * box.width - width / 2;
  const context = brush.images;
  for (const [colour, lineWidth] of [
    [brush.theme.colors.surface, 3.5],
    [brush.theme.colors.ink, 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.beginPath();
    context.rect(x, box.y, width, box.height);
    context.stroke();
  }
}

function nodesOf({ scene }: Brush): readonly NetworkNode[] {
  return scene.columns.map(({ node }) => node);
}

function paintLine(brush: Brush, values: Float32Array, box: Box, key: string, name: string): void {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (finite.length < values.length) paintHatched(brush, box);
  if (finite.length === 0) return;
  const ends =
    low === high ? formatScaleEnd(low) : say("lineRange", { low: formatScaleEnd(low), high: formatScaleEnd(high) });
  brush.overlay.text(`${key} ends`, ends, box.x + box.width, box.y - 5, { anchor: "end", look: "muted" });
  if (name !== "" && brush.measure(name) + brush.measure(ends) + 8 <= box.width)
    brush.overlay.text(`${key} name`, name, box.x, box.y - 5, { look: "muted" });
  const context = brush.images;
  const inner = box.height - 6;
  const yOf = (value: number) => box.y + 3 + inner * (low === high ? 0.5 : (high - value) / (high - low));
  const xOf = (step: number) => box.x + ((step + 0.5) / values.length) * box.width;
  context.lineWidth = 1;
  if (low < 0 && high > 0) {
    context.strokeStyle = brush.theme.colors.border;
    context.beginPath();
    context.moveTo(box.x, yOf(0));
    context.lineTo(box.x + box.width, yOf(0));
    context.stroke();
  }
  context.strokeStyle = brush.theme.colors.ink;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  values.forEach((value, step) => {
    if (!Number.isFinite(value)) {
      isDown = false;
      return;
    }
    if (isDown) context.lineTo(xOf(step), yOf(value));
    else context.moveTo(xOf(step), yOf(value));
    isDown = true;
  });
  context.stroke();
}
