import type { Scenery } from "../core/frame.ts";
import { safeText } from "../lib/safeText.ts";
import { keyOf, say } from "../lib/say.ts";
import type { PlanContext } from "./kinds/columnLayout.ts";
import type { NetworkNode } from "./readNodes.ts";

/** `x₁` for an unnamed feature. */
export function featureName(scenery: Scenery | null, feature: number): string {
  const name = scenery?.featureNames[feature];
  if (name !== undefined && name !== "") return safeText(name);
  const subscript = Array.from(String(feature + 1), (digit) => String.fromCharCode(0x2080 + Number(digit))).join("");
  return `x${subscript}`;
}

/** What a unit is called by its layer or, of an input, by the data; `null` where it has a number only. */
export function ownName(node: NetworkNode, unit: number, scenery: Scenery | null): string | null {
  const name = node.unitNames[unit];
  if (name !== undefined && name !== "") return safeText(name);
  if (node.isTokens) return say("placeNumber", { place: unit });
  return node.kind === "input" ? featureName(scenery, unit) : null;
}

/** What a row of a card is called. */
export function rowName({ unitNames }: NetworkNode, row: number): string {
  const name = unitNames[row];
  return name === undefined || name === "" ? say("valueNumber", { unit: row }) : safeText(name);
}

/** Whether the names of its units stand beside them. */
export function namesUnits({ kind, unitNames }: NetworkNode): boolean {
  return kind === "input" || unitNames.length > 0;
}

/** `4 four`, `class 4`, `label 4`; no number where the name has one. Twin of `class_label` in nnvis_widget/reduce/verdict.py. */
export function className(scenery: Scenery | null, index: number): string {
  const name = scenery?.classNames[index];
  if (name === undefined || name === "")
    return say(scenery?.task.kind === "labels" ? keyOf("labelName") : keyOf("className"), { index });
  return /[0-9]/.test(name) ? safeText(name) : `${index} ${safeText(name)}`;
}

/** Whether one class is right and all others are wrong. */
export function hasClasses(scenery: Scenery | null): boolean {
  return scenery?.task.kind === "one_of_several" || scenery?.task.kind === "one_of_two";
}

/** Whether what is drawn over the plane of the inputs are probabilities of classes. */
export function isPlaneOfShares(scenery: Scenery | null): boolean {
  return hasClasses(scenery) && (scenery?.task.isShare === true || scenery?.task.fromLogits === true);
}

/** Room for the names of the units left or right of them; none where they have no names. */
export function widestName(node: NetworkNode, context: PlanContext): number {
  if (!namesUnits(node)) return 0;
  let width = 0;
  for (let i = 0; i < node.units; i++)
    width = Math.max(width, context.measure(ownName(node, i, context.scenery) ?? ""));
  const most = !context.density.hasLabels ? 40 : context.viewWidth < 700 ? 56 : 104;
  return Math.min(width, most) + 10;
}
