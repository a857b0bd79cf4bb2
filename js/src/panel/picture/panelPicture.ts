import { escapeXml } from "../../lib/escapeXml.ts";
import { boxOf } from "../../lib/pagePx.ts";
import { copyFigure, pixelsOf } from "./copyFigure.ts";
import { htmlPieces } from "./htmlPieces.ts";
import type { Piece } from "./piece.ts";

export interface PanelPicture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Not the help, which is a control. */
const PARTS = ".widget-html:not(.nnvis-help), .bqplot > svg, .widget-image";
const PADDING = 16;
/** Where controls lie between the parts, no more than this is left of their place. */
const WIDEST_GAP = 12;

/** What a panel shows, without its controls, as one SVG: its texts, legends and pictures where they are on the page. */
export async function panelPicture(panel: HTMLElement, title: string, words: string): Promise<PanelPicture> {
  const left = boxOf(panel).left;
  const parts = [...panel.querySelectorAll(PARTS)].filter((part) => part.getClientRects().length > 0);
  // all are measured before the first is waited for: the page may scroll meanwhile
  const pieces = (await Promise.all(parts.map((part) => piecesOf(part, left)))).flat();
  const placed = closeGaps(pieces);
  const width = Math.ceil(Math.max(...pieces.map(({ right }) => right - left), 0) + PADDING);
  const height = Math.ceil(Math.max(...placed.map(({ piece, top }) => top + piece.bottom - piece.top), 0) + PADDING);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title><desc>${escapeXml(words)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${groundOf(panel)}"/>`,
    ...placed.map(({ piece, top }) => piece.at(top)),
    "</svg>\n",
  ].join("");
  return { svg, width, height };
}

async function piecesOf(part: Element, left: number): Promise<Piece[]> {
  if (part instanceof SVGSVGElement) return [await figurePiece(part, left)];
  if (part instanceof HTMLImageElement) return [await imagePiece(part, left)];
  return htmlPieces(part, left);
}

async function figurePiece(figure: SVGSVGElement, left: number): Promise<Piece> {
  const { top, bottom, right, left: x, width, height } = boxOf(figure);
  const copy = await copyFigure(figure);
  const set = (attributes: Readonly<Record<string, number>>) => {
    for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, String(value));
  };
  set({ x: x - left, width, height });
  return {
    top,
    bottom,
    right,
    at(y) {
      set({ y });
      return new XMLSerializer().serializeToString(copy);
    },
  };
}

async function imagePiece(image: HTMLImageElement, left: number): Promise<Piece> {
  const { top, bottom, right, left: x, width, height } = boxOf(image);
  const href = await pixelsOf(image.src, image.ownerDocument);
  const look = `style="image-rendering:${getComputedStyle(image).imageRendering}" preserveAspectRatio="none"`;
  const place = `x="${x - left}" width="${width}" height="${height}"`;
  return { top, bottom, right, at: (y) => `<image ${place} y="${y}" ${look} href="${href}"/>` };
}

/** From top to bottom as on the page, without the rows in which there is nothing. */
function closeGaps(pieces: readonly Piece[]): { readonly piece: Piece; readonly top: number }[] {
  // a stable sort: what lies behind at the same height stays behind
  const inOrder = [...pieces].sort((a, b) => a.top - b.top);
  let end = inOrder[0]?.top ?? 0;
  let shift = PADDING - end;
  return inOrder.map((piece) => {
    shift -= Math.max(0, piece.top - end - WIDEST_GAP);
    end = Math.max(end, piece.bottom);
    return { piece, top: piece.top + shift };
  });
}

/** The colour behind an element: its own, or that of the first around it that has one. */
function groundOf(element: Element | null): string {
  for (let each = element; each !== null; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (backgroundColor !== "rgba(0, 0, 0, 0)" && backgroundColor !== "transparent") return backgroundColor;
  }
  return "white";
}
