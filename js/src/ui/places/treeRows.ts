import type { Selection } from "../../core/frame.ts";
import { type NetworkNode, nodeOfLayer } from "../../layout/readNodes.ts";

/** One line of the tree: a layer, or a unit of a layer that is open. */
export interface TreeRow {
  readonly node: NetworkNode;
  /** `null` for the layer itself. */
  readonly unit: number | null;
  readonly level: 1 | 2;
  /** Counted from 1. */
  readonly place: number;
  readonly size: number;
  /** `null` where there is nothing to open. */
  readonly isOpen: boolean | null;
}

export const MOST_ROWS = 50;

/** The same for the same layer or unit, whatever else is mounted. */
export function rowKey({ node, unit }: TreeRow): string {
  return `${node.id} ${unit ?? ""}`;
}

/** The line of a unit; of its layer where that has no units, or not this one. */
export function rowOf(rows: readonly TreeRow[], place: Selection | null): TreeRow | undefined {
  const own = rows.filter(({ node }) => node.layers.some((layer) => layer.id === place?.layer));
  return own.find((row) => row.unit === place?.unit) ?? own[0];
}

/**
 * The lines around a place, at most fifty: all layers and units of a small model; else the layers near that of the
 * place, which alone is open.
 */
export function treeRows(nodes: readonly NetworkNode[], place: Selection | null): TreeRow[] {
  const total = nodes.reduce((sum, node) => sum + 1 + node.units, 0);
  const chosen = place === null ? undefined : nodeOfLayer(nodes, place.layer);
  const isOpen = (node: NetworkNode) => node.units > 0 && (total <= MOST_ROWS || node === chosen);
  const openUnits = total <= MOST_ROWS ? 0 : Math.min(chosen?.units ?? 0, MOST_ROWS / 2);
  const layers = windowAround(nodes.length, chosen === undefined ? 0 : nodes.indexOf(chosen), MOST_ROWS - openUnits);
  const rows: TreeRow[] = [];
  for (const at of layers) {
    const node = nodes[at];
    if (node === undefined) continue;
    rows.push({
      node,
      unit: null,
      level: 1,
      place: at + 1,
      size: nodes.length,
      isOpen: node.units > 0 ? isOpen(node) : null,
    });
    if (!isOpen(node)) continue;
    const most = total <= MOST_ROWS ? node.units : openUnits;
    for (const unit of windowAround(node.units, node === chosen ? (place?.unit ?? 0) : 0, most)) {
      rows.push({ node, unit, level: 2, place: unit + 1, size: node.units, isOpen: null });
    }
  }
  return rows;
}

/** At most `most` neighbouring places of `count`, with `middle` among them. */
function windowAround(count: number, middle: number, most: number): number[] {
  const length = Math.min(count, most);
  const start = Math.max(0, Math.min(count - length, middle - Math.floor(length / 2)));
  return Array.from({ length }, (_, i) => start + i);
}
