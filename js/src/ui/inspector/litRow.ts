import type { NetworkNode } from "../../layout/readNodes.ts";
import type { Hover } from "../../store/viewState.ts";
import type { UnitReading } from "../words/readUnit.ts";

/** The input of a unit whose edge, or which itself, is pointed at anywhere in the view. */
export function litInput(hover: Hover | null, { node, unit, source }: UnitReading): number | null {
  if (hover === null || source?.kind === "maps") return null;
  if (hover.source !== undefined) return isOf(node, hover.layer) && hover.unit === unit ? hover.source : null;
  return isOf(source, hover.layer) ? hover.unit : null;
}

/** The unit of the next layer whose edge from this unit, or which itself, is pointed at. */
export function litTarget(hover: Hover | null, { node, unit, next }: UnitReading): number | null {
  if (hover === null || next === null || !isOf(next.node, hover.layer)) return null;
  if (hover.source === undefined) return hover.unit;
  return isOf(node, hover.sourceLayer) && hover.source === unit ? hover.unit : null;
}

function isOf(node: NetworkNode | null, layer: string | undefined): boolean {
  return node?.layers.some((own) => own.id === layer) ?? false;
}
