import { describe, expect, test } from "vitest";
import { emptyFrame, graph, layer, section } from "../demo/frames.ts";
import type { Graph, OpenGroup } from "../src/core/graph.ts";
import type { NetworkIndex } from "../src/core/networkIndex.ts";
import { formatShort } from "../src/lib/numberFormat.ts";
import { readIndex } from "../src/stream/readIndex.ts";
import { firstFitting, shapeWays, typeWays } from "../src/ui/places/cardTexts.ts";
import { treeLines } from "../src/ui/places/layerTree.ts";
import { cardsInView, cardWidth, GAP, levelRows, shortened, skipsInView } from "../src/ui/places/levelRows.ts";
import { createShades } from "../src/ui/places/shades.ts";

const open = (id: string, name: string, parent: string | null, members: readonly string[]): OpenGroup => ({
  ...{ id, name, parent, members, path: name, kind: "stage", uses: 1, memberCount: members.length, layerCount: 9 },
  ...{ type: "Stage", inside: null, outputShape: [[null, 4]], parameterCount: 8, links: [] },
});
const NETWORK: Graph = {
  ...graph("net", [layer("A", "given", "InputLayer", [4]), layer("C", "s1_b1_conv", "Conv2D", [4])], []),
  level: {
    members: ["A", "S1"],
    links: [{ source: "A", target: "S1" }],
  },
  opened: [
    open("S1", "s1", null, ["S2"]),
    { ...open("S2", "s1_b1", "S1", ["C"]), links: [{ source: "S2", target: "C" }] },
  ],
};

describe("rows of levels", () => {
  test("there is one for the network and one for each opened group, with the way to it", () => {
    const rows = levelRows(NETWORK);
    expect(rows.map(({ trail }) => trail.join("/"))).toEqual(["net", "net/s1", "net/s1/s1_b1"]);
    expect(rows.map(({ cards }) => cards.map(({ id, isOpen }) => `${id} ${isOpen}`))).toEqual([
      ["A false", "S1 true"],
      ["S2 true"],
      ["C false"],
    ]);
    expect(rows[0]?.links).toEqual([[0, 1]]);
    expect(rows[2]?.links).toEqual([[-1, 0]]);
    expect(rows[2]?.cards[0]?.shortName).toBe("conv");
  });

  test("a name is told without that of the group around it, at both ends of a repetition", () => {
    expect(shortened("s1_b2 … s1_b6", ["s1"])).toBe("b2 … b6");
    expect(shortened("s1_b2", ["s1_b2 … s1_b6", "s1"])).toBe("b2");
    expect(shortened("s10_b2", ["s1"])).toBe("s10_b2");
    expect(shortened("s1_", ["s1"])).toBe("s1_");
  });

  test("at most twelve cards share the width, none under 84 px nor over 160", () => {
    expect(cardWidth(3, 1000)).toBe(160);
    expect(cardWidth(12, 12 * 100 + 11 * GAP)).toBeCloseTo(100);
    expect(cardWidth(500, 12 * 100 + 11 * GAP)).toBeCloseTo(100);
    expect(cardWidth(12, 500)).toBeGreaterThanOrEqual(84);
  });

  test("a card says its shape whole, or in fewer words, and never a part of it", () => {
    const measure = (text: string) => text.length * 7;
    const shape = shapeWays([null, 14, 14, 1024]);
    expect(firstFitting(shape, 80, measure)).toBe("14×14×1024");
    expect(firstFitting(shape, 66, measure)).toBe("14²×1024");
    expect(firstFitting(shapeWays([null, 112, 120, 1024]), 70, measure)).toBe("1,024 maps");
    expect(shapeWays([null, 2048])).toEqual(["2048"]);
    expect(firstFitting(typeWays("BatchNormalization"), 70, measure)).toBe("BatchNorm");
    expect(firstFitting(typeWays("BatchNormalization"), 140, measure)).toBe("BatchNormalization");
  });

  test("of a thousand cards only those in view are made", () => {
    const [first, behind] = cardsInView(1000, 100, 5000, 1000);
    expect(behind - first).toBeLessThan(15);
    expect(first * (100 + GAP)).toBeLessThanOrEqual(5000);
    expect(behind * (100 + GAP)).toBeGreaterThanOrEqual(6000);
  });

  test("links over others have lanes of their own while there are three", () => {
    const links = [
      [0, 1],
      [0, 3],
      [1, 4],
      [4, 6],
      [-1, 0],
      [-1, 2],
    ] as const;
    const skips = skipsInView(links, [0, 10]);
    expect(skips.map(({ from, to, lane }) => `${from}-${to} ${lane}`)).toEqual(["-1-2 0", "0-3 1", "1-4 2", "4-6 0"]);
    expect(skipsInView(links, [5, 10]).map(({ from }) => from)).toEqual([4]);
  });

  test("counts are short where there is no room", () => {
    expect([512, 12_345, 23_608_202].map(formatShort)).toEqual(["512", "12.3 k", "23.6 M"]);
  });
});

