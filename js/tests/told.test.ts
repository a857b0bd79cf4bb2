import { describe, expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import type { Face, Layer } from "../src/core/graph.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { columnOfLayer } from "../src/layout/scene.ts";
import { readFace } from "../src/stream/readFace.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";
import { spokenLayer, spokenUnit } from "../src/ui/words/spokenNames.ts";
import { toldFacts } from "../src/ui/words/toldFacts.ts";
import { place } from "./helpers.ts";

const face = (kind: Face["kind"], shape: Face["shape"], isOutput = false): Partial<Layer> => ({
  role: "opaque",
  face: { kind, shape, title: isOutput ? "" : "share of each expert", isOutput },
});

const model = (own: Partial<Layer>, units = 3) =>
  graph(
    "own",
    [
      layer("I", "input", "InputLayer", [2]),
      layer("O", "own", "Own", [units], own),
      denseLayer("D", "end", units, 2, "linear"),
    ],
    [
      ["I", "O"],
      ["O", "D"],
    ],
  );

const frame = emptyFrame([
  section("view", "O", "", [3], Float32Array.from([0.25, 0.5, 0.25])),
  section("activation", "O", "", [3], Float32Array.from([7, 8, 9])),
  section("weight", "O", "bias", [3], Float32Array.from([1, 1, 1])),
  section("number", "O", "largest", [1], Float64Array.from([0.5])),
  section("weight", "D", "kernel", [3, 2], new Float32Array(6).fill(0.1)),
]);

describe("what somebody has told to draw of a layer", () => {
  test("its values are those that were read, never what it puts out, and no link leads from them", () => {
    const own = model({ ...face("units", [1, 1, 3]), unitNames: ["a", "b", "c"], numbers: ["largest"] });
    const nodes = readNodes(own);
    const reading = readUnit(nodes, frame, { layer: "O", unit: 1 }) ?? fail();
    expect([reading.activation, reading.bias, reading.next]).toEqual([0.5, null, null]);
    expect(readUnit(nodes, frame, { layer: "D", unit: 0 })?.inputs).toBeNull();
    expect(place(own).links.map(({ hasKernel }) => hasKernel)).toEqual([false, false]);
    expect(spokenUnit(reading, null)).toBe("own, b, value 1 of 3, value 0.500");
    const node = nodes[1] ?? fail();
    expect(spokenLayer(node)).toBe("own, 3 values: a · b · c, shows share of each expert");
    expect(describeColumn(node, "cells")).toBe("share of each expert");
    expect(toldFacts(node, frame).map(({ value }) => value)).toEqual(["share of each expert", "0.500"]);
    const drawn = new FrameReader(new ScaleBook()).read(place(own), frame, null, "weight", false);
    expect(Array.from(drawn.columns[1]?.values ?? [])).toEqual([0.25, 0.5, 0.25]);
    expect(describeLegend(drawn, null, frame).ramps.map(({ label }) => label)).toContain("share of each expert");
  });

  test("units that are its output lead to the layer behind", () => {
    const own = model({ ...face("units", [1, 1, 3], true), unitNames: ["a", "b", "c"] });
    expect(readNodes(own)[1]?.kind).toBe("named");
    expect(place(own).links.at(-1)?.hasKernel).toBe(true);
    expect(readUnit(readNodes(own), frame, { layer: "O", unit: 1 })?.activation).toBe(8);
  });

  test("pictures, words and rows stand as such", () => {
    const kinds = (["matrix", "text", "card"] as const).map((kind) => {
      const own = model(face(kind, kind === "matrix" ? [4, 4, 1] : [1, 1, 3]));
      return columnOfLayer(place(own), "O")?.kind;
    });
    expect(kinds).toEqual(["maps", "tokens", "card"]);
  });

  test("what is no face is none", () => {
    for (const wrong of [null, {}, { kind: "face", shape: [1, 1, 2] }, { kind: "units", shape: [1, 0, 2] }])
      expect(readFace(wrong)).toBeNull();
    const right = readFace({ kind: "units", shape: [1, 1, 2], title: "x", output: false });
    expect(right).toEqual({ kind: "units", shape: [1, 1, 2], title: "x", isOutput: false });
  });
});

function fail(): never {
  throw new Error("not there");
}
