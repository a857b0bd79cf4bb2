// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { chainGraph, emptyFrame, scenery, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import type { Section, Selection } from "../src/core/frame.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { initialValues, ViewState } from "../src/store/viewState.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { histogramOf } from "../src/ui/charts/histogram.ts";
import { createLayerPanel } from "../src/ui/inspector/layerPanel.ts";
import { strongestUnits } from "../src/ui/inspector/strongestUnits.ts";
import { momentsOf } from "../src/ui/inspector/tensorFacts.ts";
import { peekFacts } from "../src/ui/places/peekFacts.ts";
import { tablesOf } from "../src/ui/tables/tables.ts";
import { noActions } from "./helpers.ts";

/** numpy.random.default_rng(5).normal(size=(6, 4)).astype("float32").round(3), two of them set to 0. */
const KERNEL = Float32Array.of(
  ...[0, -1.324, -0.248, 0.42, 1.136, 0.11, -0.553, -0.785, 0.749, 0, 0.273, -1.233],
  ...[-0.958, 1.6, 0.203, -1.732, -0.084, -1.163, -0.629, -0.488, -0.713, 0.553, -0.063, -0.589],
);
const BIAS = Float32Array.of(0.5, 0, 0, -0.25);
const layers = createMlp([6, 4, 2], ["tanh", "softmax"], seeded(1));
const graph = chainGraph("page", layers, ["dense", "output"], [6]);
const nodes = readNodes(graph);
const OUTPUT = Float32Array.of(0.2, -0.9, 0.4, 0.4);
const whole = [
  section("weight", "L1", "kernel", [6, 4], KERNEL),
  section("weight", "L1", "bias", [4], BIAS),
  section("activation", "L1", "", [4], OUTPUT),
];

function open(sections: readonly Section[], node = nodes[1]) {
  const store = new FrameStore();
  const state = new ViewState();
  const frame = emptyFrame([...sections]);
  store.update({ graph, frame, scenery: scenery({}) });
  const opened: Selection[] = [];
  const shell = { store, state, actions: noActions, signal: new AbortController().signal };
  const panel = createLayerPanel(shell, (selection) => opened.push(selection));
  if (node === undefined) throw new Error("no layer");
  const draw = () => panel.set(node, nodes, frame, scenery({}), buildRamps("light"));
  draw();
  const cell = (row: string, column: string) => {
    const heads = [...panel.element.querySelectorAll("thead th")].map((one) => one.textContent);
    const line = [...panel.element.querySelectorAll("tbody tr")].find((one) => one.firstChild?.textContent === row);
    return line?.querySelectorAll("td")[heads.indexOf(column)]?.textContent;
  };
  const bars = () => [...panel.element.querySelectorAll<HTMLElement>(".nv-bar-link")];
  return { panel: panel.element, state, opened, cell, bars, draw, store };
}

