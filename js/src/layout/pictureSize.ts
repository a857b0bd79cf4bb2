import { imageSize } from "./imageSize.ts";
import type { Column } from "./scene.ts";

/** Rows and columns of what is drawn in a column of pictures. */
export function pictureSize({ node, portY }: Column): readonly [number, number] {
  const [rows, columns] = node.pictures ?? imageSize(node, null) ?? node.shape;
  // A flat input is as many rows as its picture has ports.
  return rows && columns ? [rows, columns] : [portY.length, node.units / Math.max(1, portY.length)];
}
