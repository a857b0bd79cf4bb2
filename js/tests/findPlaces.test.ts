import { expect, test } from "vitest";
import { scenery } from "../demo/frames.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { findPlaces } from "../src/ui/places/findPlaces.ts";
import { chain } from "./helpers.ts";

const nodes = readNodes(chain([3, 12, 4, 2]));
const names = scenery({ featureNames: ["petal length", "petal width", "3"], classNames: ["cat", "dog"] });
const find = (query: string, most = 20) =>
  findPlaces(nodes, names, query, most).places.map(({ layer, unit }) => (unit === null ? layer : `${layer} ${unit}`));

test("nothing typed lists the layers in their order", () => {
  expect(find("")).toEqual(["L0", "L1", "L2", "L3"]);
});
test("a name finds its layer before those it is a part of", () => {
  expect(find("dense_1")).toEqual(["L2"]);
  expect(find("DENSE")).toEqual(["L1", "L2", "L3"]);
});
test.each(["dense_1 3", "dense_1 · 3", "  Dense_1   unit 3 "])("%s finds a unit", (query) => {
  expect(find(query)).toEqual(["L2 3"]);
});
test("a unit that is not there is not found", () => {
  expect(find("dense_1 4")).toEqual([]);
  expect(find("dense_0 11")).toEqual(["L1 11"]);
});
test("a number finds what is called so first, then that unit of every layer that has it", () => {
  expect(find("3")).toEqual(["L0 2", "L1 3", "L2 3"]);
});
test("classes and features are found by any part of their name", () => {
  expect(find("dog")).toEqual(["L3 1"]);
  expect(find("petal w")).toEqual(["L0 1"]);
  expect(find("width")).toEqual(["L0 1"]);
});
test("no more than asked for are listed, and all are counted", () => {
  const { places, total } = findPlaces(nodes, names, "e", 2);
  expect(places).toHaveLength(2);
  expect(total).toBeGreaterThan(2);
});
test("names are matched as text, never as a pattern", () => {
  expect(find("den.e")).toEqual([]);
  expect(find("(")).toEqual([]);
});
