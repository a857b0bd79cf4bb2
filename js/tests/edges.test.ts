import { describe, expect, test } from "vitest";
import { chainFrame, chainGraph, emptyFrame, scenery, section } from "../demo/frames.ts";
import { createMlp, forward, seeded } from "../demo/mlp.ts";
import { bundleColumn, createEdgeSet, firstOfColumn, sortByMagnitude } from "../src/draw/edges/edgeSet.ts";
import { layerScales } from "../src/draw/read/layerScales.ts";
import { fullDetail } from "../src/draw/read/readEdges.ts";
import { FrameReader, moveReading } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { nearestPoint } from "../src/interact/nearestPoint.ts";
import { nearestEdge, unitAt } from "../src/interact/pick.ts";
import type { Column, Scene } from "../src/layout/scene.ts";
import { unitBox } from "../src/layout/scene.ts";
import { zoomScene } from "../src/layout/zoomScene.ts";
import { legendEnds, spreadText } from "../src/ui/charts/legendRow.ts";

import { chain, place, plane } from "./helpers.ts";

function columnsOf(scene: Scene): [Column, Column] {
  const [a, b] = scene.columns;
  if (a === undefined || b === undefined) throw new Error("Expected two columns.");
  return [a, b];
}

describe("a scale", () => {
  test("grows at once, shrinks over many updates, stays while scrubbing", () => {
    const book = new ScaleBook();
    expect(book.update("w", [1, -2], false)).toBe(2);
    expect(book.update("w", [4], false)).toBe(4);
    expect(book.update("w", [0], false)).toBeCloseTo(3.8);
    expect(book.update("w", [100], true)).toBeCloseTo(3.8);
    expect(book.update("new", [7], true)).toBe(7);
  });
  test("is the 98th percentile of finite magnitudes", () => {
    const values = [...Array.from({ length: 99 }, (_, i) => i / 100), 1000, Number.NaN, Infinity];
    expect(new ScaleBook().update("w", values, false)).toBeCloseTo(0.97);
  });
});

describe("an edge set", () => {
  test("edges into one unit arrive apart, over at most 70 % of its height", () => {
    const [a, b] = columnsOf(place(chain([2, 6, 4, 1]), plane));
    const set = createEdgeSet(a, b, 2, 6, false);
    const box = unitBox(b, 3);
    const ends = [set.y1[3], set.y1[6 + 3]].map(Number);
    expect(ends[0]).not.toBe(ends[1]);
    for (const y of ends) expect(Math.abs(y - (box.y + box.height / 2))).toBeLessThanOrEqual(0.35 * box.height + 0.01);
  });
  test("the strongest come last and NaN on top; a crowd keeps only the strongest", () => {
    const [a, b] = columnsOf(place(chain([2, 6, 4, 1]), plane));
    const set = createEdgeSet(a, b, 2, 2, false);
    set.values.set([0.5, -3, Number.NaN, 1]);
    sortByMagnitude(set);
    expect(Array.from(set.order)).toEqual([0, 3, 1, 2]);
    const crowd = createEdgeSet(a, b, 100, 50, true);
    crowd.values.set(Array.from({ length: 5000 }, (_, i) => (i % 2 ? 1 : -1) * i));
    sortByMagnitude(crowd);
    expect(crowd.order).toHaveLength(2048);
    expect([crowd.order[0], crowd.order[2047]]).toEqual([5000 - 2048, 4999]);
  });
});

