import type { CopyPlanes, PictureCopy } from "../draw/copyPicture.ts";
import { encodePng } from "../lib/encodePng.ts";
import { escapeXml } from "../lib/escapeXml.ts";
import type { Theme } from "../theme/theme.ts";
import { LabelList } from "./labelList.ts";
import { layPaper, type PaperTexts } from "./paper.ts";
import { SvgContext } from "./svgContext.ts";

export interface FileContent {
  readonly copy: PictureCopy;
  readonly texts: PaperTexts;
  readonly theme: Theme;
  /** Pixels of raster images per px; in a PNG of everything. */
  readonly scale: number;
  /** The picture in words, for those who cannot see it. */
  readonly description: string;
}

/** The picture as one SVG: no scripts, no references to the outside, texts as text. */
export function paintSvg({ copy, texts, theme, scale, description }: FileContent): string {
  const paper = layPaper(texts, copy.width, copy.height, copy.measure);
  const create = (name: string): SvgContext => new SvgContext(`nnvis-${name}`, theme.fontFamily);
  const [ground, edges, images, front] = [create("paper"), create("edges"), create("images"), create("labels")];
  const labels = new LabelList();
  paper.paint(ground, theme);
  copy.paint({ edges, images, labels }, theme, scale);
  labels.paint(front, theme);
  const size = `width="${copy.width}" height="${paper.height}" viewBox="0 0 ${copy.width} ${paper.height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" xml:space="preserve"`,
    ` font-family="${escapeXml(theme.fontFamily)}" style="font-variant-numeric:tabular-nums">`,
    `<title>${escapeXml(texts.title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    String(ground),
    `<g transform="translate(0 ${paper.top})">`,
    ...[edges, images, front].map((plane) => `<g>${plane}</g>`),
    "</g></svg>\n",
  ].join("\n");
}

/** The same as a PNG of `scale` pixels per px. */
export function paintPng({ copy, texts, theme, scale }: FileContent, page: Document): Promise<Blob> {
  const paper = layPaper(texts, copy.width, copy.height, copy.measure);
  const create = (height: number): CanvasRenderingContext2D => {
    const canvas = page.createElement("canvas");
    canvas.width = Math.round(copy.width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("Expected a browser with a 2-d canvas.");
    context.scale(scale, scale);
    return context;
  };
  const [ground, edges, images] = [create(paper.height), create(copy.height), create(copy.height)];
  const labels = new LabelList();
  const planes: CopyPlanes = { edges, images, labels };
  paper.paint(ground, theme);
  copy.paint(planes, theme, scale);
  ground.translate(0, paper.top);
  for (const { canvas } of [edges, images]) ground.drawImage(canvas, 0, 0, copy.width, copy.height);
  labels.paint(ground, theme);
  return encodePng(ground.canvas);
}
