import { fitText, type Measure } from "./fitText.ts";

/** Breaks a text between its words into lines of a width; a word that is wider is shortened. */
export function wrapText(text: string, widthPx: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (measure(longer) <= widthPx) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = fitText(word, widthPx, measure);
  }
  return line === "" ? lines : [...lines, line];
}
