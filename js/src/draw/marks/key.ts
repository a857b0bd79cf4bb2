import { keyOf, say } from "../../lib/say.ts";
import type { ViewValues } from "../../store/viewState.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Canvas2d } from "../canvas/canvas2d.ts";
import { paintGauge } from "./shapes.ts";

/** A part of a tile that is explained where it is drawn. */
export type KeyItem = "tile" | "bar" | "bias";

export const KEY_TITLE = say("readingNeuron");
export const KEY_ICON_PX = 16;

export function keyText(item: KeyItem, units: ViewValues["units"]): string {
  if (item === "bar") return say("keyBar");
  if (item === "bias") return say("keyBias");
  return say(units === "field" ? keyOf("keyTileField") : keyOf("keyTileSample"));
}

/** One part of a neuron, 16 px in square. */
export function paintKeyIcon(images: Canvas2d, theme: Theme, item: KeyItem, left: number, top: number): void {
  const { value } = theme.ramps;
  if (item === "tile") {
    const shade = images.createLinearGradient(left, top, left + KEY_ICON_PX, top + KEY_ICON_PX / 2);
    for (let i = 0; i <= 8; i++) shade.addColorStop(i / 8, value.at(i / 8));
    images.fillStyle = shade;
    images.fillRect(left, top, KEY_ICON_PX, KEY_ICON_PX);
    return;
  }
  if (item === "bar") {
    paintGauge({ images, theme }, left + 5, top, KEY_ICON_PX, 0.75, value.signed(0.8));
    return;
  }
  images.beginPath();
  images.arc(left + KEY_ICON_PX / 2, top + KEY_ICON_PX / 2, 5.5, 0, 2 * Math.PI);
  images.fillStyle = value.signed(0.6);
  images.fill();
  images.globalAlpha = 0.7;
  images.lineWidth = 1.2;
  images.strokeStyle = theme.colors.ink;
  images.stroke();
  images.globalAlpha = 1;
}
