import { maskedPlaces } from "../../layout/placesBefore.ts";
import { unitBox } from "../../layout/scene.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatCount } from "../../lib/numberFormat.ts";
import { at } from "../../lib/numbers.ts";
import { safeText } from "../../lib/safeText.ts";
import type { ColumnReading } from "../read/reading.ts";
import type { Brush } from "./brush.ts";
import { outline, paintHatched } from "./shapes.ts";

const RADIUS = 4;
const PADDING = 6;

/** A box for each token with its word, or its number where it has none, or for each text: no colour, for a number of a token is no size. */
export function paintTokens(brush: Brush, { column, values, words }: ColumnReading): void {
  const context = brush.images;
  const nodes = brush.scene.columns.map(({ node }) => node);
  const masked = values === null ? [] : maskedPlaces(nodes, column.node, values);
  for (let unit = 0; unit < column.unitCount; unit++) {
    const box = unitBox(column, unit);
    if (masked[unit]) paintHatched(brush, box, true);
    else {
      context.fillStyle = brush.theme.colors.sunken;
      context.beginPath();
      context.roundRect(box.x, box.y, box.width, box.height, RADIUS);
      context.fill();
    }
    outline(brush, box, RADIUS);
    const middle = box.y + box.height / 2 + 4;
    if (column.unitCount > 1)
      brush.overlay.text(`place ${column.node.id} ${unit}`, String(unit), box.x - PADDING, middle, {
        anchor: "end",
        look: "muted",
      });
    if (values === null && !words?.[unit]) continue;
    const full = tokenText(words, unit, values === null ? 0 : at(values, unit));
    const text = fitText(full, box.width - PADDING, brush.measure);
    brush.overlay.text(`token ${column.node.id} ${unit}`, text, box.x + box.width / 2, middle, {
      anchor: "middle",
      full,
      ...(masked[unit] ? { look: "haloed" } : {}),
    });
  }
}

/** `the`, or `#17` where the token has no name. */
export function tokenText(words: readonly string[] | null, unit: number, value: number): string {
  const word = words?.[unit];
  return word === undefined || word === "" ? `#${formatCount(value)}` : safeText(word);
}
