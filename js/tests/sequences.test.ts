// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, section } from "../demo/frames.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { closedGroup } from "../src/layout/groupText.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";
import { spokenUnit } from "../src/ui/words/spokenNames.ts";
import { place } from "./helpers.ts";

const over = { channels: "last" as const };
const group = { path: "block", kind: "layer" as const, uses: 1, memberCount: 3, layerCount: 3, inside: null };
const network = graph(
  "series",
  [
    layer("I", "series", "InputLayer", [6, 2], over),
    layer("R", "states", "LSTM", [6, 3], { ...over, role: "recurrent", activation: "tanh" }),
    layer("B", "block", "Block", [6, 3], { ...over, group }),
    layer("W", "both", "Bidirectional", [6, 4], { ...over, group: { ...group, kind: "wrapper" } }),
    layer("P", "each", "Dense", [6, 2], { ...over, role: "dense", activation: "tanh" }),
    layer("G", "last", "GRU", [5], { role: "recurrent", activation: "tanh" }),
    denseLayer("D", "end", 5, 1, "linear"),
  ],
  [
    ["I", "R"],
    ["R", "B"],
    ["B", "W"],
    ["W", "P"],
    ["P", "G"],
    ["G", "D"],
  ],
);
const nodes = readNodes(network);
const frame = emptyFrame([
  section("activation", "G", "", [5], Float32Array.of(0.1, -0.2, 0.3, -0.4, 0.5)),
  section("weight", "G", "bias", [2, 15], new Float32Array(30).fill(0.7)),
  section("z", "P", "", [12], new Float32Array(12).fill(9)),
  section("map_moments", "P", "", [2, 3], Float32Array.of(-1, 1, 0.5, -1, 1, 0.25)),
]);

describe("layers over a sequence", () => {
  test("are strips, but what is to be opened is a card; of a last state there are units", () => {
    expect(nodes.map(({ id, kind, units }) => [id, kind, units])).toEqual([
      ["I", "input", 12],
      ["R", "maps", 3],
      ["B", "card", 0],
      ["W", "maps", 4],
      ["P", "maps", 2],
      ["G", "named", 5],
      ["D", "dense", 1],
    ]);
    expect(nodes.filter((node) => closedGroup(node) !== null).map(({ id }) => id)).toEqual(["B", "W"]);
  });
  test("no activation is claimed of what gates make, and no bias of a unit that has one for each gate", () => {
    expect(nodes.filter(({ id }) => id === "R" || id === "G").map(({ activation }) => activation)).toEqual([
      null,
      null,
    ]);
    const reading = readUnit(nodes, frame, { layer: "G", unit: 1 }) ?? fail();
    expect([reading.activation?.toFixed(1), reading.bias, reading.z]).toEqual(["-0.2", null, null]);
    expect(spokenUnit(reading, null)).toBe("last, unit 1 of 5, output −0.200");
    const read = new FrameReader(new ScaleBook()).read(place(network), frame, null, "weight", false);
    const column = read.columns.find(({ column }) => column.node.id === "G");
    expect([column?.bias, column?.ramp]).toEqual([null, "value"]);
  });
  test("a unit of a strip has no z of one place", () => {
    const reading = readUnit(nodes, frame, { layer: "P", unit: 1 }) ?? fail();
    expect([reading.z, reading.activation, reading.map?.mean]).toEqual([null, null, 0.25]);
    expect(spokenUnit(reading, null)).toBe("each, unit 1 of 2, mean +0.250, least −1.000, greatest +1.000");
  });
});

function fail(): never {
  throw new Error("not there");
}
