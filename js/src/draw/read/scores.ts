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
  /** Means over its queries, by name; see nnvis_widget/reduce/head_habits.py. */
  readonly habits: Readonly<Record<string, unknown>>;
}

/** What a frame has of a head; `null` where it is of another one. */
export function readScores(frame: Frame, node: NetworkNode, head: number): ScoreReading | null {
  const attention = node.layers[0]?.attention;
  const section = frame.section("scores", node.id);
  const [rows = 0, columns = 0] = section?.shape ?? [];
  if (attention == null || section === undefined || section.attributes.unit !== head || rows * columns === 0)
    return null;
  const isWhole = attention.block.every((size) => size === 1);
  return { rows, columns, values: section.values, attention, isWhole, habits: section.attributes };
}

/** All that a row looks at. */
export function rowOf({ values, columns }: ScoreReading, row: number): number[] {
  return Array.from({ length: columns }, (_, column) => at(values, row * columns + column));
}