describe("reading a frame", () => {
  const layers = createMlp([2, 6, 4, 1], ["tanh", "tanh", "sigmoid"], seeded(3));
  const frame = chainFrame(layers, { index: 0, x: [0.4, -1.1], y: [1], target: 1 }, {}, { extent: [-2, 2, -2, 2] });
  const scene = place(chainGraph("moons", layers, ["a", "b", "c"], [2]), plane);

  test("the signals into a unit and its bias add up to its z", () => {
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, plane, "signal", false);
    const set = reading.edges[1]?.set;
    const z = forward(layers, [0.4, -1.1]).z[1];
    for (let unit = 0; unit < 4; unit++) {
      let sum = layers[1]?.bias[unit] ?? Number.NaN;
      for (let source = 0; source < 6; source++) sum += set?.values[source * 4 + unit] ?? Number.NaN;
      expect(sum).toBeCloseTo(z?.[unit] ?? Number.NaN, 5);
    }
  });
  test("the gradient is shown with its sign turned: up lowers the loss", () => {
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, plane, "gradient", false);
    const raw = frame.section("gradient", "L2", "kernel")?.values[5] ?? Number.NaN;
    expect(reading.edges[1]?.ramp).toBe("gradient");
    expect(reading.edges[1]?.set.values[5]).toBeCloseTo(-raw);
  });
  test("missing, empty and misshapen sections are quiet lines, not errors", () => {
    const reader = new FrameReader(new ScaleBook());
    for (const sections of [
      [],
      [section("weight", "L1", "kernel", [2, 6], new Float32Array(3))],
      [section("weight", "L1", "kernel", [0, 0], new Float32Array(0))],
    ]) {
      expect(reader.read(scene, emptyFrame(sections), plane, "weight", false).edges).toEqual([null, null, null]);
    }
    expect(reader.read(scene, null, null, "signal", false).edges).toEqual([null, null, null]);
  });
  test("what is never negative is teal from 0, what is signed is centred on 0", () => {
    const { columns } = new FrameReader(new ScaleBook()).read(scene, frame, plane, "weight", false);
    expect(columns.map(({ ramp, low, high }) => [ramp, low, high])[1]).toEqual(["value", -1, 1]);
    expect(columns.map(({ ramp, low, high }) => [ramp, low, high])[3]).toEqual(["magnitude", 0, 1]);
  });
  const largest = (values: ArrayLike<number> | undefined): number => Math.max(...Array.from(values ?? [], Math.abs));
  test("the strokes of each layer have a scale of their own, and the legend says it once", () => {
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, plane, "weight", false);
    const scales = reading.edges.map((edge) => edge?.scale);
    expect(scales).toEqual(reading.edges.map((edge) => largest(edge?.set.values)));
    expect(new Set(scales).size).toBe(3);
    expect([...layerScales(reading).values()].map(({ scale }) => scale)).toEqual(scales);
    const legend = describeLegend(reading, plane, frame);
    expect(legend.ramps.map(({ label }) => label)).toEqual([
      "Weight per layer",
      "Output",
      "Input",
      "P(class 1)",
      "Bias",
    ]);
    expect(legend.ramps[0] && legendEnds(legend.ramps[0])).toEqual({ low: "−m", high: "+m" });
    expect(legend.ramps[0] && spreadText(legend.ramps[0])).toBe("m = 0.65 to 1.2");
    expect(legend.note).toBe("All 40 edges drawn");
    expect(legend.width).toEqual({ label: "m", high: null });
  });
  test("on demand all strokes share the scale of the strongest layer", () => {
    const shared = { ...fullDetail, hasOneScale: true };
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, plane, "weight", false, shared);
    const most = Math.max(...reading.edges.map((edge) => largest(edge?.set.values)));
    expect(reading.edges.map((edge) => edge?.scale)).toEqual([most, most, most]);
    expect(layerScales(reading).size).toBe(0);
    const legend = describeLegend(reading, plane, frame);
    expect(legend.ramps[0]).toMatchObject({ label: "Weight", low: -most, high: most, isPerLayer: false });
    expect(legend.width).toEqual({ label: "|w|", high: most });
  });
  test("bundles keep a scale of their own, and strokes beside them are those to the output", () => {
    const wide = createMlp([784, 64, 10], ["relu", "softmax"], seeded(3));
    const known = scenery({ imageShape: [28, 28] });
    const sample = { index: 0, x: new Float32Array(784).fill(0.5), y: [], target: 1 };
    const digits = chainFrame(wide, sample, {}, null, [28, 28]);
    const laidOut = place(chainGraph("digits", wide, ["dense", "output"], [784]), known);
    const reading = new FrameReader(new ScaleBook()).read(laidOut, digits, known, "signal", false);
    expect(reading.edges[0]?.scale).not.toBe(reading.edges[1]?.scale);
    const legend = describeLegend(reading, known, digits);
    expect(legend.width).toEqual({ label: "max", high: null });
    const labels = legend.ramps.map(({ label }) => label);
    expect(labels).toEqual(["Bundle Σw·a", "To output w·a", "Pixel", "Activation"]);
  });
  test("the selected unit's edges into a bundled layer are read as strokes, times its output for signals", () => {
    const wide = createMlp([4, 128, 64, 2], ["relu", "relu", "softmax"], seeded(3));
    const sample = { index: 0, x: [1, 0.5, -1, 2], y: [], target: 1 };
    const base = chainFrame(wide, sample, {}, null);
    const row = (wide[1]?.kernel ?? new Float32Array()).slice(5 * 64, 6 * 64);
    const outgoing = section("outgoing", "L2", "weight", [64], row, { unit: 5, source: "L1" });
    const chosen = emptyFrame([...base.sections, outgoing]);
    const reading = new FrameReader(new ScaleBook()).read(place(chain([4, 128, 64, 2])), chosen, null, "signal", false);
    const output = base.section("activation", "L1")?.values[5] ?? Number.NaN;
    expect(reading.outgoing?.set.values[9]).toBeCloseTo((row[9] ?? Number.NaN) * output);
    expect(reading.outgoing?.set.isBundled).toBe(false);
    expect(new Set(reading.outgoing?.set.y0).size).toBe(1);
  });
  test("the omission line counts real edges and drawn bundles", () => {
    const wide = createMlp([784, 64, 10], ["relu", "softmax"], seeded(3));
    const known = scenery({ imageShape: [28, 28] });
    const digits = chainFrame(
      wide,
      { index: 0, x: new Float32Array(784).fill(0.5), y: [], target: 1 },
      {},
      null,
      [28, 28],
    );
    const reading = new FrameReader(new ScaleBook()).read(
      place(chain([784, 64, 10], "relu"), known),
      digits,
      known,
      "weight",
      false,
    );
    expect(describeLegend(reading, known, digits).omission).toBe(
      "50,176 + 640 edges, drawn as 1,792 row bundles + 640 edges.",
    );
  });
});

