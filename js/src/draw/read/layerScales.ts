import { formatScaleEnd } from "../../lib/numberFormat.ts";
import type { EdgeReading } from "./readEdges.ts";
import type { Reading } from "./reading.ts";

/** The edges whose scale is written beside their layer, because the scales of the picture differ: by place of the link. */
export function layerScales({ edges }: Reading): ReadonlyMap<number, EdgeReading> {
  const found = new Map<number, EdgeReading>();
  for (const kind of ["strokes", "bundles", "norm", "sum"]) {
    const alike = [...edges.entries()].flatMap(([link, edge]) => {
      return edge !== null && scaleKind(edge) === kind && edge.scale > 0 ? [[link, edge] as const] : [];
    });
    if (new Set(alike.map(([, { scale }]) => formatScaleEnd(scale))).size < 2) continue;
    for (const [link, edge] of alike) found.set(link, edge);
  }
  return found;
}

/** Scales of one kind are compared with each other. */
export function scaleKind({ set, measure }: EdgeReading): string {
  return measure === "each" ? (set.isBundled ? "bundles" : "strokes") : measure;
}
