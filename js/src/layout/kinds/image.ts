import { clamp } from "../../lib/numbers.ts";
import { imageSize } from "../imageSize.ts";
import { type ColumnLayout, single, wish } from "./columnLayout.ts";

/** An input as one picture. */
export const image: ColumnLayout = {
  suits: (node, { scenery }) => imageSize(node, scenery) !== null,
  plan(node, context) {
    const [rows, columns] = imageSize(node, context.scenery) ?? [1, 1];
    const tallest = Math.max(48, context.areaHeight - 96);
    const width = Math.min(clamp(context.viewWidth * 0.24, 96, 300), (tallest * columns) / rows);
    return wish(width, Math.min(width, context.density.hasLargeResult ? 88 : 64));
  },
  place(node, site) {
    const [rows, columns] = imageSize(node, site.scenery) ?? [1, 1];
    return single(site, (site.width * rows) / columns, rows);
  },
  isOneThing: true,
  isOnePicture: true,
  hasTitle: true,
  shift: -4,
  hasEvenPorts: true,
};
