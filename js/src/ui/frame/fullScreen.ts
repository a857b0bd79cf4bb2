import { say } from "../../lib/say.ts";
import type { MenuItem } from "../kit/menu.ts";

/** The entry of the menu that gives the view, or the dashboard around it, the whole screen; `null` where it cannot. */
export function fullScreenItem(root: HTMLElement): MenuItem | null {
  const page = root.ownerDocument;
  if (page.fullscreenEnabled !== true) return null;
  const whole = root.closest<HTMLElement>(".nnvis-dashboard") ?? root;
  const isFull = page.fullscreenElement === whole;
  const run = () => {
    // a refusal, such as in a frame that may not, leaves the view as it is
    (isFull ? page.exitFullscreen() : whole.requestFullscreen()).catch(() => {});
  };
  return { id: "screen", text: say("fullScreen"), isChecked: isFull, run };
}
