import { expect, test } from "vitest";
import { emptyFrame, section } from "../demo/frames.ts";
import { indexOnce } from "../src/lib/indexOnce.ts";

test("a section is found by quantity, layer and name; of several the first", () => {
  const kernel = section("weight", "L1", "kernel", [1], Float32Array.of(1));
  const bias = section("weight", "L1", "bias", [1], Float32Array.of(2));
  const other = section("weight", "L2", "bias", [1], Float32Array.of(3));
  const frame = emptyFrame([kernel, bias, other]);
  expect([frame.section("weight", "L1"), frame.section("weight", "L1", "bias")]).toEqual([kernel, bias]);
  expect(frame.section("weight", "L2")).toBe(other);
  expect([frame.section("weight", "L2", "kernel"), frame.section("weight"), frame.section("z", "L1")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a list is gone through once, however often it is asked, and each list is another one", () => {
  let asked = 0;
  const find = indexOnce<{ ids: string[] }>(({ ids }) => {
    asked++;
    return ids;
  });
  const items = [{ ids: ["a", "b"] }, { ids: ["b", "c"] }];
  expect(["a", "b", "c", "d", "a"].map((id) => find(items, id))).toEqual([
    items[0],
    items[0],
    items[1],
    undefined,
    items[0],
  ]);
  expect(asked).toBe(2);
  expect(find([], "a")).toBeUndefined();
});
