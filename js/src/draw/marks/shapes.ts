import type { Box } from "../../layout/scene.ts";
import { clamp } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";

const HATCH = 6;

/** Where a value lies between the ends of its column's scale. */
export function shareOf(reading: ColumnReading, value: number): number {
  return clamp((value - reading.low) / (reading.high - reading.low || 1), 0, 1);
}

export function colourOf(brush: Brush, reading: ColumnReading, value: number): string {
  return brush.theme.ramps[reading.ramp].at(shareOf(reading, value));
}

/** A cell for what is not a number: hatched in the error colour; without that for what is masked. */
export function paintHatched(brush: Brush, box: Box, isMasked = false): void {
  const context = brush.images;
  const { colors } = brush.theme;
  const [ground, stroke] = isMasked ? [colors.sunken, colors["ink-3"]] : [colors["err-bg"], colors.err];
  const tile = brush.pictures.draw(isMasked ? "mask" : "hatch", HATCH, HATCH, colors, "", (own) => {
    own.fillStyle = ground;
    own.fillRect(0, 0, HATCH, HATCH);
    own.strokeStyle = stroke;
    own.lineWidth = 1;
    own.beginPath();
    for (const shift of [-HATCH, 0, HATCH]) {
      own.moveTo(shift - 1, HATCH + 1);
      own.lineTo(shift + HATCH + 1, -1);
    }
    own.stroke();
  });
  context.fillStyle = (tile === null ? null : context.createPattern(tile, "repeat")) ?? stroke;
  context.fillRect(box.x, box.y, box.width, box.height);
}

/** Hatched ground with the word, for a picture that has no number at all. */
export function paintNotANumber(brush: Brush, key: string, box: Box): void {
  paintHatched(brush, box);
  if (box.width < 32 || box.height < 18) return;
  const text = brush.measure(say("notANumber"), "bold") + 8 <= box.width ? say("notANumber") : "NaN";
  const isLarge = box.height > 120;
  const [x, y] = [box.x + box.width / 2, box.y + (isLarge ? 24 : box.height / 2 + 4)];
  brush.overlay.text(`nan ${key}`, text, x, y, { anchor: "middle", look: "err bold haloed" });
}

export function outline(brush: Brush, box: Box, radius: number, alpha = 0.35): void {
  const context = brush.images;
  const { isForcedColors, wantsContrast } = brush.theme;
  context.globalAlpha = isForcedColors || wantsContrast ? 1 : alpha;
  context.strokeStyle = brush.theme.colors.ink;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, radius);
  context.stroke();
  context.globalAlpha = 1;
}

/** A 5-px gauge with zero in the middle, or at the foot for what is never negative. `share` is −1..1. */
export function paintGauge(
  brush: Pick<Brush, "images" | "theme">,
  x: number,
  y: number,
  height: number,
  share: number,
  colour: string,
): void {
  const context = brush.images;
  const middle = y + height / 2;
  const { colors, isForcedColors } = brush.theme;
  context.fillStyle = isForcedColors ? colors.surface : colors.hair;
  context.fillRect(x, y, 5, height);
  context.fillStyle = colour;
  const size = Math.max(1, Math.abs(share) * (height / 2));
  context.fillRect(x, share >= 0 ? middle - size : middle, 5, size);
  context.fillStyle = brush.theme.colors["ink-2"];
  context.fillRect(x - 1, middle - 0.5, 7, 1);
}
