import type { Frame } from "../../core/frame.ts";
import { partShares } from "../../draw/read/partShares.ts";
import { partStarts } from "../../layout/mergeParts.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatPercent } from "../../lib/numberFormat.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** What each source of a merge brings: which of its units, and its share of the sizes that come in. */
export function partFacts(node: NetworkNode, frame: Frame): Fact[] {
  const starts = partStarts(node);
  const shares = partShares(node, frame);
  return node.parts.map((part, place) => {
    const start = starts?.[place];
    const told = [
      ...(start === undefined ? [] : [say("unitsFromTo", { first: start, last: start + part.units - 1 })]),
      ...(shares === null ? [] : [say("shareOfSizes", { share: formatPercent(shares[place] ?? Number.NaN) })]),
    ];
    return { name: safeText(part.name), value: told.join(" · ") };
  });
}
