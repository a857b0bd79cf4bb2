import { formatScaleEnd } from "../../lib/numberFormat.ts";
import type { EdgeReading } from "./readEdges.ts";
import type { Reading } from "./reading.ts";

/** The edges whose scale is written beside their layer, because the scales of the picture differ: by place of the link. */
export function layerScales({ edges }: Reading): ReadonlyMap<number, EdgeReading> {
  const found = new Map<number, EdgeReading>();
  for (const isBundled of [false, true]) {
    const alike = [...edges.entries()].flatMap(([link, edge]) => {
      return edge !== null && edge.set.isBundled === isBundled && edge.scale > 0 ? [[link, edge] as const] : [];
    });
    if (new Set(alike.map(([, { scale }]) => formatScaleEnd(scale))).size < 2) continue;
    for (const [link, edge] of alike) found.set(link, edge);
  }
  return found;
}
