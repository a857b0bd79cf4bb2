import { expect, test } from "vitest";
import { readNodes } from "../src/layout/readNodes.ts";
import { MOST_ROWS, rowOf, treeRows } from "../src/ui/places/treeRows.ts";
import { chain } from "./helpers.ts";

test("a small model is open in full", () => {
  const rows = treeRows(readNodes(chain([2, 6, 4, 1])), null);
  expect(rows).toHaveLength(4 + 13);
  expect(rows.filter((row) => row.unit === null).every((row) => row.isOpen)).toBe(true);
});

test("of a large model the selected layer alone is open, around the selected unit, and counts stay true", () => {
  const nodes = readNodes(chain([784, 64, 10]));
  expect(treeRows(nodes, null)).toHaveLength(3);
  const id = nodes[1]?.id ?? "";
  const rows = treeRows(nodes, { layer: id, unit: 40 });
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  const units = rows.filter((row) => row.unit !== null);
  expect(units.map((row) => row.unit)).toContain(40);
  expect(units.every((row) => row.size === 64 && row.node.id === id)).toBe(true);
  expect(units.find((row) => row.unit === 40)?.place).toBe(41);
});

test("of very many layers those near the selected one are there", () => {
  const nodes = readNodes(chain(Array.from({ length: 200 }, () => 30)));
  const rows = treeRows(nodes, { layer: nodes[150]?.id ?? "", unit: 29 });
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  expect(rows.some((row) => row.node === nodes[150] && row.unit === 29)).toBe(true);
  expect(rows[0]?.size).toBe(200);
});

test("the layer as a whole has a line of its own, with its place among the layers, and stays open", () => {
  const nodes = readNodes(chain([784, 64, 10]));
  const place = { layer: nodes[1]?.id ?? "", unit: null };
  const rows = treeRows(nodes, place);
  const row = rowOf(rows, place);
  expect([row?.unit, row?.level, row?.place, row?.size, row?.isOpen]).toEqual([null, 1, 2, 3, true]);
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  const first = rows[(row === undefined ? -1 : rows.indexOf(row)) + 1];
  expect([first?.unit, first?.level, first?.place, first?.size]).toEqual([0, 2, 1, 64]);
});