describe("the page of a layer", () => {
  test("has the numbers that numpy has for each tensor", () => {
    const { cell } = open(whole);
    const column = (name: string) => ["values", "mean", "std", "min", "max", "zeros"].map((row) => cell(row, name));
    // kernel.mean(), kernel.std(), kernel.min(), kernel.max(), (kernel == 0).sum()
    expect(column("kernel")).toEqual(["24", "−0.230", "0.785", "−1.732", "+1.600", "2"]);
    expect(column("bias")).toEqual(["4", "+0.063", "0.272", "−0.250", "+0.500", "2"]);
    expect(column("output")).toEqual(["4", "+0.025", "0.540", "−0.900", "+0.400", "0"]);
    expect(momentsOf(KERNEL).mean).toBeCloseTo(-0.22991666632393995, 12);
    expect(momentsOf(KERNEL).deviation).toBeCloseTo(0.7847484746045382, 12);
  });
  test("says what it is: class, activation, shape and each parameter", () => {
    const { panel } = open(whole);
    const facts = [...panel.querySelectorAll("dl")][0];
    const texts = [...(facts?.querySelectorAll("dt") ?? [])].map(
      (dt) => `${dt.textContent} ${dt.nextSibling?.textContent}`,
    );
    expect(texts).toEqual(["output 4", "parameters 28", "kernel 6 × 4", "bias 4"]);
    expect(panel.querySelector(".nv-sub")?.textContent).toBe("Dense · tanh");
  });
  test("of a kernel that came as sums it tells no numbers, but that", () => {
    const { panel, cell } = open([section("bundle", "L1", "weight", [2, 4], new Float32Array(8)), ...whole.slice(1)]);
    expect(panel.textContent).toContain("kernel: only sums of its 24 values came.");
    expect(cell("mean", "kernel")).toBeUndefined();
    expect(cell("mean", "bias")).toBe("+0.063");
    expect(panel.querySelector("figcaption")?.parentElement?.parentElement?.textContent).not.toContain("Weights:");
    expect(open(whole.slice(1)).panel.textContent).toContain("kernel: none of its 24 values came.");
    const top = section("top", "L1", "weight", [2], new Float32Array(2));
    expect(open([top, ...whole.slice(1)]).panel.textContent).toContain("kernel: only the strongest of its 24 values");
  });
  test("counts what is not finite and leaves it out", () => {
    const broken = section("weight", "L1", "bias", [4], Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 3));
    const { cell } = open([broken, ...whole.filter(({ name }) => name !== "bias")]);
    expect([cell("mean", "bias"), cell("not finite", "bias"), cell("not finite", "kernel")]).toEqual([
      "+2.000",
      "2",
      "0",
    ]);
  });
  test("leads to its strongest units; pointing at one lights it in the picture and the reverse", () => {
    const { bars, opened, state, draw } = open(whole);
    const labels = () => bars().map((bar) => bar.querySelector(".nv-bar-label")?.textContent);
    expect(labels()).toEqual(["dense · 1", "dense · 2", "dense · 3", "dense · 0"]);
    bars()[0]?.click();
    expect(opened).toEqual([{ layer: "L1", unit: 1 }]);
    bars()[2]?.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(state.values.hover).toEqual({ layer: "L1", unit: 3 });
    state.set({ hover: { layer: "L1", unit: 2 } });
    draw();
    expect(bars().map((bar) => bar.classList.contains("nv-bar-lit"))).toEqual([false, true, false, false]);
    state.set({ hover: { layer: "L2", unit: 2 } });
    draw();
    expect(bars().some((bar) => bar.classList.contains("nv-bar-lit"))).toBe(false);
  });
  test("leads to the layers before and after it as wholes", () => {
    const { panel, opened } = open(whole);
    const links = [...panel.querySelectorAll<HTMLElement>(".nv-fact-link")];
    for (const link of links) link.click();
    expect(opened).toEqual([
      { layer: "L0", unit: null },
      { layer: "L2", unit: null },
    ]);
  });
  test("has its charts as tables", () => {
    const { store } = open(whole);
    const tables = tablesOf(store, { ...initialValues, selection: { layer: "L1", unit: null } });
    const units = tables.find(({ id }) => id === "units");
    expect(units?.rowCount).toBe(4);
    expect(units?.row(3)).toEqual(["dense · 3", -0.25, OUTPUT[3]]);
    const spread = tables.find(({ title }) => title === "Spread of kernel");
    const rows = Array.from({ length: spread?.rowCount ?? 0 }, (_, i) => spread?.row(i) ?? []);
    expect(rows.map((row) => row[2])).toEqual([1, 3, 2, 5, 2, 5, 3, 1, 1, 1]);
    expect([rows[0]?.[0], rows.at(-1)?.[1]]).toEqual([KERNEL[15], KERNEL[13]]);
    expect(tables.some(({ id }) => id === "weights")).toBe(false);
  });
});

describe("the spread of values", () => {
  test("is what numpy.histogram counts", () => {
    const { low, high, counts } = histogramOf(KERNEL) ?? { low: 0, high: 0, counts: [] };
    expect(counts).toEqual([1, 3, 2, 5, 2, 5, 3, 1, 1, 1]);
    expect([low, high]).toEqual([KERNEL[15], KERNEL[13]]);
  });
  test("of equal values is one bin, of none that are finite nothing", () => {
    expect(histogramOf([2, 2, 2, Number.NaN])).toEqual({ low: 2, high: 2, counts: [3] });
    expect(histogramOf([Number.NaN, Number.POSITIVE_INFINITY])).toBeNull();
    expect(histogramOf([])).toBeNull();
  });
  test("counts every finite value once, however many there are", () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i) * 3);
    const { counts } = histogramOf(values) ?? { counts: [] };
    expect(counts).toHaveLength(24);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5000);
  });
});

test("the strongest units are at most eight, by size, and what is broken comes first", () => {
  const output = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -i : i));
  expect(strongestUnits(output)).toEqual([19, 18, 17, 16, 15, 14, 13, 12]);
  expect(strongestUnits([1, Number.NaN, -3])).toEqual([1, 2, 0]);
});

test("a peek at a layer says what it is, in at most six rows", () => {
  const peek = peekFacts(nodes, emptyFrame(whole), scenery({}), { layer: "L1", unit: null }, "weight");
  expect(peek?.title).toBe("dense");
  expect(peek?.facts.map(({ name, value }) => `${name} ${value}`)).toEqual([
    "layer Dense",
    "activation tanh",
    "output 4",
    "parameters 28",
    "kernel 6 × 4",
    "bias 4",
  ]);
  expect(peekFacts(nodes, emptyFrame([]), null, { layer: "gone", unit: null }, "weight")).toBeNull();
});
