import { TILE_UNITS } from "../core/limits.ts";
import { imageSize } from "./imageSize.ts";
import type { PlanContext } from "./kinds/columnLayout.ts";
import { hasRoomForTiles } from "./kinds/tiles.ts";
import type { NetworkNode } from "./readNodes.ts";
import type { ColumnKind } from "./scene.ts";

function kindOfUnits(node: NetworkNode, context: PlanContext): ColumnKind {
  const count = node.units;
  const area = context.areaHeight;
  const hasPlane = context.scenery?.extent != null;
  if (count <= TILE_UNITS) {
    if (hasPlane && hasRoomForTiles(node, area)) return "tiles";
    if (area / count >= 18) return "cells";
  }
  if (count <= 128 && area / count >= 5) return "strip";
  return count <= 1024 ? "grid" : "bins";
}

/** How a node is drawn, by what it is and how much room there is. */
export function planKind(node: NetworkNode, context: PlanContext): ColumnKind {
  if (node.kind === "card" || node.kind === "merge") return "card";
  if (imageSize(node, context.scenery) !== null) return "image";
  if (node.isOutput && context.hasPrediction) return "prediction";
  if (node.isOutput && node.kind === "dense" && context.areaHeight / node.units >= 18) return "rows";
  return kindOfUnits(node, context);
}
