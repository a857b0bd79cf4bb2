import { escapeXml } from "../../lib/escapeXml.ts";
import { boxOf, scaleOf } from "../../lib/pagePx.ts";
import type { Piece } from "./piece.ts";

/** What means nothing in a file: how to point and click, and what only a screen reader says. */
const OF_THE_PAGE = ".nnvis-hint, .nnvis-hidden";

/** The lines of text, the colour bars and the keys of lines and areas of some HTML; `left` is where the picture begins. */
export function htmlPieces(root: Element, left: number): Piece[] {
  const pieces: Piece[] = [];
  const walk = (node: Node) => {
    if (node instanceof Text) pieces.push(...textPieces(node, left));
    if (!(node instanceof Element) || node.matches(OF_THE_PAGE) || node instanceof HTMLStyleElement) return;
    const mark = markPiece(node, left);
    if (mark !== null) pieces.push(mark);
    node.childNodes.forEach(walk);
  };
  walk(root);
  return pieces;
}

/** A text as the lines into which the page breaks it. */
function textPieces(node: Text, left: number): Piece[] {
  const around = node.parentElement;
  if (around === null) return [];
  const lines: { text: string; box: DOMRect; right: number }[] = [];
  const range = node.ownerDocument.createRange();
  const scale = scaleOf(around);
  for (const word of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].trimEnd().length);
    const seen = range.getClientRects()[0];
    if (seen === undefined || seen.width === 0) continue;
    const box = new DOMRect(seen.x / scale, seen.y / scale, seen.width / scale, seen.height / scale);
    const line = lines.at(-1);
    if (line !== undefined && Math.abs(line.box.top - box.top) < 2) {
      line.text += word[0];
      line.right = box.right;
    } else lines.push({ text: word[0], box, right: box.right });
  }
  const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(around);
  const look = `fill="${color}" font-family="${escapeXml(fontFamily)}" font-size="${fontSize}" font-weight="${fontWeight}"`;
  const rise = Number.parseFloat(fontSize) * 0.35; // from the middle of a line to the baseline of its digits
  return lines.map(({ text, box, right }) => ({
    top: box.top,
    bottom: box.bottom,
    right,
    at: (top) =>
      `<text x="${px(box.left - left)}" y="${px(top + box.height / 2 + rise)}" ${look}>${escapeXml(text.trimEnd())}</text>`,
  }));
}

/** A bar of colours, or the key of an area or a line. */
function markPiece(element: Element, left: number): Piece | null {
  const { backgroundColor, backgroundImage, borderTopWidth, borderTopStyle, borderTopColor } =
    getComputedStyle(element);
  const { top, bottom, right, left: start, width, height } = boxOf(element);
  const x = px(start - left);
  const stops = stopsOf(backgroundImage);
  if (stops.length > 0) return { top, bottom, right, at: (y) => gradientBar(stops, x, px(y), px(width), px(height)) };
  const thickness = Number.parseFloat(borderTopWidth) || 0;
  if (element.localName !== "i" || thickness === 0) return null;
  const filled = fillOf(backgroundColor);
  if (filled !== null) {
    const look = `width="${px(width)}" height="${px(height)}" ${filled} stroke="${borderTopColor}"`;
    return { top, bottom, right, at: (y) => `<rect x="${x}" y="${px(y)}" ${look}/>` };
  }
  const dash = borderTopStyle === "dashed" ? ` stroke-dasharray="6 4"` : "";
  const look = `fill="none" stroke="${borderTopColor}" stroke-width="${thickness}"${dash}`;
  return { top, bottom, right, at: (y) => `<path d="M${x} ${px(y + thickness / 2)}h${px(width)}" ${look}/>` };
}

/** A computed colour as every reader of SVG knows it: what `color-mix` makes is told by shares of red, green and blue. */
function fillOf(color: string): string | null {
  const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0, opacity = 1] = numbers;
  if (numbers.length < 3 || opacity === 0) return null;
  const whole = color.startsWith("color(") ? 255 : 1;
  return `fill="rgb(${[red, green, blue].map((part) => Math.round(whole * part))})" fill-opacity="${opacity}"`;
}

/** The colours of a computed linear gradient. */
function stopsOf(backgroundImage: string): string[] {
  return backgroundImage.startsWith("linear-gradient(") ? (backgroundImage.match(/rgba?\([^)]*\)/g) ?? []) : [];
}

function gradientBar(colors: readonly string[], x: string, y: string, width: string, height: string): string {
  const stops = colors.map((color, i) => `<stop offset="${px(i / (colors.length - 1))}" stop-color="${color}"/>`);
  const id = `nnvis-ramp-${x}-${y}`;
  const gradient = `<linearGradient id="${id}">${stops.join("")}</linearGradient>`;
  return `${gradient}<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="url(#${id})"/>`;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
