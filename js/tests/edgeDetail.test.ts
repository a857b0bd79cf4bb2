import { describe, expect, test } from "vitest";
import { chainFrame, emptyFrame, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import type { Frame } from "../src/core/frame.ts";
import { curveTable, rasterEdges } from "../src/draw/edges/edgeRaster.ts";
import { createEdgeSet, sourceOf, unitOf } from "../src/draw/edges/edgeSet.ts";
import { type EdgeDetail, fullDetail } from "../src/draw/read/readEdges.ts";
import { FrameReader, type Reading } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { magnitudeQuantile } from "../src/lib/numbers.ts";
import { chain, place } from "./helpers.ts";

const sizes = [100, 60, 3];
const layers = createMlp(sizes, ["relu", "softmax"], seeded(9));
const kernel = layers[0]?.kernel ?? new Float32Array();
const scene = place(chain(sizes, "relu"));
const base = chainFrame(layers, { index: 0, x: new Float32Array(100).fill(0.5), y: [], target: 0 }, {}, null);
const others = base.sections.filter((one) => one.layer !== "L1" || one.quantity !== "bundle");

function read(frame: Frame, detail: Partial<EdgeDetail> = {}): Reading {
  return new FrameReader(new ScaleBook()).read(scene, frame, null, "weight", false, { ...fullDetail, ...detail });
}

function strongestFrame(count: number): { frame: Frame; order: number[] } {
  const order = Array.from(kernel.keys()).sort((a, b) => Math.abs(kernel[b] ?? 0) - Math.abs(kernel[a] ?? 0));
  const chosen = order.slice(0, count);
  const values = Float32Array.from(chosen, (place) => kernel[place] ?? 0);
  const index = Int32Array.from(chosen.flatMap((place) => [Math.floor(place / 60), place % 60]));
  const attributes = { inputCount: 100, unitCount: 60, edgeCount: 6000 };
  const frame = emptyFrame([
    ...others,
    section("top", "L1", "weight", [count], values, attributes),
    section("top_index", "L1", "weight", [count, 2], index),
  ]);
  return { frame, order: chosen };
}

const whole = emptyFrame([...others, section("weight", "L1", "kernel", [100, 60], kernel)]);

describe("the strongest connections", () => {
  const { frame, order } = strongestFrame(300);
  test("know their input and unit and end where the whole kernel's edges would", () => {
    const set = read(frame).edges[0]?.set;
    if (set === undefined) throw new Error("Expected edges.");
    const all = createEdgeSet(set.source, set.target, 100, 60, false);
    expect(set.values).toHaveLength(300);
    for (const [edge, place] of order.entries()) {
      expect([sourceOf(set, edge), unitOf(set, edge)]).toEqual([Math.floor(place / 60), place % 60]);
      expect([set.y0[edge], set.y1[edge]]).toEqual([all.y0[place], all.y1[place]]);
    }
  });
  test("fewer are shown at once when fewer are asked for, and the line says so", () => {
    const reading = read(frame, { topK: 120 });
    expect(Array.from(reading.edges[0]?.set.values ?? [])).toEqual(order.slice(0, 120).map((place) => kernel[place]));
    expect(describeLegend(reading, null, frame, "top").omission).toBe(
      "6,000 + 180 edges, drawn as the 120 strongest + 180 edges.",
    );
  });
  test("are said to be unknown where only bundles came", () => {
    expect(describeLegend(read(base), null, base, "top").omission).toContain("not recorded at this step");
  });
});

describe("all connections", () => {
  test("more than 4,000 become an image of all of them", () => {
    const reading = read(whole);
    const set = reading.edges[0]?.set;
    expect(set?.isRaster).toBe(true);
    expect(set?.values).toEqual(kernel);
    expect(set?.order, "nothing is stroked").toHaveLength(0);
    expect(describeLegend(reading, null, whole, "all").omission).toBe(
      "6,000 + 180 edges, drawn as an image of 6,000 edges + 180 edges.",
    );
  });
  test("each cell of the image holds the strongest edge through it, NaN above all", () => {
    const set = read(whole).edges[0]?.set;
    if (set === undefined) throw new Error("Expected edges.");
    set.values[1234] = Number.NaN;
    const raster = rasterEdges(set, 2);
    const table = curveTable(raster.width);
    const strongest = new Map<number, number>();
    for (const x of [0, 7, raster.width - 1]) {
      for (let edge = 0; edge < set.values.length; edge++) {
        const from = (set.y0[edge] ?? 0) - raster.top;
        const y = Math.floor((from + ((set.y1[edge] ?? 0) - raster.top - from) * (table[x] ?? 0)) / 2);
        const cell = x * raster.height + y;
        const size = Number.isNaN(set.values[edge]) ? Infinity : Math.abs(set.values[edge] ?? 0);
        strongest.set(cell, Math.max(size, strongest.get(cell) ?? 0));
      }
    }
    expect(strongest.size).toBeGreaterThan(100);
    for (const [cell, size] of strongest) {
      const value = raster.values[cell] ?? 0;
      expect(Number.isNaN(value) ? Infinity : Math.abs(value)).toBeGreaterThanOrEqual(size);
    }
    const magnitudes = new Set(Array.from(set.values, Math.abs));
    for (const value of raster.values) expect(value === 0 || magnitudes.has(Math.abs(value))).toBe(true);
  });
  test("a curve is unbroken from its start to its end", () => {
    const [a, b] = scene.columns;
    if (a === undefined || b === undefined) throw new Error("Expected two columns.");
    const set = createEdgeSet(a, b, 1, 1, false, { isRaster: true });
    set.y0[0] = 40;
    set.y1[0] = 440;
    set.values[0] = 1;
    const { width, height, values } = rasterEdges(set, 2);
    let before: number[] = [0];
    for (let x = 0; x < width; x++) {
      const rows = Array.from({ length: height }, (_, y) => y).filter((y) => values[x * height + y] === 1);
      expect(rows.at(-1)).toBe((rows[0] ?? 0) + rows.length - 1);
      expect((rows[0] ?? 0) - (before.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      before = rows;
    }
    expect(before.at(-1)).toBeGreaterThanOrEqual(198);
  });
});

describe("drawing more simply", () => {
  const simplified = { finerCost_ms: 41.4 };
  test("sums neighbouring inputs exactly until 512 curves are left, and says so", () => {
    const small = emptyFrame([...others, section("weight", "L1", "kernel", [60, 60], kernel.slice(0, 3600))]);
    const square = place(chain([60, 60, 3], "relu"));
    const reader = new FrameReader(new ScaleBook());
    const reading = reader.read(square, small, null, "weight", false, { topK: 200, level: "bundles" });
    const set = reading.edges[0]?.set;
    expect([set?.sourceCount, set?.unitCount, set?.isBundled]).toEqual([8, 60, true]);
    for (const unit of [0, 31, 59]) {
      let sum = 0;
      for (let input = 8; input < 16; input++) sum += kernel[input * 60 + unit] ?? 0;
      expect(set?.values[60 + unit]).toBeCloseTo(sum, 4);
    }
    expect(describeLegend(reading, null, small, "bundles", simplified).omission).toBe(
      "3,600 + 180 edges, drawn as 480 block bundles + 180 edges. " +
        "Drawn more simply: this machine needs 41 ms a picture.",
    );
  });
  test("paints images on the simplest level", () => {
    expect(read(base, { level: "raster" }).edges.map((edge) => edge?.set.isRaster)).toEqual([true, true]);
  });
});

describe("what has no scale", () => {
  test("weights that are all 0 have the legend 0, and nothing is clipped", () => {
    const zero = emptyFrame(others.map((one) => ({ ...one, values: one.values.slice().fill(0) })));
    const legend = describeLegend(read(zero), null, zero);
    for (const { low, high, isClipped } of legend.ramps.filter(({ id }) => id !== "units L2")) {
      expect([Math.abs(low), high, isClipped]).toEqual([0, 0, false]);
    }
  });
  test("an infinite weight is an error, not a clipped value", () => {
    const values = new Float32Array(180).fill(0.5);
    values[7] = Infinity;
    const frame = emptyFrame([section("weight", "L2", "kernel", [60, 3], values)]);
    const edge = read(frame).edges[1];
    expect([edge?.scale, edge?.isClipped]).toEqual([0.5, false]);
  });
  test("the quantile is that of a full sort, ties and infinities included", () => {
    const random = seeded(4);
    for (let round = 0; round < 50; round++) {
      const values = Float32Array.from(
        { length: 1 + Math.floor(300 * random()) },
        () => Math.round(20 * random()) - 10,
      );
      if (round % 2) values[0] = Infinity;
      const finite = Array.from(values, Math.abs)
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      const expected = finite[Math.max(0, Math.ceil(0.98 * finite.length) - 1)] ?? 0;
      expect(magnitudeQuantile(values, 0.98)).toBe(expected);
    }
  });
});

test("what holds no number at all has no legend, and the biases' dots keep half the weights' scale", () => {
  const broken = emptyFrame(others.map((one) => ({ ...one, values: one.values.slice().fill(Number.NaN) })));
  const legend = describeLegend(read(broken), null, broken);
  expect([legend.ramps.map(({ id }) => id), legend.width]).toEqual([[], null]);
  const strongest = magnitudeQuantile(layers[1]?.kernel ?? [], 0.98);
  for (const quantity of ["weight", "signal"] as const) {
    const reading = new FrameReader(new ScaleBook()).read(scene, base, null, quantity, false);
    expect(reading.columns[1]?.biasScale).toBeCloseTo(0.5 * strongest, 6);
  }
});
