// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { emptyFrame, graph, header, layer, section } from "../demo/frames.ts";
import { Frame } from "../src/core/frame.ts";
import { tokenText } from "../src/draw/marks/tokens.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { columnOfLayer, unitBox } from "../src/layout/scene.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createScorePanel } from "../src/ui/inspector/scorePanel.ts";
import { unitFacts } from "../src/ui/inspector/unitFacts.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";
import { place } from "./helpers.ts";

const looking = (count = 3, keyInput: string | null = "I") =>
  graph(
    "text",
    [
      layer("I", "review", "InputLayer", [count], { isTokens: true }),
      layer("E", "words", "Embedding", [count, 4], { role: "embedding" }),
      layer("N", "norm", "LayerNormalization", [count, 4], { role: "norm" }),
      layer("A", "look", "MultiHeadAttention", [count, 4], {
        role: "attention",
        attention: { queries: count, keys: count, heads: 1, block: [1, 1], queryInput: keyInput, keyInput },
      }),
    ],
    [
      ["I", "E"],
      ["E", "N"],
      ["N", "A"],
    ],
  );

const sections = [
  section("activation", "I", "", [3], Float32Array.from([7, 1234, 0])),
  section("map_picture", "A", "", [1, 3, 3], new Uint8Array(9).fill(9)),
  section("map_moments", "A", "", [1, 3], Float32Array.from([0, 1, 1 / 3])),
  section("scores", "A", "", [3, 3], Float32Array.from([0, 1, 0, 0.5, 0.25, 0.25, 0, 0, 1]), { unit: 0 }),
];
const frame = new Frame({ ...header, tokens: { I: ["the", "", "<b>"] } }, new Map(), new Map(), sections, 0);

describe("tokens", () => {
  test("an input of tokens has words and numbers, no colours, and no scale in the legend", () => {
    const scene = place(looking());
    const [reading] = new FrameReader(new ScaleBook()).read(scene, frame, null, "weight", false).columns;
    expect([reading?.column.kind, reading?.words]).toEqual(["tokens", ["the", "", "<b>"]]);
    const texts = [7, 1234, 0].map((value, unit) => tokenText(reading?.words ?? null, unit, value));
    expect(texts).toEqual(["the", "#1,234", "<b>"]);
    const all = new FrameReader(new ScaleBook()).read(scene, frame, null, "weight", false);
    const { ramps } = describeLegend(all, null, frame, "bundles", null, false, false, "layer");
    expect(ramps.map(({ label }) => label)).toEqual(["Attention score"]);
    expect(describeColumn(readNodes(looking())[0] ?? fail(), "tokens")).toBe("3 tokens");
  });
  test("a text stands in a wide box, whole in the inspector, and what comes of it as tokens behind it", () => {
    const own = graph(
      "texts",
      [
        layer("I", "review", "InputLayer", [1], { isText: true }),
        layer("V", "words", "TextVectorization", [3], {
          face: { kind: "text", shape: [1, 1, 3], title: "", isOutput: true },
        }),
        layer("E", "rows", "Embedding", [3, 4], { role: "embedding" }),
      ],
      [
        ["I", "V"],
        ["V", "E"],
      ],
    );
    const scene = place(own);
    const told = new Frame(
      { ...header, tokens: { I: ["a good film"], V: ["a", "good", ""] } },
      new Map(),
      new Map(),
      [],
      0,
    );
    const [text, words] = new FrameReader(new ScaleBook()).read(scene, told, null, "weight", false).columns;
    expect([text?.column.kind, text?.words, words?.words]).toEqual(["tokens", ["a good film"], ["a", "good", ""]]);
    const boxes = [text, words].map((one) => unitBox(one?.column ?? fail(), 0).width);
    expect(boxes[0]).toBeGreaterThan(2 * (boxes[1] ?? fail()));
    expect(
      readNodes(own)
        .map((node) => describeColumn(node, "tokens"))
        .slice(0, 2),
    ).toEqual(["1 text", "3 tokens"]);
    const reading = readUnit(readNodes(own), told, { layer: "I", unit: 0 }) ?? fail();
    expect(unitFacts(reading, readNodes(own), told, null, null)).toEqual([
      { name: "text", value: "a good film", isBold: true },
    ]);
  });
  test("many stand in files beside each other, none over another; more than there is room for have no colour", () => {
    const column = columnOfLayer(place(looking(64)), "I") ?? fail();
    const boxes = Array.from({ length: 64 }, (_, unit) => unitBox(column, unit));
    boxes.forEach((one, i) => {
      for (const other of boxes.slice(i + 1)) {
        const isBeside = other.x >= one.x + one.width || one.x >= other.x + other.width;
        expect(isBeside || other.y >= one.y + one.height).toBe(true);
      }
    });
    const long = emptyFrame([section("activation", "I", "", [900], new Float32Array(900).fill(5))]);
    const [reading] = new FrameReader(new ScaleBook()).read(place(looking(900)), long, null, "weight", false).columns;
    expect(reading?.values).toBeNull();
  });
  test("a token is told by its word and its number", () => {
    const nodes = readNodes(looking());
    const factsOf = (unit: number) =>
      unitFacts(readUnit(nodes, frame, { layer: "I", unit }) ?? fail(), nodes, frame, null, null).map(
        ({ name, value }) => `${name} ${value}`,
      );
    expect(factsOf(0)).toEqual(["token the", "number of the token 7"]);
    expect(factsOf(1)).toEqual(["number of the token 1,234"]);
  });
});

describe("the words of places that look", () => {
  const panelOf = (network: ReturnType<typeof looking>, row = 1) => {
    const nodes = readNodes(network);
    const panel = createScorePanel(
      () => {},
      () => {},
      new AbortController().signal,
    );
    const reading = readUnit(nodes, frame, { layer: "A", unit: 0 }) ?? fail();
    panel.set(reading, frame, { layer: "A", unit: 0, place: [row, 0] }, buildRamps("light"));
    return panel.element;
  };
  const labelsOf = (network: ReturnType<typeof looking>) => {
    return [...panelOf(network).querySelectorAll(".nv-bar-label")].map(({ textContent }) => textContent);
  };
  test("are those of the input whose places they are", () => {
    expect(labelsOf(looking())).toEqual(["0 · the", "place 1", "2 · <b>", "sum"]);
    expect([0, 1].map((row) => panelOf(looking(3, "I"), row).textContent)).toEqual([
      expect.stringContaining("0 · the looks at"),
      expect.stringContaining("place 1 looks at"),
    ]);
  });
  test("are not told where nobody knows them", () => {
    expect(labelsOf(looking(3, null))[0]).toBe("place 0");
  });
});

function fail(): never {
  throw new Error("not there");
}
