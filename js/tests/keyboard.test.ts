import { describe, expect, test } from "vitest";
import { graph, layer, scenery } from "../demo/frames.ts";
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
    const to = (key: string): number | null | undefined => movePlace(scene, from, key)?.unit;
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
  test("above the first unit is the layer, below the layer its first unit", () => {
    const layer = { layer: "L1", unit: null };
    expect(movePlace(scene, { layer: "L1", unit: 0 }, "ArrowUp")).toEqual(layer);
    expect(movePlace(scene, layer, "ArrowUp")).toEqual(layer);
    expect(movePlace(scene, layer, "ArrowDown")).toEqual({ layer: "L1", unit: 0 });
    expect(movePlace(scene, { layer: "L1", unit: 3 }, "PageUp")).toEqual({ layer: "L1", unit: 0 });
  });
  test("from a layer the keys lead to layers, and stop at the first and last", () => {
    const from = (layer: string, key: string) => movePlace(scene, { layer, unit: null }, key);
    expect(from("L1", "ArrowRight")).toEqual({ layer: "L2", unit: null });
    expect(from("L1", "ArrowLeft")).toEqual({ layer: "L0", unit: null });
    expect(from("L0", "ArrowLeft")).toEqual({ layer: "L0", unit: null });
    expect(["Home", "End", "PageUp", "PageDown"].map((key) => from("L1", key)?.layer)).toEqual([
      "L0",
      "L3",
      "L0",
      "L3",
    ]);
    const deep = place(chain(Array.from({ length: 30 }, () => 2)));
    expect(movePlace(deep, { layer: "L4", unit: null }, "PageDown")).toEqual({ layer: "L14", unit: null });
    expect(movePlace(deep, { layer: "L14", unit: null }, "PageUp")).toEqual({ layer: "L4", unit: null });
  });
  test("an image and a card are met as layers; the pixels of an image lie below it", () => {
    const digits = place(chain([64, 6, 4]), scenery({ imageShape: [8, 8] }));
    const image = { layer: "L0", unit: null };
    expect(digits.columns[0]?.kind).toBe("image");
    expect(movePlace(digits, null, "ArrowDown")).toEqual(image);
    expect(movePlace(digits, { layer: "L1", unit: 3 }, "ArrowLeft")).toEqual(image);
    expect(movePlace(digits, image, "ArrowDown")).toEqual({ layer: "L0", unit: 0 });
    expect(movePlace(digits, { layer: "L0", unit: 0 }, "PageDown")).toEqual({ layer: "L0", unit: 10 });
    const cards = place(
      graph("cards", [layer("A", "in", "Conv2D", [4, 4, 2]), layer("B", "out", "LSTM", [4, 4])], [["A", "B"]]),
    );
    expect(cards.columns.map(({ kind }) => kind)).toContain("card");
    const last = { layer: "B", unit: null };
    expect(movePlace(cards, last, "ArrowDown")).toEqual(last);
    expect(movePlace(cards, last, "ArrowUp")).toEqual(last);
  });
  test("a focus on a layer that is gone starts again", () => {
    expect(movePlace(scene, { layer: "gone", unit: 7 }, "ArrowDown")).toEqual({ layer: "L0", unit: 0 });
  });
  test("samples and quantities go round", () => {
    expect([nextSample(0, -1, 10), nextSample(9, 1, 10), nextSample(3, 1, 0)]).toEqual([9, 0, 3]);
    expect([nextQuantity("weight"), nextQuantity("gradient")]).toEqual(["signal", "weight"]);
  });
});
