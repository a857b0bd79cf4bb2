import { describe, expect, test } from "vitest";
import { denseLayer, graph, layer } from "../demo/frames.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { findPlaces } from "../src/ui/places/findPlaces.ts";
import { unitName } from "../src/ui/words/readUnit.ts";
import { chain, twoLanes } from "./helpers.ts";

describe("readNodes", () => {
  test("elementwise layers fold into the column before them and name its activation", () => {
    const joined = readNodes(twoLanes()).find((node) => node.id === "D3");
    expect(joined?.layers.map((one) => one.id)).toEqual(["D3", "R", "P"]);
    expect(joined?.activation).toBe("relu");
  });

  test("a flatten after an image input folds into the input, and the dense layer reads from it", () => {
    const nodes = readNodes(
      graph(
        "flat",
        [
          layer("I", "input", "InputLayer", [8, 8, 1]),
          layer("F", "flatten", "Flatten", [64]),
          denseLayer("D", "dense", 64, 3, "softmax"),
        ],
        [
          ["I", "F"],
          ["F", "D"],
        ],
      ),
    );
    expect(nodes.map((node) => node.id)).toEqual(["I", "D"]);
    expect(nodes[0]?.shape).toEqual([8, 8, 1]);
    expect(nodes[1]?.sources).toEqual(["I"]);
  });

  test("a layer whose output goes to two places keeps what follows it apart", () => {
    const nodes = readNodes(
      graph(
        "fork",
        [
          layer("I", "input", "InputLayer", [4]),
          denseLayer("D", "dense", 4, 4, "linear"),
          layer("R", "relu", "ReLU", [4]),
          layer("A", "add", "Add", [4]),
        ],
        [
          ["I", "D"],
          ["D", "R"],
          ["D", "A"],
          ["R", "A"],
        ],
      ),
    );
    expect(nodes.find((node) => node.id === "D")?.layers).toHaveLength(1);
    expect(nodes.find((node) => node.id === "R")?.kind).toBe("card");
  });

  test("what a layer is decides, not what its class is called", () => {
    const named = [
      layer("I", "input", "InputLayer", [4]),
      { ...denseLayer("D", "mine", 4, 4, "tanh"), type: "MyDense" },
      layer("F", "gate", "MyGate", [4], { role: "elementwise" }),
      { ...denseLayer("O", "other", 4, 2, "tanh"), role: "opaque" as const },
    ];
    const nodes = readNodes(
      graph("named", named, [
        ["I", "D"],
        ["D", "F"],
        ["F", "O"],
      ]),
    );
    expect(nodes.map(({ kind, layers }) => [kind, layers.length])).toEqual([
      ["input", 1],
      ["dense", 2],
      ["card", 1],
    ]);
  });

  test("rank is the longest path from an input", () => {
    const ranks = Object.fromEntries(readNodes(twoLanes()).map((node) => [node.id, node.rank]));
    expect(ranks).toEqual({ A: 0, B: 0, D0: 1, D1: 1, D2: 2, M: 3, D3: 4, D4: 5 });
  });

  test("what cannot be drawn inside is a card: a note, an unknown shape, a layer of another kind, a Dense on sequences", () => {
    const kinds = readNodes(
      graph(
        "cards",
        [
          layer("a", "noted", "Dense", [4], { note: "no inner view" }),
          { ...layer("b", "unbuilt", "Dense", []), outputShape: [], units: null },
          layer("c", "lstm", "LSTM", [4, 2]),
          { ...denseLayer("d", "sequence", 4, 4, "relu"), outputShape: [[null, 7, 4]] },
        ],
        [
          ["a", "c"],
          ["b", "c"],
          ["c", "d"],
        ],
      ),
    ).map((node) => node.kind);
    expect(kinds).toEqual(["card", "card", "card", "card"]);
  });

  test("units that their layer names are drawn one by one, under these names", () => {
    const named = layer("F", "features", "Features", [2], { unitNames: ["x₁²", "sin\u202e"] });
    const last = denseLayer("D", "dense", 2, 1, "sigmoid");
    const nodes = readNodes(
      graph(
        "named",
        [layer("I", "input", "InputLayer", [2]), named, last],
        [
          ["I", "F"],
          ["F", "D"],
        ],
      ),
    );
    expect(nodes.map(({ kind, units }) => [kind, units])).toEqual([
      ["input", 2],
      ["named", 2],
      ["dense", 1],
    ]);
    const names = nodes.map((node) => unitName(node, 1, null));
    expect(names).toEqual(["x₂", "sin\\u202e", "dense · 1"]);
    expect(nodes.map((node) => findPlaces([node], null, "x₁²", 9).total)).toEqual([0, 1, 0]);
  });

  test("a layer used twice and a link to nowhere do not hang it", () => {
    const looped = graph(
      "loop",
      [
        layer("I", "input", "InputLayer", [4]),
        denseLayer("D", "dense", 4, 4, "relu"),
        denseLayer("E", "other", 4, 4, "relu"),
      ],
      [
        ["I", "D"],
        ["D", "E"],
        ["E", "D"],
        ["D", "D"],
        ["ghost", "E"],
      ],
      { inputs: ["I"], outputs: ["E"] },
    );
    expect(
      readNodes(looped)
        .map((node) => node.id)
        .sort(),
    ).toEqual(["D", "E", "I"]);
    expect(readNodes(graph("none", [], []))).toEqual([]);
  });

  test("a chain is read in order", () => {
    expect(readNodes(chain([2, 6, 4, 1])).map((node) => node.units)).toEqual([2, 6, 4, 1]);
  });
});
