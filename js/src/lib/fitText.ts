export type Weight = "normal" | "bold" | "head";
export type Measure = (text: string, weight?: Weight) => number;

/** Shortens a text to a width: first drops leading clauses (`a · b` → `b`), then cuts the end with an ellipsis. */
export function fitText(text: string, widthPx: number, measure: Measure, weight: Weight = "normal"): string {
  if (measure(text, weight) <= widthPx) return text;
  let rest = text;
  for (let cut = rest.indexOf(" · "); cut >= 0; cut = rest.indexOf(" · ")) {
    rest = rest.slice(cut + 3);
    if (measure(rest, weight) <= widthPx) return rest;
  }
  const characters = Array.from(rest);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${characters.slice(0, middle).join("")}…`, weight) <= widthPx) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${characters.slice(0, low).join("").trimEnd()}…`;
}

const KEPT_END = 3;

/** Shortens a name in its middle, so that `dense_1` and `dense_2` stay apart. */
export function fitName(name: string, widthPx: number, measure: Measure, weight: Weight = "normal"): string {
  if (measure(name, weight) <= widthPx) return name;
  const characters = Array.from(name);
  const end = characters.slice(-KEPT_END).join("");
  for (let kept = characters.length - KEPT_END - 1; kept > 0; kept--) {
    const text = `${characters.slice(0, kept).join("")}…${end}`;
    if (measure(text, weight) <= widthPx) return text;
  }
  return fitText(name, widthPx, measure, weight);
}
