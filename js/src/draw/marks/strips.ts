import { LEAST_LABEL, NARROW, shareStrip } from "../../layout/kinds/strip.ts";
import { type Box, drawnUnit, unitBox } from "../../layout/scene.ts";
import { className, namesUnits, ownName } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatPercent } from "../../lib/numberFormat.ts";
import { at, indexOfMaximum } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { colourOf, paintHatched, shareOf } from "./shapes.ts";

const LABEL_EVERY = 16;
const STEPS = [1, 2, 4, 8, LABEL_EVERY];
/** Enlarged, labels come closer, but not closer than this. */
const LABEL_PITCH = 22;

/** A row per unit: a cell filled by its activation and a bar. */
export function paintStrip(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  const context = brush.images;
  for (let unit = 0; unit < column.unitCount; unit++) {
    const box = unitBox(column, unit);
    const value = reading.values === null ? Number.NaN : at(reading.values, unit);
    const parts = shareStrip(box.width);
    const cell = { ...box, width: parts.cell };
    if (reading.values === null) {
      context.fillStyle = brush.theme.colors.hair;
      context.fillRect(cell.x, cell.y, cell.width, cell.height);
      continue;
    }
    if (!Number.isFinite(value)) {
      paintHatched(brush, cell);
      continue;
    }
    const colour = colourOf(brush, reading, value);
    context.fillStyle = colour;
    context.fillRect(cell.x, cell.y, cell.width, cell.height);
    if (parts.bar > 0) paintBar(brush, reading, { ...box, x: box.x + parts.barX, width: parts.bar }, value);
  }
  labelStrip(brush, reading);
  nameTopClass(brush, reading);
}

function paintBar(brush: Brush, reading: ColumnReading, room: Box, value: number): void {
  const context = brush.images;
  const { x, y, height } = room;
  const inset = height > 4 ? 1 : 0;
  if (reading.ramp === "magnitude") {
    const width = shareOf(reading, value) * room.width;
    context.globalAlpha = width > 0 ? 0.8 : 0.5;
    context.fillStyle = width > 0 ? brush.theme.colors.act : brush.theme.colors["ink-3"];
    if (width > 0) context.fillRect(x, y + inset, Math.max(1, width), height - 2 * inset);
    else context.fillRect(x, y + height / 2 - 1, 3, 2);
  } else {
    const share = 2 * shareOf(reading, value) - 1;
    const middle = x + room.width / 2;
    const width = Math.max(1, (Math.abs(share) * room.width) / 2);
    context.fillStyle = brush.theme.ramps.value.signed(Math.sign(share) * (0.38 + 0.5 * Math.abs(share)));
    context.fillRect(share >= 0 ? middle : middle - width, y + inset, width, height - 2 * inset);
    context.fillStyle = brush.theme.colors["ink-3"];
    context.fillRect(middle - 0.5, y, 1, height);
  }
  context.globalAlpha = 1;
}

function labelStrip(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  const { id, units } = column.node;
  const pitch = units > 1 ? at(column.portY, 1) - at(column.portY, 0) : 22;
  const selection = brush.values.selection;
  const chosen =
    (selection !== null && column.node.layers.some(({ id: own }) => own === selection.layer) ? selection.unit : null) ??
    -1;
  const x = column.box.x + column.box.width + 6;
  if (column.outX - x < LEAST_LABEL) return;
  if (namesUnits(column.node) && pitch >= 14) {
    for (let unit = 0; unit < units; unit++) {
      const name = ownName(column.node, unit, brush.scenery) ?? "";
      const text = fitText(name, column.outX - x - 2, brush.measure);
      const look = unit === chosen ? "bold" : "muted";
      brush.overlay.text(`unit ${id} ${unit}`, text, x, at(column.portY, unit) + 4, { look, full: name });
    }
    return;
  }
  const far = Math.ceil(18 / pitch);
  const closest = Math.ceil(LABEL_PITCH / pitch);
  const every = brush.camera.scale > 1 ? (STEPS.find((step) => step >= closest) ?? LABEL_EVERY) : LABEL_EVERY;
  for (let unit = 0; unit < units; unit += every) label(unit);
  if ((units - 1) % every >= far) label(units - 1);
  if (chosen >= 0 && chosen < units) {
    brush.overlay.text(
      `unit ${id} chosen`,
      brush.scene.width < NARROW ? String(chosen) : say("unitNumber", { unit: chosen }),
      x,
      at(column.portY, chosen) + 4,
      { look: "bold" },
    );
  }

  function label(unit: number): void {
    if (chosen >= 0 && Math.abs(unit - chosen) < far) return;
    brush.overlay.text(`unit ${id} ${unit}`, String(unit), x, at(column.portY, unit) + 4, { look: "muted" });
  }
}

