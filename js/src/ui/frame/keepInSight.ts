import type { Place } from "../../interact/keyboard.ts";
import type { Picture } from "../../interact/picture.ts";

const MARGIN = 24;

/** Brings a unit or a layer into view: within the picture, and of a picture that is higher than its room. */
export function keepInSight(picture: Picture, stage: HTMLElement, place: Place): void {
  picture.reveal(place);
  const box = picture.boxOf(place);
  if (box === null || stage.scrollHeight <= stage.clientHeight) return;
  const [top, bottom] = [box.y - MARGIN, box.y + box.height + MARGIN];
  if (top < stage.scrollTop || bottom - top > stage.clientHeight) stage.scrollTop = top;
  else if (bottom > stage.scrollTop + stage.clientHeight) stage.scrollTop = bottom - stage.clientHeight;
}
