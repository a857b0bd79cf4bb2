import { encodePng } from "../../lib/encodePng.ts";
import type { PanelPicture } from "./panelPicture.ts";

/** An SVG that needs nothing of the page as a PNG of `scale` pixels per px. */
export async function paintPng({ svg, width, height }: PanelPicture, scale: number, page: Document): Promise<Blob> {
  const image = page.createElement("img");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = page.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return encodePng(canvas);
}
