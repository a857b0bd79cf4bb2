import { expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { partShares } from "../src/draw/read/partShares.ts";
import { partStarts } from "../src/layout/mergeParts.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { columnOfLayer } from "../src/layout/scene.ts";
import { partFacts } from "../src/ui/words/partFacts.ts";
import { readUnit, unitName } from "../src/ui/words/readUnit.ts";
import { place } from "./helpers.ts";

const joined = (type: "Concatenate" | "Add", [one, other]: readonly [number, number]) => {
  const units = type === "Add" ? one : one + other;
  return graph(
    "joined",
    [
      layer("A", "left", "InputLayer", [one]),
      layer("B", "right", "InputLayer", [other]),
      layer("M", "meet", type, [units]),
      denseLayer("D", "end", units, 2, "linear"),
    ],
    [
      ["B", "M"],
      ["A", "M"],
      ["M", "D"],
    ],
  );
};

const frame = (one: number[], other: number[]) =>
  emptyFrame([
    section("activation", "A", "", [one.length], Float32Array.from(one)),
    section("activation", "B", "", [other.length], Float32Array.from(other)),
    section("weight", "D", "kernel", [5, 2], new Float32Array(10).fill(0.1)),
  ]);

test("what is joined is told in the order in which it stands, with its part of the sizes", () => {
  const nodes = readNodes(joined("Concatenate", [3, 2]));
  const merge = nodes.find(({ id }) => id === "M") ?? fail();
  expect(merge.parts.map(({ name }) => name)).toEqual(["right", "left"]);
  expect(partStarts(merge)).toEqual([0, 2]);
  const now = frame([1, -1, 1], [-0.5, 0.5]);
  expect(partShares(merge, now)).toEqual([0.25, 0.75]);
  expect(partFacts(merge, now).map(({ value }) => value)).toEqual([
    "units 0 to 1 · 25.0% by size",
    "units 2 to 4 · 75.0% by size",
  ]);
  expect([0, 2, 4].map((unit) => unitName(merge, unit, null))).toEqual(["x₁", "x₁", "x₃"]);
  expect(readUnit(nodes, now, { layer: "D", unit: 0 })?.weights?.length).toBe(5);
});

test("of what is added no unit is one of a part alone, and what is not known has no share", () => {
  const merge = readNodes(joined("Add", [3, 3])).find(({ id }) => id === "M") ?? fail();
  expect(partStarts(merge)).toBeNull();
  expect(partShares(merge, frame([2, 0, 0], [0, -2, 4]))).toEqual([0.75, 0.25]);
  expect(partShares(merge, emptyFrame([]))).toBeNull();
  expect(partShares(merge, frame([0, 0, 0], [0, 0, 0]))).toBeNull();
  expect(unitName(merge, 1, null)).toBe("meet · 1");
});

test("the card of a merge has room for a row of each part, and its edges lead on with their weights", () => {
  const scene = place(joined("Concatenate", [3, 2]));
  expect(columnOfLayer(scene, "M")?.box.height).toBeGreaterThan(44 + 2 * 18);
  expect(scene.links.at(-1)?.hasKernel).toBe(true);
});

function fail(): never {
  throw new Error("not there");
}
