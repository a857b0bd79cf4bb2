import type { NetworkNode } from "./readNodes.ts";

/** So many parts of a merge have a row on its card. */
export const MOST_PARTS = 6;

/** Where the units of each part begin, where they stand one behind the other in a flat merge; else null. */
export function partStarts({ parts, shape, units }: NetworkNode): readonly number[] | null {
  if (parts.length < 2 || shape.length !== 1 || parts.some((part) => part.shape.length !== 1)) return null;
  let start = 0;
  const starts = parts.map((part) => {
    start += part.units;
    return start - part.units;
  });
  return start === units ? starts : null;
}

/** Which unit of which part a unit of a merge is; null where that is not told by its place. */
export function unitOfPart(
  node: NetworkNode,
  unit: number,
): { readonly node: NetworkNode; readonly unit: number } | null {
  const starts = partStarts(node);
  if (starts === null) return null;
  const place = starts.findLastIndex((start) => start <= unit);
  const part = node.parts[place];
  return part === undefined ? null : { node: part, unit: unit - (starts[place] ?? 0) };
}
