import { kernelOfMaps } from "./mapShape.ts";
import { isBeside } from "./readNodes.ts";
import type { Column, SceneLink } from "./scene.ts";

/** A line from each source to each target; where a column lies in the way it goes below the row. */
export function linkColumns(columns: readonly Column[], lowestY: number): SceneLink[] {
  const indexOf = new Map(columns.map((column, index) => [column.node.id, index]));
  const links: SceneLink[] = [];
  let detours = 0;
  columns.forEach((target, t) => {
    for (const id of target.node.sources) {
      const s = indexOf.get(id);
      const source = s === undefined ? undefined : columns[s];
      if (s === undefined || source === undefined || source.node.rank >= target.node.rank) continue;
      const between = columns.filter(
        (column) => column.node.rank > source.node.rank && column.node.rank < target.node.rank,
      );
      const isBlocked = between.some((column) => liesBetween(column, source, target));
      const foot = Math.max(...between.map((column) => column.box.y + column.box.height));
      const isOfMaps = kernelOfMaps(target.node) && (source.kind === "maps" || source.kind === "image");
      const hasKernel =
        (target.node.kind === "dense" || isOfMaps) && target.node.sources.length === 1 && !isBeside(source.node);
      const detourY = isBlocked ? Math.min(lowestY, foot + 28) - 4 * (detours++ % 3) : null;
      links.push({ source: s, target: t, hasKernel, detourY });
    }
  });
  return links;
}

function liesBetween(column: Column, source: Column, target: Column): boolean {
  const top = Math.min(middle(source), middle(target)) - 8;
  const bottom = Math.max(middle(source), middle(target)) + 8;
  return column.box.y < bottom && column.box.y + column.box.height > top;
}

export function middle(column: Column): number {
  return column.box.y + column.box.height / 2;
}
