import type { Scenery } from "../core/frame.ts";
import { gridShape, isSequence } from "./mapShape.ts";
import type { NetworkNode } from "./readNodes.ts";

/** Height and width of the picture an input is shown as, of a sequence its channels and steps; or null. */
export function imageSize(node: NetworkNode, scenery: Scenery | null): readonly [number, number] | null {
  if (node.kind !== "input") return null;
  const [layer] = node.layers;
  if (layer?.channels) {
    const [rows, columns, channels] = gridShape(layer) ?? [0, 0, 0];
    const size = [isSequence(layer) ? channels : rows, columns] as const;
    return size[0] * size[1] > 1 ? size : null;
  }
  const [rows, columns] = node.shape;
  if (node.shape.length >= 2 && node.shape.length <= 3 && rows && columns && rows > 1 && columns > 1) {
    return [rows, columns];
  }
  const known = scenery?.imageShape ?? null;
  return known !== null && node.units % (known[0] * known[1]) === 0 && node.units > 0 ? known : null;
}
