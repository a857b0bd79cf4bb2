import type { MapMoments } from "../../draw/read/maps.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** What one picture of a layer is in numbers: a map in three, a head of attention in its largest score. */
export function pictureFacts({ kind }: NetworkNode, { least, greatest, mean }: MapMoments): Fact[] {
  if (kind === "heads") return [{ name: say("largestScore"), value: formatNumber(greatest, 3), isBold: true }];
  const write = (value: number) => (least < 0 ? formatSigned(value, 3) : formatNumber(value, 3));
  return [
    { name: say("mapMean"), value: write(mean), isBold: true },
    { name: say("mapLeast"), value: write(least) },
    { name: say("mapGreatest"), value: write(greatest) },
  ];
}
