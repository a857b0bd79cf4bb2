import { describe, expect, test } from "vitest";
import { chainFrame, chainGraph, emptyFrame, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import { Frame } from "../src/core/frame.ts";
import { farEnd, nextStep, rankEdges } from "../src/interact/followEdges.ts";
import { place, plane } from "./helpers.ts";

const layers = createMlp([2, 6, 4, 1], ["tanh", "tanh", "sigmoid"], seeded(3));
const x = [0.4, -1.1];
const frame = chainFrame(layers, { index: 0, x, y: [1], target: 1 }, {}, null);
const scene = place(chainGraph("moons", layers, ["a", "b", "c"], [2]), plane);
const kernel = layers[1]?.kernel ?? new Float32Array();

describe("the edges of a unit", () => {
  test("into it are its column of the kernel, the strongest first", () => {
    const column = Array.from({ length: 6 }, (_, row) => kernel[row * 4 + 2] ?? 0);
    const edges = rankEdges(frame, scene, { layer: "L2", unit: 2 }, "incoming", "weight") ?? [];
    expect(edges.map((edge) => edge.value)).toEqual(column.toSorted((a, b) => Math.abs(b) - Math.abs(a)));
    for (const { source, target, value } of edges) {
      expect(value).toBe(column[source.unit]);
      expect([source.layer, target]).toEqual(["L1", { layer: "L2", unit: 2 }]);
    }
  });
  test("out of it are its row of the next kernel", () => {
    const row = Array.from(kernel.subarray(5 * 4, 6 * 4));
    const edges = rankEdges(frame, scene, { layer: "L1", unit: 5 }, "outgoing", "weight") ?? [];
    expect(edges.map((edge) => edge.value)).toEqual(row.toSorted((a, b) => Math.abs(b) - Math.abs(a)));
    expect(edges.every((edge) => edge.value === row[edge.target.unit])).toBe(true);
  });
  test("are ranked by what the edges show: the signal is the weight times its input", () => {
    const first = layers[0]?.kernel ?? new Float32Array();
    const signals = x.map((value, i) => value * (first[i * 6 + 1] ?? 0));
    const edges = rankEdges(frame, scene, { layer: "L1", unit: 1 }, "incoming", "signal") ?? [];
    const best = Math.abs(signals[0] ?? 0) > Math.abs(signals[1] ?? 0) ? 0 : 1;
    expect(edges[0]?.source.unit).toBe(best);
    expect(edges[0]?.value).toBeCloseTo(signals[best] ?? 0, 6);
  });
  test("at the ends of the network there are none", () => {
    expect(rankEdges(frame, scene, { layer: "L0", unit: 0 }, "incoming", "weight")).toEqual([]);
    expect(rankEdges(frame, scene, { layer: "L3", unit: 0 }, "outgoing", "weight")).toEqual([]);
  });
  test("what is not a number comes last", () => {
    const broken = new Frame(
      frame.header,
      frame.scalars,
      frame.hyperparameters,
      [section("weight", "L3", "kernel", [4, 1], Float32Array.of(0.1, Number.NaN, -3, 2))],
      0,
    );
    const edges = rankEdges(broken, scene, { layer: "L3", unit: 0 }, "incoming", "weight") ?? [];
    expect(edges.map((edge) => edge.source.unit)).toEqual([2, 3, 0, 1]);
  });
  test("of a bundled layer are known for the selected unit alone", () => {
    const own = emptyFrame([
      section("incoming", "L2", "weight", [6], Float32Array.of(1, -5, 2, 0, 4, 3), { unit: 2 }),
      section("outgoing", "L2", "weight", [4], Float32Array.of(1, 2, -9, 3), { unit: 3, source: "L1" }),
    ]);
    const incoming = rankEdges(own, scene, { layer: "L2", unit: 2 }, "incoming", "weight");
    expect(incoming?.map((edge) => edge.source.unit)).toEqual([1, 4, 5, 2, 0, 3]);
    expect(rankEdges(own, scene, { layer: "L2", unit: 1 }, "incoming", "weight")).toBeNull();
    const outgoing = rankEdges(own, scene, { layer: "L1", unit: 3 }, "outgoing", "weight");
    expect(outgoing?.[0]?.target).toEqual({ layer: "L2", unit: 2 });
    expect(rankEdges(own, scene, { layer: "L1", unit: 2 }, "outgoing", "weight")).toBeNull();
  });
});

describe("following", () => {
  const from = { layer: "L1", unit: 0 };
  const to = { layer: "L2", unit: 3 };
  const trail = { from, direction: "outgoing", rank: 0, to } as const;

  test("takes the strongest from where it is, and with Shift the next from where the last step began", () => {
    expect(nextStep(to, "outgoing", false, trail)).toEqual({ from: to, rank: 0 });
    expect(nextStep(to, "outgoing", true, trail)).toEqual({ from, rank: 1 });
  });
  test("a step the other way, or from elsewhere, begins anew", () => {
    expect(nextStep(to, "incoming", true, trail)).toEqual({ from: to, rank: 0 });
    expect(nextStep({ layer: "L2", unit: 1 }, "outgoing", true, trail)).toEqual({
      from: { layer: "L2", unit: 1 },
      rank: 0,
    });
    expect(nextStep(from, "outgoing", true, null)).toEqual({ from, rank: 0 });
  });
  test("a click on an edge goes to its end that is not selected, else to the farther one", () => {
    const edge = { layer: "L2", unit: 3, source: 0, sourceLayer: "L1" };
    expect(farEnd(edge, to, false)).toEqual(from);
    expect(farEnd(edge, from, false)).toEqual(to);
    expect(farEnd(edge, null, true)).toEqual(to);
    expect(farEnd(edge, null, false)).toEqual(from);
    expect(farEnd({ layer: "L2", unit: 3, bundle: 4, sourceLayer: "L1" }, null, false)).toEqual(to);
  });
});
