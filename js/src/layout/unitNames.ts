import type { Scenery } from "../core/frame.ts";
import { safeText } from "../lib/safeText.ts";
import type { PlanContext } from "./kinds/columnLayout.ts";
import type { NetworkNode } from "./readNodes.ts";

/** `x₁` for an unnamed feature. */
export function featureName(scenery: Scenery | null, feature: number): string {
  const name = scenery?.featureNames[feature];
  if (name !== undefined && name !== "") return safeText(name);
  const subscript = Array.from(String(feature + 1), (digit) => String.fromCharCode(0x2080 + Number(digit))).join("");
  return `x${subscript}`;
}

/** `4 four`; no number where the name already says it. */
export function className(scenery: Scenery | null, index: number): string {
  const name = scenery?.classNames[index];
  if (name === undefined || name === "") return `class ${index}`;
  return new RegExp(`(^|\\D)${index}(\\D|$)`).test(name) ? safeText(name) : `${index} ${safeText(name)}`;
}

/** Room for the names of the features left or right of their units. */
export function widestFeature(node: NetworkNode, context: PlanContext): number {
  let width = 0;
  for (let i = 0; i < node.units; i++) width = Math.max(width, context.measure(featureName(context.scenery, i)));
  return Math.min(width, context.viewWidth < 700 ? 56 : 104) + 10;
}
