import { fitText, type Measure } from "./fitText.ts";

const DRAWN_AS = "drawn as ";

/**
 * As many whole sentences as there is room for. Where not even the first fits, what is drawn is more telling than how
 * much there is, so it begins there.
 */
export function fitSentences(text: string, room: number, measure: Measure): string {
  let shown = "";
  for (const sentence of text.split(/(?<=\.) /)) {
    const longer = shown === "" ? sentence : `${shown} ${sentence}`;
    if (shown !== "" && measure(longer) > room) break;
    shown = longer;
  }
  const place = measure(shown) > room ? shown.indexOf(DRAWN_AS) : -1;
  return fitText(place < 0 ? shown : `D${shown.slice(place + 1)}`, room, measure);
}
