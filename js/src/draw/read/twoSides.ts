import type { Frame, Scenery } from "../../core/frame.ts";
import { isPlaneOfShares } from "../../layout/unitNames.ts";

/** Whether the field of a frame tells two classes apart by one number, so that it can be painted in two colours. */
export function hasTwoSides(scenery: Scenery | null, frame: Frame | null): boolean {
  const areToldApart = isPlaneOfShares(scenery) || scenery?.task.kind === "one_of_two";
  const isOneNumber = frame?.sections.some(({ quantity, name }) => quantity === "prediction" && name === "value");
  return areToldApart && isOneNumber === true;
}

/** Where the one class ends and the other begins, 0 to 1 between the ends of the scale that the field is drawn on. */
export function sharedBoundary(scenery: Scenery | null, low: number, high: number): number {
  const boundary = isPlaneOfShares(scenery) ? 0.5 : (scenery?.task.boundary ?? 0.5);
  return (boundary - low) / (high - low);
}

/** The colour, 0 to 1, of a side of the boundary. */
export function sideOf(share: number, boundary: number): number {
  return share > boundary ? 1 : 0;
}
