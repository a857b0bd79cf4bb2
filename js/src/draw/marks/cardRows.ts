import type { NetworkNode } from "../../layout/readNodes.ts";
import type { Column } from "../../layout/scene.ts";
import { rowName } from "../../layout/unitNames.ts";
import { fitText } from "../../lib/fitText.ts";
import { formatNumber, formatPercent } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { partShares } from "../read/partShares.ts";
import type { Brush } from "./brush.ts";

const PART_PX = 18;
const PART_GAP = 6;
const PART_STRENGTH = 0.28;

/** What each source brings: its name, and its share of the sizes that come in as a bar and a number. */
export function paintParts(brush: Brush, { node, box }: Column, top: number): void {
  const { images: context, theme, measure } = brush;
  const shares = partShares(node, brush.frame);
  const [left, right] = [box.x + PART_GAP, box.x + box.width - PART_GAP];
  node.parts.forEach((part, row) => {
    const y = top + row * PART_PX;
    const share = shares?.[row];
    const number = share === undefined ? "" : formatPercent(share);
    if (share !== undefined) {
      context.globalAlpha = PART_STRENGTH;
      context.fillStyle = theme.colors.act;
      context.fillRect(left, y + 1, share * (right - left), PART_PX - 2);
      context.globalAlpha = 1;
    }
    const room = right - left - 8 - measure(number) - 6;
    const full = safeText(part.name);
    const shown = fitText(full, room, measure);
    brush.overlay.text(`part ${node.id} ${row}`, shown, left + 4, y + 13, { anchor: "start", look: "normal", full });
    brush.overlay.text(`share ${node.id} ${row}`, number, right - 4, y + 13, { anchor: "end", look: "normal" });
  });
}

/** What somebody has told to read of a layer, a line for each number. */
export function rowsOfCard(node: NetworkNode, values: ArrayLike<number>): string[] {
  return Array.from(values, (value, row) => `${rowName(node, row)} ${formatNumber(value, 3)}`);
}
