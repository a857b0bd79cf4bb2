import type { ScoreReading } from "../../draw/read/scores.ts";
import { formatNumber } from "../../lib/numberFormat.ts";
import { say } from "../../lib/say.ts";
import type { Fact } from "../kit/facts.ts";

/** Where the places of a head look on the mean, as far as that is known. */
export function headFacts({ habits, columns }: ScoreReading): Fact[] {
  const facts = (name: string, key: string, write: (value: number) => string): Fact[] => {
    const value = habits[key];
    return typeof value === "number" ? [{ name, value: write(value) }] : [];
  };
  const share = (value: number): string => formatNumber(value, 3);
  const most = formatNumber(Math.log2(columns), 2);
  return [
    ...facts(say("onItself"), "on_itself", share),
    ...facts(say("oneBack"), "one_back", share),
    ...facts(say("onFirst"), "on_first", share),
    ...facts(say("entropy"), "entropy", (bits) => say("bitsOf", { bits: formatNumber(bits, 2), most })),
  ];
}
