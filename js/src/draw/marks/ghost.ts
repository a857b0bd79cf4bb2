import { say } from "../../lib/say.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Canvas2d } from "../canvas/canvas2d.ts";
import type { Labels } from "../canvas/overlay.ts";

const COLUMNS = [2, 4, 3, 1];

/** The outline of a network for a view that has none, and how to give it one. */
export function paintGhost(context: Canvas2d, overlay: Labels, theme: Theme, width: number, height: number): void {
  const gap = Math.min(88, Math.max(48, width / 5));
  const left = width / 2 - (gap * (COLUMNS.length - 1)) / 2;
  const top = height / 2 - 60;
  const place = (column: number, unit: number): readonly [number, number] => [
    left + column * gap,
    top + (unit - ((COLUMNS[column] ?? 1) - 1) / 2) * 30,
  ];
  context.strokeStyle = theme.colors.rule;
  context.lineWidth = 1;
  context.globalAlpha = 1;
  for (let column = 0; column < COLUMNS.length - 1; column++) {
    for (let i = 0; i < (COLUMNS[column] ?? 0); i++) {
      for (let j = 0; j < (COLUMNS[column + 1] ?? 0); j++) {
        const [x0, y0] = place(column, i);
        const [x1, y1] = place(column + 1, j);
        context.beginPath();
        context.moveTo(x0 + 11, y0);
        context.bezierCurveTo(x0 + gap / 2, y0, x1 - gap / 2, y1, x1 - 11, y1);
        context.stroke();
      }
    }
  }
  context.setLineDash([3, 3]);
  context.strokeStyle = theme.colors.border;
  context.fillStyle = theme.colors.sunken;
  COLUMNS.forEach((count, column) => {
    for (let unit = 0; unit < count; unit++) {
      const [x, y] = place(column, unit);
      context.beginPath();
      context.roundRect(x - 10, y - 10, 20, 20, 4);
      context.fill();
      context.stroke();
    }
  });
  context.setLineDash([]);
  const middle = { anchor: "middle" } as const;
  overlay.text("ghost title", say("nothingToShowYet"), width / 2, top + 86, { ...middle, look: "title" });
  overlay.text("ghost text", say("giveModel"), width / 2, top + 110, { ...middle, look: "muted" });
  overlay.ring("ghost box", width / 2 - 82, top + 126, 164, 30, 4, "code");
  overlay.text("ghost code", "view.model = model", width / 2, top + 145, { ...middle, look: "mono" });
}
