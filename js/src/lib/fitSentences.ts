import { capital } from "./capital.ts";
import { fitText, type Measure } from "./fitText.ts";
import { say } from "./say.ts";

/**
 * As many whole sentences as there is room for. Where not even the first fits, what is drawn is more telling than how
 * much there is, so it begins there.
 */
export function fitSentences(text: string, room: number, measure: Measure): string {
  let shown = "";
  for (const sentence of text.split(/(?<=\.) |(?<=。)/)) {
    const longer = shown === "" ? sentence : `${shown}${say("gap")}${sentence}`;
    if (shown !== "" && measure(longer) > room) break;
    shown = longer;
  }
  const place = measure(shown) > room ? shown.indexOf(say("drawnAs")) : -1;
  return fitText(place < 0 ? shown : capital(shown.slice(place)), room, measure);
}
