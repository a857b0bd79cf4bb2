import { habitsOf, type ScoreReading } from "../../draw/read/scores.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** Where the places of a head look on the mean; nothing where only the largest scores of blocks are known. */
export function headFacts(scores: ScoreReading): Fact[] {
  const habits = habitsOf(scores);
  if (habits === null) return [];
  const shares: readonly (readonly [string, number | null])[] = [
    [say("onItself"), habits.onItself],
    [say("oneBack"), habits.oneBack],
    [say("onFirst"), habits.onFirst],
  ];
  const known = shares.flatMap(([name, share]) => (share === null ? [] : [{ name, value: formatNumber(share, 3) }]));
  const bits = { bits: formatNumber(habits.entropy, 2), most: formatNumber(Math.log2(scores.columns), 2) };
  return [...known, { name: say("entropy"), value: say("bitsOf", bits) }];
}
