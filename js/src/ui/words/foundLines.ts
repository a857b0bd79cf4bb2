import type { Frame } from "../../core/frame.ts";
import { foundAt } from "../../draw/read/found.ts";
import { foundText, leftText } from "./foundText.ts";

/** A sentence for each cause that was found, with what follows from it; twin of nnvis_widget/stream/found.py. */
export function foundLines(frame: Frame): string[] {
  const found = foundAt(frame);
  const lines = found.flatMap((cause, at) => {
    if (cause.follows) return [];
    const next = found.findIndex(({ follows }, place) => place > at && !follows);
    const chain = found.slice(at, next < 0 ? undefined : next).map(({ title }) => title);
    return [foundText(cause, frame.clock, chain.join(" → "))];
  });
  return [...lines, ...leftText(found)];
}
