import type { Canvas2d } from "../draw/canvas/canvas2d.ts";
import type { Labels, TextStyle } from "../draw/canvas/overlay.ts";
import type { Theme } from "../theme/theme.ts";
import { toneColors } from "./toneColors.ts";

type Painter = (context: Canvas2d, theme: Theme) => void;

const SIZES: Readonly<Record<string, number>> = { head: 13, title: 14 };
const BOLD = ["bold", "head", "title"];
const ALIGN = { start: "left", middle: "center", end: "right" } as const;
const HALO_WIDTH = 4;
/** Which keys to press means nothing in a file. */
const HINT = "sample keys";
const RINGS: Readonly<Record<string, { readonly width: number; readonly alpha: number }>> = {
  selection: { width: 2.5, alpha: 1 },
  halo: { width: 2, alpha: 0.25 },
};

/** The texts and rings of a picture, painted when all are known; the looks are those of picture.css. */
export class LabelList implements Labels {
  readonly #painters: Painter[] = [];

  text(key: string, text: string, x: number, y: number, style: TextStyle = {}): void {
    if (key !== HINT) this.#painters.push((context, theme) => paintText(context, theme, text, x, y, style));
  }

  ring(_key: string, x: number, y: number, width: number, height: number, radius: number, look: string): void {
    this.#painters.push((context, theme) => {
      context.beginPath();
      context.roundRect(x, y, Math.max(0, width), Math.max(0, height), radius);
      const isCode = look === "code";
      context.fillStyle = theme.colors.sunken;
      if (isCode) context.fill();
      const { width: line, alpha } = RINGS[look] ?? { width: isCode ? 1 : 1.5, alpha: 1 };
      context.strokeStyle = isCode ? theme.colors.hair : theme.colors.ink;
      context.lineWidth = line;
      context.globalAlpha = alpha;
      context.stroke();
      context.globalAlpha = 1;
    });
  }

  paint(context: Canvas2d, theme: Theme): void {
    for (const paint of this.#painters) paint(context, theme);
  }
}

/** A text at the place of its baseline; `look` as in picture.css. */
export function paintText(
  context: Canvas2d,
  theme: Theme,
  text: string,
  x: number,
  y: number,
  { anchor = "start", look = "" }: TextStyle,
): void {
  if (text === "") return;
  const looks = look.split(" ");
  const size = Math.max(12, ...looks.map((name) => SIZES[name] ?? 0));
  const family = looks.includes("mono") ? "monospace" : theme.fontFamily;
  context.font = `${looks.some((name) => BOLD.includes(name)) ? 600 : 400} ${size}px ${family}`;
  context.textAlign = ALIGN[anchor];
  if (looks.includes("haloed")) {
    context.strokeStyle = theme.colors.surface;
    context.lineWidth = HALO_WIDTH;
    context.lineJoin = "round";
    context.strokeText(text, x, y);
    context.lineJoin = "miter";
  }
  context.fillStyle = colorOf(looks, theme);
  context.fillText(text, x, y);
}

function colorOf(looks: readonly string[], theme: Theme): string {
  if (looks.includes("ok")) return toneColors(theme.name).ok.text;
  if (looks.includes("err")) return theme.colors.err;
  if (looks.includes("on-light")) return "#1a1d21";
  if (looks.includes("on-dark")) return "#fff";
  return looks.includes("muted") ? theme.colors["ink-2"] : theme.colors.ink;
}
