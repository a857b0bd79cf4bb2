const LONGEST = 256;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to make visible
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const HALF_PAIR = /[\ud800-\udbff]$/;

/** A name as it may be shown: control and direction characters become visible escapes, at most 256 characters. */
export function safeText(text: string): string {
  const visible = text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return visible.length > LONGEST ? `${visible.slice(0, LONGEST - 1).replace(HALF_PAIR, "")}…` : visible;
}
