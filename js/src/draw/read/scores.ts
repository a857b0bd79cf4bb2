import type { Frame } from "../../core/frame.ts";
import type { Attention } from "../../core/graph.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";

/** The scores of one head: a row for each query, or block of queries. */
export interface ScoreReading {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  readonly attention: Attention;
  /** Every place has a row and a column of its own, so that a row is all that a place looks at. */
  readonly isWhole: boolean;
}

/** What a frame has of a head; `null` where it is of another one. */
export function readScores(frame: Frame, node: NetworkNode, head: number): ScoreReading | null {
  const attention = node.layers[0]?.attention;
  const section = frame.section("scores", node.id);
  const [rows = 0, columns = 0] = section?.shape ?? [];
  if (attention == null || section === undefined || section.attributes.unit !== head || rows * columns === 0)
    return null;
  return { rows, columns, values: section.values, attention, isWhole: attention.block.every((size) => size === 1) };
}

/** All that a row looks at. */
export function rowOf({ values, columns }: ScoreReading, row: number): number[] {
  return Array.from({ length: columns }, (_, column) => at(values, row * columns + column));
}

/** How a head looks on the whole; each of the shares is a mean over its queries. */
export interface HeadHabits {
  /** Bits; evenly over n places it would be log₂ n. */
  readonly entropy: number;
  readonly onItself: number | null;
  readonly oneBack: number | null;
  readonly onFirst: number;
}

/** `null` where a picture's squares stand for several places. */
export function habitsOf(scores: ScoreReading): HeadHabits | null {
  if (!scores.isWhole) return null;
  const { rows, columns, values } = scores;
  const mean = (first: number, part: (row: number) => number): number => {
    let sum = 0;
    for (let row = first; row < rows; row++) sum += part(row);
    return sum / (rows - first);
  };
  const isSelf = rows === columns;
  const bits = (share: number): number => (share > 0 ? -share * Math.log2(share) : share === 0 ? 0 : Number.NaN);
  return {
    entropy: mean(0, (row) => rowOf(scores, row).reduce((sum, share) => sum + bits(share), 0)),
    onItself: isSelf ? mean(0, (row) => at(values, row * columns + row)) : null,
    oneBack: isSelf && rows > 1 ? mean(1, (row) => at(values, row * columns + row - 1)) : null,
    onFirst: mean(0, (row) => at(values, row * columns)),
  };
}
