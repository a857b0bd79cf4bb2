const LONGEST = 256;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to make visible
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const ISOLATE = "\u2068";
const END_ISOLATE = "\u2069";

/**
 * A name as it may be shown: control and direction characters become visible escapes, at most 256 characters. A name
 * that runs from right to left is isolated, so that it does not turn what is written beside it.
 */
export function safeText(text: string): string {
  const visible = text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const characters = visible.length > LONGEST ? Array.from(visible) : [];
  const short = characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : visible;
  return RIGHT_TO_LEFT.test(short) ? `${ISOLATE}${short}${END_ISOLATE}` : short;
}
