import { describe, expect, test } from "vitest";
import { movePlace, nextQuantity, nextSample } from "../src/interact/keyboard.ts";
import { chain, place, plane, twoLanes } from "./helpers.ts";

describe("moving with keys", () => {
  const scene = place(chain([2, 6, 4, 1]), plane);

  test("any moving key enters the first column; other keys are not taken", () => {
    expect(movePlace(scene, null, "ArrowDown")).toEqual({ layer: "L0", unit: 0 });
    expect(movePlace(scene, null, "a")).toBeNull();
    expect(movePlace(scene, { layer: "L1", unit: 2 }, "Tab")).toBeNull();
  });
  test("up and down stop at the ends, Home, End and pages leap", () => {
    const from = { layer: "L1", unit: 4 };
    const to = (key: string): number | undefined => movePlace(scene, from, key)?.unit;
    expect(["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"].map(to)).toEqual([3, 5, 0, 5, 0, 5]);
    expect(movePlace(scene, { layer: "L1", unit: 5 }, "ArrowDown")?.unit).toBe(5);
  });
  test("left and right go to the unit at the same height, and stay at the outer columns", () => {
    expect(movePlace(scene, { layer: "L1", unit: 0 }, "ArrowRight")).toEqual({ layer: "L2", unit: 0 });
    expect(movePlace(scene, { layer: "L1", unit: 5 }, "ArrowRight")).toEqual({ layer: "L2", unit: 3 });
    expect(movePlace(scene, { layer: "L0", unit: 1 }, "ArrowLeft")).toEqual({ layer: "L0", unit: 1 });
    expect(movePlace(scene, { layer: "L3", unit: 0 }, "ArrowRight")).toEqual({ layer: "L3", unit: 0 });
  });
  test("going right reaches every column, lanes and cards included", () => {
    const lanes = place(twoLanes());
    const seen = new Set<string>();
    for (
      let at = movePlace(lanes, null, "ArrowRight");
      at !== null && !seen.has(at.layer);
      at = movePlace(lanes, at, "ArrowRight")
    )
      seen.add(at.layer);
    expect(seen.size).toBe(lanes.columns.length);
  });
  test("a focus on a layer that is gone starts again", () => {
    expect(movePlace(scene, { layer: "gone", unit: 7 }, "ArrowDown")).toEqual({ layer: "L0", unit: 0 });
  });
  test("samples and quantities go round", () => {
    expect([nextSample(0, -1, 10), nextSample(9, 1, 10), nextSample(3, 1, 0)]).toEqual([9, 0, 3]);
    expect([nextQuantity("weight"), nextQuantity("gradient")]).toEqual(["signal", "weight"]);
  });
});
