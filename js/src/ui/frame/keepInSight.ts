import type { Place } from "../../interact/keyboard.ts";
import type { Picture } from "../../interact/picture.ts";
import { scrollersAround } from "../../lib/scrollers.ts";

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

/** What a choice in this view has opened below the picture is brought above the timeline, as far as the picture stays. */
export function showBelow(root: HTMLElement, stage: HTMLElement, below: HTMLElement, timeline: HTMLElement): void {
  const [own, above] = [below.getBoundingClientRect(), stage.getBoundingClientRect()];
  const isHere = root.matches(":hover") || root.contains(document.activeElement);
  if (!isHere || own.height === 0 || own.top < above.bottom - 1) return;
  const [frame] = scrollersAround(root);
  const box = frame?.getBoundingClientRect() ?? { top: 0, bottom: globalThis.innerHeight };
  const edge = Math.min(box.bottom, globalThis.innerHeight) - timeline.getBoundingClientRect().height;
  const top = Math.min(own.bottom - edge, above.top - box.top);
  if (top > 0) (frame ?? globalThis.window).scrollBy({ top });
}
