import type { Scenery, Verdict } from "../../core/frame.ts";
import { unitBox } from "../../layout/scene.ts";
import { className } from "../../layout/unitNames.ts";
import { fitText, type Measure, type Weight } from "../../lib/fitText.ts";
import { noPrediction } from "../../lib/noPrediction.ts";
import { formatPercent, formatSigned } from "../../lib/numberFormat.ts";
import { at, clamp, indexOfMaximum } from "../../lib/numbers.ts";
import { say } from "../../lib/say.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { colourOf, outline, paintHatched, shareOf } from "./shapes.ts";

const GAUGE_WIDTH = 6;
const TEXT_LEFT = 18;
const VERDICT_GAP = 12;
const LEAST_NAME = 48;
const LEAST_BAR = 32;

function isBroken(value: number): boolean {
  return !Number.isFinite(value);
}

/** What an output unit stands for; one unit for two classes stands for class 1. */
function labelOfUnit(scenery: Scenery | null, unit: number, count: number): string {
  switch (scenery?.task.kind) {
    case "numbers":
    case "picture":
    case "reconstruction":
      return count === 1 ? say("value") : say("valueNumber", { unit });
    case "labels":
      return className(scenery, unit);
    case "one_of_two":
      return scenery.classNames.length === 2 ? className(scenery, 1) : say("output");
    case "one_of_several":
      return scenery.classNames.length === 0 ? say("unitNumber", { unit }) : className(scenery, unit);
    default:
      return count === 1 ? say("output") : say("unitNumber", { unit });
  }
}

/** Named outputs: bar and percentage, or a signed value; the verdict on the chosen sample in words. */
export function paintRows(brush: Brush, reading: ColumnReading): void {
  const { column, values } = reading;
  const { node } = column;
  const count = column.unitCount;
  const task = brush.scenery?.task;
  const hasShares = task?.isShare === true;
  const said = brush.frame?.header.verdict ?? null;
  const silence = values === null ? null : noPrediction(values);
  const hasWinner = values !== null && silence === null && task?.kind === "one_of_several";
  const winner = hasWinner ? indexOfMaximum(values) : -1;
  const firstBroken = silence === null ? -1 : Array.prototype.findIndex.call(values, isBroken);
  const context = brush.images;
  const longest = longestName(brush, count);
  for (let unit = 0; unit < count; unit++) {
    const box = unitBox(column, unit);
    const value = values === null ? Number.NaN : at(values, unit);
    const isCompact = box.height < 27;
    const isWinner = unit === winner && count > 1;
    const gauge = { x: box.x, y: box.y + 1, width: GAUGE_WIDTH, height: box.height - 2 };
    if (values === null || Number.isFinite(value)) {
      context.fillStyle = values === null ? brush.theme.colors.sunken : colourOf(brush, reading, value);
      context.fillRect(gauge.x, gauge.y, gauge.width, gauge.height);
    } else paintHatched(brush, gauge);
    outline(brush, gauge, 1, 0.3);

    const right = box.x + box.width;
    const left = box.x + TEXT_LEFT;
    const number = values === null ? "" : hasShares ? formatPercent(value) : formatSigned(value);
    const numberWidth = isCompact ? brush.measure(hasShares ? "> 99.9%" : "−9.99e-9") : brush.measure(number, "bold");
    const baseline = isCompact ? box.y + box.height / 2 + 4 : box.y + 12;
    const free = right - left - numberWidth - 20 - longest;
    // A name says more than a bar beside its number.
    const leastBar = right - left - numberWidth - 20 - LEAST_BAR >= LEAST_NAME ? LEAST_BAR : 0;
    const barWidth = isCompact ? clamp(free, leastBar, (right - left) * 0.3) : right - left;
    const judged = silence === null ? verdictTexts(said, unit) : [];
    const verdicts = silence !== null && unit === firstBroken ? [silence, say("noPrediction")] : judged;
    const nameRoom = isCompact ? right - left - barWidth - numberWidth - 20 : right - left - numberWidth - 12;
    const name = labelOfUnit(brush.scenery, unit, count);
    const look = isWinner ? "bold" : "";
    const [nameText, verdict] = fitRow(name, verdicts, nameRoom, brush.measure, isWinner ? "bold" : "normal");
    const key = `${node.id} ${unit}`;
    brush.overlay.text(`class ${key}`, nameText, left, baseline, { look, full: name });
    brush.overlay.text(`share ${key}`, number, right, baseline, { anchor: "end", look: look || "muted" });
    if (verdict !== "") {
      const start = left + brush.measure(nameText, isWinner ? "bold" : "normal") + VERDICT_GAP;
      const tone = verdict.startsWith("✓") ? "ok bold" : "err bold";
      brush.overlay.text(`verdict ${key}`, verdict, start, baseline, { look: tone, full: verdicts[0] ?? "" });
    }

    const barX = isCompact ? right - numberWidth - 8 - barWidth : left;
    const barY = isCompact ? box.y + box.height / 2 - 4 : box.y + box.height - 12;
    if (barWidth >= LEAST_BAR) paintBar(brush, reading, barX, barY, barWidth, value, hasShares);
  }
}

