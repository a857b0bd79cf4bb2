import type { Box } from "../../layout/scene.ts";
import { clamp } from "../../lib/numbers.ts";
import type { Brush } from "../brush.ts";
import type { ColumnReading } from "../reading.ts";

/** Where a value lies between the ends of its column's scale. */
export function shareOf(reading: ColumnReading, value: number): number {
  return clamp((value - reading.low) / (reading.high - reading.low || 1), 0, 1);
}

export function colourOf(brush: Brush, reading: ColumnReading, value: number): string {
  return brush.theme.ramps[reading.ramp].at(shareOf(reading, value));
}

/** A cell for what is not a number: hatched in the error colour. */
export function paintHatched(brush: Brush, box: Box): void {
  const context = brush.images;
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.fillStyle = brush.theme.colors["err-bg"];
  context.fill();
  context.clip();
  context.strokeStyle = brush.theme.colors.err;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = box.x - box.height; x < box.x + box.width; x += 5) {
    context.moveTo(x, box.y + box.height);
    context.lineTo(x + box.height, box.y);
  }
  context.stroke();
  context.restore();
}

export function outline(brush: Brush, box: Box, radius: number, alpha = 0.35): void {
  const context = brush.images;
  context.globalAlpha = alpha;
  context.strokeStyle = brush.theme.colors.ink;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, radius);
  context.stroke();
  context.globalAlpha = 1;
}

/** A 5-px gauge with zero in the middle, or at the foot for what is never negative. `share` is −1..1. */
export function paintGauge(brush: Brush, x: number, y: number, height: number, share: number, colour: string): void {
  const context = brush.images;
  const middle = y + height / 2;
  context.fillStyle = brush.theme.colors.hair;
  context.fillRect(x, y, 5, height);
  context.fillStyle = colour;
  const size = Math.max(1, Math.abs(share) * (height / 2));
  context.fillRect(x, share >= 0 ? middle - size : middle, 5, size);
  context.fillStyle = brush.theme.colors["ink-2"];
  context.fillRect(x - 1, middle - 0.5, 7, 1);
}
