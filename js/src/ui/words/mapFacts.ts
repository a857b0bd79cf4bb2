import type { MapMoments } from "../../draw/read/maps.ts";
import { formatNumber, formatSigned } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** What a map is in three numbers. */
export function mapFacts({ least, greatest, mean }: MapMoments): Fact[] {
  const write = (value: number) => (least < 0 ? formatSigned(value, 3) : formatNumber(value, 3));
  return [
    { name: say("mapMean"), value: write(mean), isBold: true },
    { name: say("mapLeast"), value: write(least) },
    { name: say("mapGreatest"), value: write(greatest) },
  ];
}