/** Wrapped cells, coloured by activation. */
export function paintGrid(brush: Brush, reading: ColumnReading): void {
  const { column } = reading;
  const context = brush.images;
  for (let unit = 0; unit < column.unitCount; unit++) {
    const { x, y, width, height } = unitBox(column, unit);
    const value = reading.values === null ? Number.NaN : at(reading.values, unit);
    if (reading.values !== null && !Number.isFinite(value)) {
      paintHatched(brush, { x, y, width: width - 0.5, height: height - 0.5 });
      continue;
    }
    context.fillStyle = reading.values === null ? brush.theme.colors.hair : colourOf(brush, reading, value);
    context.fillRect(x, y, width - 0.5, height - 0.5);
  }
  frame(brush, reading);
}

/** Means over blocks of units with a tick at each block's largest magnitude. */
export function paintBins(brush: Brush, reading: ColumnReading): void {
  const { column, values } = reading;
  const context = brush.images;
  const count = column.unitCount;
  const sums = new Float64Array(count);
  const counts = new Uint32Array(count);
  const peaks = new Float64Array(count);
  for (let unit = 0; values !== null && unit < values.length; unit++) {
    const bin = drawnUnit(column, unit);
    const value = at(values, unit);
    sums[bin] = at(sums, bin) + value;
    counts[bin] = at(counts, bin) + 1;
    if (Math.abs(value) > Math.abs(at(peaks, bin))) peaks[bin] = value;
  }
  for (let bin = 0; bin < count; bin++) {
    const box = unitBox(column, bin);
    const mean = at(counts, bin) > 0 ? at(sums, bin) / at(counts, bin) : Number.NaN;
    const parts = shareStrip(box.width);
    if (values !== null && !Number.isFinite(mean)) {
      paintHatched(brush, { ...box, width: parts.cell });
      continue;
    }
    context.fillStyle = values === null ? brush.theme.colors.hair : colourOf(brush, reading, mean);
    context.fillRect(box.x, box.y, parts.cell, box.height);
    if (values === null) continue;
    const size = (value: number): number => Math.min(1, Math.abs(value) / (reading.high || 1)) * parts.bar;
    context.fillStyle = reading.ramp === "magnitude" ? brush.theme.colors.act : colourOf(brush, reading, mean);
    context.fillRect(box.x + parts.barX, box.y, size(mean), box.height);
    context.fillStyle = brush.theme.colors["ink-3"];
    context.fillRect(box.x + parts.barX + size(at(peaks, bin)), box.y, 1, box.height);
  }
  frame(brush, reading);
}

/** Under a classifier's output that has no room for a row per class: the likeliest class. */
function nameTopClass(brush: Brush, reading: ColumnReading): boolean {
  const { column, values } = reading;
  if (!column.node.isOutput || values === null || brush.scenery?.task.kind !== "one_of_several") return false;
  const top = indexOfMaximum(values);
  if (top < 0) return false;
  const { x, y, width, height } = column.box;
  const share = brush.scenery.task.isShare ? ` ${formatPercent(at(values, top))}` : "";
  const middle = x + width / 2;
  const room = 2 * Math.min(middle - brush.scene.padding, brush.scene.width - brush.scene.padding - middle);
  const name = className(brush.scenery, top);
  const shown = `${fitText(name, room - brush.measure(share, "bold"), brush.measure, "bold")}${share}`;
  const style = { anchor: "middle", look: "bold", full: `${name}${share}` } as const;
  brush.overlay.text(`top ${column.node.id}`, shown, middle, Math.min(y + height + 16, brush.scene.height - 6), style);
  return true;
}

function frame(brush: Brush, reading: ColumnReading): void {
  if (nameTopClass(brush, reading)) return;
  const { id, units } = reading.column.node;
  const { x, y, width, height } = reading.column.box;
  const text =
    reading.column.kind === "bins"
      ? say("means", { units: reading.column.unitCount })
      : say("zeroTo", { last: units - 1 });
  brush.overlay.text(`span ${id}`, text, x + width / 2, y + height + 16, { anchor: "middle", look: "muted" });
}
