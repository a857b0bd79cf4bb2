import { createPixelPicture, type PixelPicture } from "../charts/pixelPicture.ts";
import { el } from "../kit/dom.ts";

export interface Captioned {
  readonly element: HTMLElement;
  readonly picture: PixelPicture;
}

/** A picture under its name. */
export function createCaptioned(name: string): Captioned {
  const picture = createPixelPicture();
  return { element: el("figure", {}, el("figcaption", {}, name), picture.element), picture };
}
