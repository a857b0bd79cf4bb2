import { whenAborted } from "../lib/listen.ts";
import { listenTo, readCount } from "./listenTo.ts";
import type { PanelModel } from "./panelModel.ts";

const AGAIN_MS = 5000;

/**
 * Tells that the panel has a place on a page, and answers every drawing once it has been painted, while the panel is
 * seen; returns what to call when that changes.
 *
 * The messages of a drawing come before its number, so what the second animation frame after the number finds is
 * painted. A page that is hidden or frozen has no animation frames: it answers when it has some again. What it shows it
 * says again every five seconds: a drawing that was lost on the way is sent anew.
 */
export function answerDrawings(model: PanelModel, page: string, signal: AbortSignal): (isSeen: boolean) => void {
  let isSeen = false;
  let isPainting = false;

  const paint = () => {
    if (!isSeen || isPainting) return;
    isPainting = true;
    const sent = readCount(model, "sent");
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        isPainting = false;
        if (!isSeen) return;
        if (sent > 0) send(model, { kind: "taken", page, taken: sent });
        if (readCount(model, "sent") !== sent) paint();
      }),
    );
  };

  send(model, { kind: "attached", page });
  listenTo(model, "sent", paint, signal);
  const again = setInterval(paint, AGAIN_MS);
  whenAborted(signal, () => clearInterval(again));
  return (isSeenNow) => {
    isSeen = isSeenNow;
    if (isSeen) paint();
    else send(model, { kind: "hidden", page });
  };
}

function send(model: PanelModel, content: unknown): void {
  try {
    model.send(content);
  } catch {
    // The kernel has gone, and nobody waits for an answer.
  }
}
