import type { Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";
import { sectionOfNode } from "./sections.ts";

/** How much of the sizes that come into a merge each of its parts brings, for the sample; null where one is not known. */
export function partShares({ parts }: NetworkNode, frame: Frame | null): readonly number[] | null {
  if (frame === null || parts.length < 2) return null;
  const sizes = parts.map((part) => {
    const values = sectionOfNode(frame, part, "activation")?.values;
    let size = values === undefined ? Number.NaN : 0;
    for (let i = 0; i < (values?.length ?? 0); i++) size += Math.abs(at(values ?? [], i));
    return size;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total > 0 && Number.isFinite(total) ? sizes.map((size) => size / total) : null;
}