describe("colours of levels", () => {
  const index = readIndex({
    layers: [
      ["A", "a", 0, -1, 0],
      ["B", "g/b", 0, 0, 4],
      ["C", "g/c", 0, 0, 16],
    ],
    groups: [["G", "g", 0, -1, "stage"]],
    types: ["Dense"],
    count: 3,
  }) as NetworkIndex;

  test("without gradients it is the share of the parameters", () => {
    const shades = createShades()(index, null, "light", "size");
    expect([...Array.from(shades.shares)]).toEqual([0, 0.5, 1]);
    expect([shades.ends, shades.told("G")[0]]).toEqual([null, undefined]);
  });

  test("with gradients it is how large they are beside the weights, a group by its largest, what is not known without", () => {
    const frame = emptyFrame([section("rates", "", "gradient", [3], Float32Array.of(Number.NaN, 0.001, 0.1))]);
    const shades = createShades()(index, frame, "light", "gradient");
    expect(shades.ends).toEqual(["0.0010", "0.1000"]);
    expect([shades.told("B")[0], shades.told("G")[0], shades.told("A")[0]]).toEqual([
      "g/w 0.001",
      "g/w ≤ 0.100",
      undefined,
    ]);
    expect(shades.sharesIn("G")).toEqual([0, 1]);
    expect(shades.sharesIn("A")).toEqual([]);
    expect(shades.healthOf("G")).toBeNull();
  });

  test("with dead units it is their share, a group by its worst, with the number of those to be warned of", () => {
    const values = Float32Array.of(Number.NaN, 0.25, 0.5);
    const samples = section("rates", "", "samples", [1], Float32Array.of(64));
    const frame = emptyFrame([section("rates", "", "dead", [3], values), samples]);
    const shades = createShades()(index, frame, "light", "dead");
    expect([shades.ends, shades.samples]).toEqual([["0%", "100%"], 64]);
    expect([shades.told("B")[0], shades.told("G")[0], shades.told("A")[0]]).toEqual([
      "25.0% dead",
      "≤ 50.0% dead",
      undefined,
    ]);
    expect([shades.healthOf("A"), shades.healthOf("B")]).toEqual([null, { health: "ok", count: 0 }]);
    expect(shades.healthOf("G")).toEqual({ health: "err", count: 1 });
  });

  test("with the last change it is how many steps ago that was, and nothing where it is not known", () => {
    const frame = emptyFrame([section("rates", "", "change", [3], Float32Array.of(Number.NaN, 0, 1600))]);
    const shades = createShades()(index, frame, "light", "change");
    expect(shades.ends).toEqual(["0", "1,600"]);
    expect([shades.told("B")[0], shades.told("C")[0], shades.told("A")[0]]).toEqual([
      "just changed",
      "≥ 1,600 steps",
      undefined,
    ]);
    expect([...Array.from(shades.shares).slice(1)]).toEqual([0, 1]);
    expect(createShades()(index, frame, "light", "dead").ends).toBeNull();
  });
});

test("the list of layers has a line for each that lies in no closed group, with its place among those around it", () => {
  const index = readIndex({
    layers: [
      ["A", "a", 0, -1, 0],
      ["B", "g/h/b", 0, 1, 4],
      ["C", "g/c", 0, 0, 16],
      ["D", "d", 0, -1, 1],
    ],
    groups: [
      ["G", "g", 0, -1, "stage"],
      ["H", "g/h", 0, 0, "stage"],
    ],
    types: ["Dense"],
    count: 4,
  }) as NetworkIndex;
  const told = (...opened: string[]) =>
    treeLines(index, new Set(opened)).map(({ one, level, place, size }) => `${one.id}${level} ${place}/${size}`);
  expect(told()).toEqual(["A1 1/3", "G1 2/3", "D1 3/3"]);
  expect(told("g")).toEqual(["A1 1/3", "G1 2/3", "H2 1/2", "C2 2/2", "D1 3/3"]);
  expect(told("g/h")).toEqual(told());
  expect(told("g", "g/h")).toEqual(["A1 1/3", "G1 2/3", "H2 1/2", "B3 1/1", "C2 2/2", "D1 3/3"]);
});
