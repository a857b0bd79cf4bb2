import { expect, test } from "vitest";
import { readNodes } from "../src/layout/readNodes.ts";
import { MOST_ROWS, treeRows } from "../src/ui/treeRows.ts";
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
