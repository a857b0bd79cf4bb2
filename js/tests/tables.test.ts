// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Selection } from "../src/core/frame.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { initialValues } from "../src/store/viewState.ts";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { readGraph } from "../src/stream/protocol.ts";
import { createTable } from "../src/ui/tables/table.ts";
import { asCsv, asTsv, type TableData } from "../src/ui/tables/tableData.ts";
import { tablesOf } from "../src/ui/tables/tables.ts";
import { createTablesPage } from "../src/ui/tables/tablesPage.ts";

interface Golden {
  readonly sections: readonly {
    readonly quantity: string;
    readonly layer: string;
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
}

const contract = join(dirname(fileURLToPath(import.meta.url)), "../../tests/contract");
const descriptions = JSON.parse(readFileSync(join(contract, "descriptions.json"), "utf8")) as {
  frame: string | null;
  graph: unknown;
}[];

function load(name: string, selection: Selection | null) {
  const golden = JSON.parse(readFileSync(join(contract, `golden/${name}.json`), "utf8")) as Golden;
  const store = new FrameStore();
  const graph = readGraph(descriptions.find(({ frame }) => frame === name)?.graph)?.graph ?? null;
  store.update({ graph, frame: decodeFrame(new Uint8Array(readFileSync(join(contract, `golden/${name}.bin`)))) });
  const tables = tablesOf(store, { ...initialValues, selection });
  const table = (id: string) => {
    const found = tables.find((one) => one.id.startsWith(id));
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  };
  const values = (quantity: string, layer: string, part = "") =>
    golden.sections.find((one) => one.quantity === quantity && one.layer === layer && one.name === part)?.values ?? [];
  return { tables, table, values };
}

const rowsOf = (data: TableData) => Array.from({ length: data.rowCount }, (_, i) => data.row(i));

test("the weights of a unit are the kernel's column, and the signals add up to what Python would add", () => {
  const { table, values } = load("moons", { layer: "L1", unit: 2 });
  const rows = rowsOf(table("weights"));
  const kernel = values("weight", "L1", "kernel");
  const inputs = values("activation", "L0");
  const bias = values("weight", "L1", "bias")[2] ?? Number.NaN;
  [0, 1].forEach((source) => {
    const weight = kernel[source * 4 + 2] ?? Number.NaN;
    const row = rows[source] ?? [];
    expect(row[1]).toBeCloseTo(weight, 6);
    expect(row[3]).toBeCloseTo(weight * (inputs[source] ?? Number.NaN), 6);
    expect(row[4]).toBeCloseTo(values("gradient", "L1", "kernel")[source * 4 + 2] ?? Number.NaN, 12);
  });
  expect(rows[2]?.slice(0, 4)).toEqual(["bias", Math.fround(bias), "", Math.fround(bias)]);
  expect(rows[3]?.[3]).toBeCloseTo(values("z", "L1")[2] ?? Number.NaN, 6);
});

test("the loss of the run is there step by step", () => {
  const { table, values } = load("moons", null);
  const curve = values("curve", "", "loss");
  const rows = rowsOf(table("loss"));
  expect(rows.length).toBe(curve.length / 4);
  rows.forEach((row, i) => {
    expect(row[0]).toBe(curve[4 * i]);
    if (curve[4 * i + 1] === null) expect(row[1]).toBeNaN();
    else expect(row[1]).toBeCloseTo(curve[4 * i + 1] ?? Number.NaN, 6);
  });
});

test("layers and outputs are all there", () => {
  const { table, values } = load("digits", { layer: "L1", unit: 63 });
  expect(rowsOf(table("layers")).map((row) => [row[0], row[2], row[4]])).toEqual([
    ["input", "784", 0],
    ["dense_1", "64", 784 * 64 + 64],
    ["dense_2", "10", 64 * 10 + 10],
  ]);
  expect(rowsOf(table("output")).map((row) => row[1])).toEqual(values("activation", "L2").map(Math.fround));
  expect(table("weights").rowCount).toBe(784 + 2);
});

test("a long table is paged, says how many rows there are, and is copied whole", () => {
  const { table } = load("digits", { layer: "L1", unit: 63 });
  const data = table("weights");
  const view = createTable(new AbortController().signal);
  document.body.append(view.element);
  view.set(data);
  const shown = () => view.element.querySelectorAll("tbody tr").length;
  expect(shown()).toBe(100);
  expect(view.element.textContent).toContain("Rows 1–100 of 786");
  const next = view.element.querySelector<HTMLButtonElement>("[aria-label='Rows after']");
  for (let page = 0; page < 9; page++) next?.click();
  expect(view.element.textContent).toContain("Rows 701–786 of 786");
  expect(shown()).toBe(86);
  expect(asTsv(data).trimEnd().split("\n").length).toBe(787);
  const [, first] = asCsv(data).split("\n");
  expect(first?.split(",").length).toBe(data.columns.length);
});

test("it is a real table: caption, and heads that say what they head", () => {
  const { tables } = load("moons", { layer: "L1", unit: 2 });
  const page = createTablesPage(() => tables, new AbortController().signal);
  page.update("layers");
  const element = page.element.querySelector("table");
  expect(element?.caption?.textContent).toContain("3 layers");
  expect([...(element?.querySelectorAll("thead th") ?? [])].every((head) => head.getAttribute("scope") === "col")).toBe(
    true,
  );
  expect(
    [...(element?.querySelectorAll("tbody tr > :first-child") ?? [])].map((head) => head.getAttribute("scope")),
  ).toEqual(["row", "row", "row"]);
  expect(page.element.querySelectorAll("option").length).toBe(tables.length);
  expect(page.element.querySelector("label")?.control).toBe(page.element.querySelector("select"));
});

test("copied names break no cell and are no formulas; numbers are exact", () => {
  const data: TableData = {
    id: "x",
    title: "x",
    caption: "x",
    columns: [{ head: 'na"me, x' }, { head: "v" }],
    rowCount: 2,
    row: (index) => [['=1+1\t"a",b', "plain"][index] ?? "", [Math.fround(0.1), Number.NaN][index] ?? 0],
  };
  expect(asTsv(data)).toBe('na"me, x\tv\n\'=1+1 "a",b\t0.100000001\nplain\tNaN\n');
  expect(asCsv(data)).toBe('"na""me, x",v\n"\'=1+1\t""a"",b",0.100000001\nplain,NaN\n');
  expect(Math.fround(0.100000001)).toBe(Math.fround(0.1));
});
