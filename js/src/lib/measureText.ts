import type { Measure, Weight } from "./fitText.ts";

const CACHE_LIMIT = 4000;
const FONT: Record<Weight, string> = { normal: "400 12px", bold: "600 12px", head: "600 13px" };

/** Text widths in the font of an element, remembered. */
export function createMeasure(element: HTMLElement): Measure {
  const context = element.ownerDocument.createElement("canvas").getContext("2d");
  const family = getComputedStyle(element).fontFamily || "sans-serif";
  const known = new Map<string, number>();
  return (text, weight = "normal") => {
    const key = weight + text;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (context === null) return text.length * 7;
    context.font = `${FONT[weight]} ${family}`;
    const width = context.measureText(text).width;
    if (known.size >= CACHE_LIMIT) known.clear();
    known.set(key, width);
    return width;
  };
}