/** Width of the longest name with the sign of a verdict beside it. */
function longestName({ scenery, measure }: Brush, count: number): number {
  let width = 0;
  for (let unit = 0; unit < count; unit++) width = Math.max(width, measure(labelOfUnit(scenery, unit, count), "bold"));
  return width + VERDICT_GAP + measure("✓", "bold");
}

/** What is said of one unit, from the longest to the shortest; the last is the bare sign. */
function verdictTexts(said: Verdict | null, unit: number): string[] {
  const right = said?.rights[unit];
  if (right !== undefined) return right ? [say("right"), "✓"] : [say("wrong"), "✗"];
  if (said === null || said.unit !== unit || said.tone === "plain") return [];
  return said.tone === "good" ? [say("right"), "✓"] : [said.words, say("wrong"), "✗"];
}

/**
 * A name and a verdict beside it in a given width: the whole name with the longest verdict that fits in words; else the
 * name is shortened, down to a least width, before the verdict loses its word.
 */
export function fitRow(
  name: string,
  verdicts: readonly string[],
  room: number,
  measure: Measure,
  weight: Weight,
): readonly [name: string, verdict: string] {
  const sign = verdicts.at(-1) ?? "";
  const words = verdicts.slice(0, -1);
  const roomBeside = (verdict: string): number => room - VERDICT_GAP - measure(verdict, "bold");
  for (const verdict of words) if (measure(name, weight) <= roomBeside(verdict)) return [name, verdict];
  const shortest = words.at(-1);
  if (shortest !== undefined && roomBeside(shortest) >= LEAST_NAME) {
    return [fitText(name, roomBeside(shortest), measure, weight), shortest];
  }
  if (sign !== "" && roomBeside(sign) >= LEAST_NAME / 2)
    return [fitText(name, roomBeside(sign), measure, weight), sign];
  return [fitText(name, room, measure, weight), ""];
}

function paintBar(
  brush: Brush,
  reading: ColumnReading,
  x: number,
  y: number,
  width: number,
  value: number,
  hasShares: boolean,
): void {
  const context = brush.images;
  context.fillStyle = brush.theme.colors.hair;
  context.beginPath();
  context.roundRect(x, y, width, 8, 2);
  context.fill();
  if (!Number.isFinite(value)) return;
  if (hasShares || reading.ramp === "magnitude") {
    context.fillStyle = brush.theme.colors.act;
    context.beginPath();
    context.roundRect(x, y, Math.max(1.5, width * shareOf(reading, value)), 8, 2);
    context.fill();
    return;
  }
  const share = clamp(value / (reading.high || 1), -1, 1);
  const middle = x + width / 2;
  const size = Math.max(1, (Math.abs(share) * width) / 2);
  context.fillStyle = brush.theme.ramps.value.signed(Math.sign(share) * (0.38 + 0.5 * Math.abs(share)));
  context.fillRect(share >= 0 ? middle : middle - size, y, size, 8);
  context.fillStyle = brush.theme.colors["ink-2"];
  context.fillRect(middle - 0.5, y - 2, 1, 12);
}
