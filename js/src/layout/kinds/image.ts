import { imageSize } from "../imageSize.ts";
import { isSequence } from "../mapShape.ts";
import { LINE, LINE_HEAD, SPECTROGRAM, seriesSize } from "../seriesSize.ts";
import { type ColumnLayout, largeResult, single, wish } from "./columnLayout.ts";

/** Of the width of the view. */
const MOST_SHARE = 0.4;
const STRIP_SHARE = 0.2;
/** The least height of each channel of a sequence. */
const ROW = 14;

/** An input as one picture, or as lines. */
export const image: ColumnLayout = {
  suits: (node, { scenery }) => imageSize(node, scenery) !== null,
  plan(node, context) {
    const [rows, columns] = imageSize(node, context.scenery) ?? [1, 1];
    const { areaHeight, density, viewHeight, viewWidth } = context;
    const ratio = columns / rows;
    const large = largeResult(viewHeight) * ratio;
    const tallest = Math.max(48, areaHeight - 96);
    if (node.layers.some(isSequence)) return wish(viewWidth * STRIP_SHARE, 96);
    const width = Math.min(Math.max(viewWidth * 0.24, large), viewWidth * MOST_SHARE, tallest * ratio);
    return wish(width, Math.min(width, density.hasLargeResult ? large : 64));
  },
  place(node, site) {
    const [rows, columns] = imageSize(node, site.scenery) ?? [1, 1];
    if (seriesSize(node) !== null) {
      const below = site.scenery?.sampleRate == null ? 0 : SPECTROGRAM;
      return single(site, Math.min(rows * (LINE + LINE_HEAD) + below, 0.7 * site.areaHeight), rows);
    }
    const least = node.layers.some(isSequence) ? Math.min(rows * ROW, site.areaHeight / 2) : 0;
    return single(site, Math.max(least, (site.width * rows) / columns), rows);
  },
  isOneThing: true,
  isOnePicture: true,
  hasTitle: true,
  shift: -4,
  hasEvenPorts: true,
};