describe("moving the camera", () => {
  const layers = createMlp([2, 6, 4, 1], ["tanh", "tanh", "sigmoid"], seeded(3));
  const frame = chainFrame(layers, { index: 0, x: [0.4, -1.1], y: [1], target: 1 }, {}, { extent: [-2, 2, -2, 2] });
  const scene = place(chainGraph("moons", layers, ["a", "b", "c"], [2]), plane);

  test("a moved reading is what reading the enlarged scene gives", () => {
    for (const scale of [1, 1.7, 4]) {
      const large = zoomScene(scene, scale);
      const moved = moveReading(new FrameReader(new ScaleBook()).read(scene, frame, plane, "signal", false), large);
      expect(moved).toEqual(new FrameReader(new ScaleBook()).read(large, frame, plane, "signal", false));
    }
  });
});

describe("picking", () => {
  const [a, b] = columnsOf(place(chain([2, 6, 4, 1]), plane));
  const set = createEdgeSet(a, b, 2, 6, false);
  set.values.set(Array.from({ length: 12 }, (_, i) => i + 1));
  sortByMagnitude(set);

  test("a point on an edge's curve finds that edge, anywhere along it", () => {
    for (let edge = 0; edge < 12; edge++) {
      for (const t of [0.35, 0.5, 0.65, 0.9]) {
        const width = set.targetX - set.sourceX;
        const x = set.sourceX + width * (1.5 * t * (1 - t) ** 2 + 1.5 * t * t * (1 - t) + t ** 3);
        const [y0, y1] = [set.y0[edge] ?? 0, set.y1[edge] ?? 0];
        const found = nearestEdge([set], x, y0 + (y1 - y0) * t * t * (3 - 2 * t));
        expect(found?.distance).toBeLessThan(0.6);
      }
      const found = nearestEdge([set], set.targetX - 1, set.y1[edge] ?? 0, 1);
      expect([found?.source, found?.unit]).toEqual([Math.floor(edge / 6), edge % 6]);
    }
  });
  test("in an image of many the one found is the nearest, and of those that cover each other the strongest", () => {
    const crowd = createEdgeSet(a, b, 60, 6, false, { isRaster: true });
    crowd.values.set(Array.from({ length: 360 }, (_, i) => Math.sin(i * 12.9898) * (1 + (i % 7))));
    const steps = Array.from({ length: 1001 }, (_, i) => i / 1000);
    const width = crowd.targetX - crowd.sourceX;
    const pathX = steps.map((t) => crowd.sourceX + width * (1.5 * t * (1 - t) ** 2 + 1.5 * t * t * (1 - t) + t ** 3));
    const distance = (edge: number, x: number, y: number): number => {
      const [y0, y1] = [crowd.y0[edge] ?? 0, crowd.y1[edge] ?? 0];
      const away = steps.map((t, i) => Math.hypot((pathX[i] ?? 0) - x, y0 + (y1 - y0) * t * t * (3 - 2 * t) - y));
      return Math.min(...away);
    };
    const [top, bottom] = [Math.min(...crowd.y0, ...crowd.y1), Math.max(...crowd.y0, ...crowd.y1)];
    let found = 0;
    for (let i = 1; i < 20; i++) {
      const [x, y] = [crowd.sourceX + (width * i) / 20, top + ((bottom - top) * ((i * 7) % 20)) / 20];
      const away = Array.from(crowd.values, (_, edge) => distance(edge, x, y));
      const nearest = Math.min(...away);
      const picked = nearestEdge([crowd], x, y);
      if (nearest > 6.2) expect(picked).toBeNull();
      if (picked === null) continue;
      found++;
      expect(away[picked.source * 6 + picked.unit]).toBeLessThan(nearest + 1.3);
      const size = Math.abs(crowd.values[picked.source * 6 + picked.unit] ?? 0);
      const covering = Array.from(crowd.values, Math.abs).filter(
        (_, edge) => (away[edge] ?? 99) < Math.min(5.9, nearest + 0.7),
      );
      expect(size).toBeGreaterThanOrEqual(Math.max(...covering));
    }
    expect(found).toBeGreaterThan(10);
  });
  test("further than six pixels finds nothing; a bundle that is not drawn is not found", () => {
    expect(nearestEdge([set], (set.sourceX + set.targetX) / 2, 5)).toBeNull();
    const bundles = [{ ...set, isBundled: true }];
    expect(nearestEdge(bundles, set.targetX, set.y1[0] ?? 0)?.source).toBe(0);
    expect(nearestEdge(bundles, set.targetX, set.y1[0] ?? 0, 6, () => false)).toBeNull();
  });
  test("a unit is found in its tile and its gauge, and not in the gap below", () => {
    const scene = place(chain([2, 6, 4, 1]), plane);
    const box = unitBox(b, 2);
    expect(unitAt(scene, box.x + 3, box.y + 3)?.unit).toBe(2);
    expect(unitAt(scene, box.x + box.width + 5, box.y + 3)?.unit).toBe(2);
    expect(unitAt(scene, box.x + 3, box.y + box.height + 8)).toBeNull();
  });
  test("the nearest of close points is the sample", () => {
    const points = [
      { x: 0, y: 0, sample: 4 },
      { x: 5, y: 0, sample: 9 },
    ];
    expect([nearestPoint(points, 4, 0), nearestPoint(points, 1, 1), nearestPoint(points, 40, 0)]).toEqual([9, 4, null]);
  });
});

test("bundles of units begin and end where Python's do", () => {
  for (const [columns, units] of [
    [64, 65],
    [64, 300],
    [3, 8],
    [7, 7],
  ] as const) {
    for (let column = 0; column < columns; column++) {
      const [from, to] = [Math.floor((column * units) / columns), Math.floor(((column + 1) * units) / columns)];
      expect(firstOfColumn(column, columns, units)).toBe(from);
      for (let unit = from; unit < to; unit++) expect(bundleColumn(unit, columns, units)).toBe(column);
    }
  }
});
