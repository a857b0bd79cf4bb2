// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { denseLayer, emptyFrame, graph, layer, scenery, section } from "../demo/frames.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { readScores } from "../src/draw/read/scores.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { columnOfLayer } from "../src/layout/scene.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createScorePanel } from "../src/ui/inspector/scorePanel.ts";
import { headFacts } from "../src/ui/words/headFacts.ts";
import { readUnit } from "../src/ui/words/readUnit.ts";
import { spokenUnit } from "../src/ui/words/spokenNames.ts";
import { place } from "./helpers.ts";

const sized = (queries: number, keys: number, heads: number, block: [number, number] = [1, 1]) =>
  graph(
    "looking",
    [
      layer("I", "input", "InputLayer", [queries, 4]),
      layer("A", "look", "MultiHeadAttention", [queries, 4], {
        role: "attention",
        attention: { queries, keys, heads, block },
      }),
      layer("F", "flat", "Flatten", [4 * queries]),
      denseLayer("D", "dense", 4 * queries, 2, "linear"),
    ],
    [
      ["I", "A"],
      ["A", "F"],
      ["F", "D"],
    ],
  );

/** Head 1 of two over three places: what each row looks at. */
const SCORES = [
  [1, 0, 0],
  [0.75, 0.25, 0],
  [0.5, 0.25, 0.25],
];
const frame = emptyFrame([
  section("map_picture", "A", "", [2, 3, 3], new Uint8Array(18).fill(128)),
  section("map_moments", "A", "", [2, 3], Float32Array.from([0, 0.5, 1 / 3, 0, 1, 1 / 3])),
  section("scores", "A", "", [3, 3], Float32Array.from(SCORES.flat()), { unit: 1, one_back: 0.5, entropy: 0.771 }),
  section("activation", "A", "", [12], new Float32Array(12).fill(9)),
  section("weight", "D", "kernel", [12, 2], new Float32Array(24).fill(0.1)),
]);
const nodes = readNodes(sized(3, 3, 2));
const node = nodes[1] ?? fail();

describe("heads as a column", () => {
  test("its units are heads; what it puts out is not told as theirs, nor are they the inputs of what follows", () => {
    expect([node.kind, node.units, node.pictures, node.maps]).toEqual(["heads", 2, [3, 3, 2], null]);
    expect(columnOfLayer(place(sized(3, 3, 2)), "A")?.unitCount).toBe(2);
    const reading = readUnit(nodes, frame, { layer: "A", unit: 1 }) ?? fail();
    expect([reading.activation, reading.outputs, reading.next]).toEqual([null, null, null]);
    const after = readUnit(nodes, frame, { layer: "D", unit: 0 }) ?? fail();
    expect([after.source, after.inputs]).toEqual([null, null]);
    expect(place(sized(3, 3, 2)).links.at(-1)?.hasKernel).toBe(false);
  });
  test("of long sequences the head says how many places there are, and the pictures how many squares", () => {
    const long = sized(100, 130, 20, [2, 3]);
    expect(readNodes(long)[1]?.pictures).toEqual([50, 44, 20]);
    const column = columnOfLayer(place(long), "A") ?? fail();
    expect(column.unitCount).toBe(13);
    expect(describeColumn(column.node, column.kind)).toBe("20 heads · 100×130");
  });
  test("a head is told in words, and the legend has its scale beside that of maps", () => {
    const reading = readUnit(nodes, frame, { layer: "A", unit: 1 }) ?? fail();
    expect(spokenUnit(reading, scenery({}))).toBe("look, head 1 of 2, largest 1.000");
    const read = new FrameReader(new ScaleBook()).read(place(sized(3, 3, 2)), frame, null, "weight", false);
    const legend = describeLegend(read, null, frame, "bundles", null, false, false, "network").ramps;
    expect(legend.find(({ id }) => id === "heads")).toMatchObject({ label: "Attention score", low: 0, high: 1 });
  });
});

describe("who looks at whom", () => {
  test("the habits of a head are told as far as they are known", () => {
    const facts = headFacts(readScores(frame, node, 1) ?? fail()).map(({ name, value }) => `${name} ${value}`);
    expect(facts).toEqual(["mean on one back 0.500", "entropy 0.77 of 1.58 bits"]);
  });
  test("scores of another head are not those of the chosen one", () => {
    expect(readScores(frame, node, 0)).toBeNull();
  });
  test("a place's scores are listed, the strongest first, and add up; a row leads to its place", () => {
    const went: (readonly number[])[] = [];
    const panel = createScorePanel(
      (to) => went.push(to),
      () => {},
      new AbortController().signal,
    );
    const reading = readUnit(nodes, frame, { layer: "A", unit: 1 }) ?? fail();
    panel.set(reading, frame, { layer: "A", unit: 1, place: [1, 0] }, buildRamps("light"));
    const texts = (name: string) => [...panel.element.querySelectorAll(name)].map(({ textContent }) => textContent);
    expect(texts(".nv-bar-label")).toEqual(["place 0", "place 1", "place 2", "sum"]);
    expect(texts(".nv-bar-number")).toEqual(["0.750", "0.250", "0.000", "1.000"]);
    panel.element.querySelectorAll<HTMLElement>(".nv-bar-link")[1]?.click();
    expect(went).toEqual([[1, 1]]);
  });
  test("of blocks there is no sum, and it is said what a square is", () => {
    const blocks = readNodes(sized(6, 5, 2, [2, 2]));
    const reading = readUnit(blocks, frame, { layer: "A", unit: 1 }) ?? fail();
    const panel = createScorePanel(
      () => {},
      () => {},
      new AbortController().signal,
    );
    panel.set(reading, frame, { layer: "A", unit: 1, place: [0, 0] }, buildRamps("light"));
    expect(panel.element.textContent).toContain("Each square is the largest of 2 × 2 scores.");
    const labels = [...panel.element.querySelectorAll(".nv-bar-label")].map(({ textContent }) => textContent);
    expect(labels).toEqual(["places 0–1", "places 2–3", "place 4"]);
  });
});

function fail(): never {
  throw new Error("not there");
}
