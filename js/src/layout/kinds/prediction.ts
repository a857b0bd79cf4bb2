import { clamp } from "../../lib/numbers.ts";
import { featureName } from "../unitNames.ts";
import { type ColumnLayout, LARGE, largeResult, type PlanContext, wish } from "./columnLayout.ts";

/** Of the height of the picture, where the width allows it. */
const WISH_SHARE = 0.57;
const WIDEST = 560;

/** With less at the right of the plane its ticks are left out there. */
export const LEAST_AXIS_ROOM = 28;

/** Right of the plane: its ticks, and the names of its axes at the corners. */
function axisRoom({ scenery, measure }: PlanContext): number {
  return clamp(Math.max(measure(featureName(scenery, 0)), measure(featureName(scenery, 1))) + 4, LEAST_AXIS_ROOM, 72);
}

/** The output over the plane of the inputs. */
export const prediction: ColumnLayout = {
  suits: ({ isOutput }, { hasPrediction }) => isOutput && hasPrediction,
  plan(_, context) {
    const { areaHeight, columnCount, density, viewHeight, viewWidth } = context;
    const part = columnCount <= 2 ? 0.42 : columnCount === 3 ? 0.34 : 0.275;
    const high = Math.max(areaHeight - 76, Math.min(LARGE, areaHeight - 56)); // nearer to its title where it would be small
    const tallest = Math.max(Math.min(100, areaHeight - 18), high, 60);
    const width = Math.min(clamp(Math.max(viewWidth * part, viewHeight * WISH_SHARE), LARGE, WIDEST), tallest);
    const least = density.hasLargeResult ? largeResult(viewHeight) : 88;
    return wish(width, Math.min(width, least), 0, density.hasLargeResult ? axisRoom(context) : 0);
  },
  place({ units }, { x, width, centerY }) {
    const box = { x, y: centerY - width / 2, width, height: width };
    const portY = new Float32Array(units);
    const pitch = Math.min(44, (box.height * 0.7) / units);
    const middle = box.y + box.height / 2;
    for (let i = 0; i < units; i++) portY[i] = middle + (i - (units - 1) / 2) * pitch;
    const unitBoxes = new Float32Array(units * 4);
    for (let i = 0; i < units; i++) unitBoxes.set([box.x, box.y, box.width, box.height], i * 4);
    return { box, unitBoxes, unitCount: units, portY, portSpread: Math.min(36, pitch * 0.8) };
  },
  isOnePicture: true,
  hasTitle: true,
  shift: -6,
};
