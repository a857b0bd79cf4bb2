import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";

/** `3 · the`, `place 3`, or the places that a square of this size stands for: `places 6–7`. */
export function squareName(square: number, size: number, places: number, words: readonly string[]): string {
  const [from, to] = [square * size, Math.min(places, (square + 1) * size) - 1];
  const word = words[from] ?? "";
  if (from === to) return word === "" ? say("placeNumber", { place: from }) : `${from} · ${safeText(word)}`;
  return say("placesFromTo", { from, to });
}
