import type { EdgeQuantity, Frame } from "../../core/frame.ts";
import type { NetworkNode } from "../../layout/readNodes.ts";
import { at } from "../../lib/numbers.ts";
import { sectionOfNode } from "./sections.ts";

/** A number for a pair: from map to map, or from a map to a unit. */
export interface MapLink {
  readonly source: number;
  readonly target: number;
  readonly value: number;
}

/** Whether what joins two layers is drawn as one number a pair. */
export function areJoinedByMaps(source: NetworkNode, target: NetworkNode): boolean {
  return source.kind === "maps" || target.kind === "maps";
}

/** The pairs that are drawn, without those for all others together; `null` where the frame has none. */
export function mapLinks(
  frame: Frame,
  source: NetworkNode,
  target: NetworkNode,
  quantity: EdgeQuantity,
): readonly MapLink[] | null {
  const section = frame.section("map_link", target.id, quantity);
  const [rows = 0, columns = 0] = section?.shape ?? [];
  if (section === undefined || section.values.length !== rows * columns) return null;
  const [from, to] = [drawnOf(frame, source, rows), drawnOf(frame, target, columns)];
  const pairs = from.flatMap((own, row) =>
    to.map((other, column) => ({ source: own, target: other, value: at(section.values, row * columns + column) })),
  );
  return section.attributes.measure === "norm" ? pairs.filter(({ value }) => !(value < 0)) : pairs;
}

function drawnOf(frame: Frame, node: NetworkNode, count: number): readonly number[] {
  const index = node.kind === "maps" ? sectionOfNode(frame, node, "map_index") : undefined;
  return index === undefined ? Array.from({ length: count }, (_, unit) => unit) : Array.from(index.values);
}
