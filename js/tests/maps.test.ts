// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { emptyFrame, graph, layer, scenery, section } from "../demo/frames.ts";
import type { Frame, MapScale, Section } from "../src/core/frame.ts";
import type { Window } from "../src/core/graph.ts";
import { sourceOf, unitOf } from "../src/draw/edges/edgeSet.ts";
import { mapLinks } from "../src/draw/read/mapLinks.ts";
import { readPatch } from "../src/draw/read/patch.ts";
import { FrameReader } from "../src/draw/read/reading.ts";
import { ScaleBook } from "../src/draw/read/scaleBook.ts";
import { describeLegend } from "../src/draw/say/describeLegend.ts";
import { describeOmission } from "../src/draw/say/describeOmission.ts";
import { unitAt } from "../src/interact/pick.ts";
import { describeColumn } from "../src/layout/describeColumn.ts";
import { imageSize } from "../src/layout/imageSize.ts";
import { kernelInputs, kernelOfMaps, mapShapeOf, passesMaps } from "../src/layout/mapShape.ts";
import { placeColumns } from "../src/layout/placeColumns.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { readBy, receptiveFields } from "../src/layout/receptiveField.ts";
import { columnOfLayer, drawnUnit, unitBox } from "../src/layout/scene.ts";
import { buildRamps } from "../src/theme/ramps.ts";
import { createPatchPanel } from "../src/ui/inspector/patchPanel.ts";
import { kernelPlace } from "../src/ui/whatIf/kernelPlace.ts";
import { elementName, readUnit } from "../src/ui/words/readUnit.ts";
import { spokenUnit } from "../src/ui/words/spokenNames.ts";
import { measure, place } from "./helpers.ts";

const relu = { activation: "relu" };
const cnn = (maps: number) =>
  graph(
    "cnn",
    [
      layer("I", "input", "InputLayer", [8, 8, 1]),
      layer("C", "conv", "Conv2D", [8, 8, maps], relu),
      layer("P", "pool", "MaxPooling2D", [4, 4, maps]),
      layer("F", "flatten", "Flatten", [16 * maps]),
      layer("D", "dense", "Dense", [3], {
        parameters: [{ name: "kernel", shape: [16 * maps, 3], dtype: "float32", isTrainable: true }],
      }),
    ],
    [
      ["I", "C"],
      ["C", "P"],
      ["P", "F"],
      ["F", "D"],
    ],
  );

/** Of each layer one number a map: its largest; the least is 0. */
function frameOf(peaks: Record<string, readonly number[]>, drawn: Record<string, readonly number[]> = {}): Frame {
  const sections: Section[] = Object.entries(peaks).flatMap(([id, own]) => {
    const count = drawn[id]?.length ?? own.length;
    const index = drawn[id] === undefined ? [] : [section("map_index", id, "", [count], Int32Array.from(drawn[id]))];
    return [
      section("map_picture", id, "", [count, 2, 2], new Uint8Array(count * 4).fill(128)),
      section("map_moments", id, "", [own.length, 3], Float32Array.from(own.flatMap((peak) => [0, peak, peak / 2]))),
      ...index,
    ];
  });
  return emptyFrame(sections);
}

const read = (frame: Frame, scale: MapScale, maps = 2, book = new ScaleBook(), isLocked = false) => {
  const scene = place(cnn(maps));
  const reading = new FrameReader(book).read(scene, frame, null, "weight", isLocked, undefined, scale);
  return reading.columns.filter((column) => column.maps !== null);
};

describe("maps as columns", () => {
  test("convolution and pooling are maps, what only flattens them joins; a pool of what is never negative is that too", () => {
    const nodes = readNodes(cnn(2));
    expect(nodes.map(({ kind, units }) => [kind, units])).toEqual([
      ["input", 64],
      ["maps", 2],
      ["maps", 2],
      ["dense", 3],
    ]);
    expect(nodes.map(({ isNeverNegative }) => isNeverNegative)).toEqual([false, true, true, false]);
    expect(nodes[2]?.layers.map(({ id }) => id)).toEqual(["P", "F"]);
  });
  test("sixteen maps are all drawn and none lies over another; of more there are twelve and a tile for the rest", () => {
    for (const height of [400, 640, 1000]) {
      const column = columnOfLayer(place(cnn(16), null, 900, height), "C");
      const boxes = Array.from({ length: 16 }, (_, map) => unitBox(column ?? fail(), map));
      expect(column?.unitCount).toBe(16);
      boxes.forEach((one, i) => {
        for (const other of boxes.slice(i + 1)) {
          const isApart = other.x >= one.x + one.width || other.x + other.width <= one.x;
          expect(isApart || other.y >= one.y + one.height).toBe(true);
        }
      });
    }
    const many = columnOfLayer(place(cnn(64)), "C") ?? fail();
    expect(many.unitCount).toBe(13);
    expect([drawnUnit(many, 5), drawnUnit(many, 40)]).toEqual([5, 12]);
  });
  test("the tile of the rest is the layer, the others are the maps that the frame says", () => {
    const drawn = [0, 3, 5, 9, 11, 20, 21, 30, 40, 50, 60, 63];
    const input = { graph: cnn(64), scenery: null, width: 1053, height: 640, measure };
    const scene = placeColumns({ ...input, drawnMaps: new Map([["C", drawn]]) });
    const column = columnOfLayer(scene, "C") ?? fail();
    expect(drawnUnit(column, 63)).toBe(11);
    const at = (tile: number) => {
      const { x, y, width, height } = unitBox(column, tile);
      return unitAt(scene, x + width / 2, y + height / 2)?.unit;
    };
    expect([at(1), at(11), at(12)]).toEqual([3, 63, null]);
  });
});

describe("the colours of maps", () => {
  const frame = frameOf({ C: [4, 1], P: [8, 1] });
  test.each([
    ["map", [4, 1], [8, 1]],
    ["layer", [4, 4], [8, 8]],
    ["network", [8, 8], [8, 8]],
  ] as const)("one scale for each %s", (scale, conv, pool) => {
    expect(read(frame, scale).map(({ maps }) => Array.from(maps?.ends ?? []))).toEqual([conv, pool]);
  });
  test("a locked scale stays, and what is beyond it is said", () => {
    const book = new ScaleBook();
    read(frame, "layer", 2, book);
    const [conv] = read(frameOf({ C: [9, 1], P: [8, 1] }), "layer", 2, book, true);
    expect([conv?.high, conv?.isClipped]).toEqual([4, true]);
  });
  test("the legend tells the ends of the scales, and how many maps are next to nothing", () => {
    const scene = place(cnn(2));
    const legendOf = (scale: MapScale) => {
      const silent = frameOf({ C: [4, 0.1], P: [8, 1] });
      const reading = new FrameReader(new ScaleBook()).read(scene, silent, null, "weight", false, undefined, scale);
      return describeLegend(reading, null, silent, "bundles", null, false, false, scale);
    };
    expect(legendOf("network").ramps[0]).toMatchObject({ label: "Activation", low: 0, high: 8 });
    expect(legendOf("layer").ramps[0]).toMatchObject({ label: "Activation per layer", spread: [4, 8] });
    expect(legendOf("map").ramps[0]?.spread?.[1]).toBe(8);
    expect(legendOf("layer").note).toContain("1 of 2 ≈ 0");
  });
});

test("of many maps it is said what the drawn ones are the first by", () => {
  const scene = place(cnn(64));
  const tell = (by: string) => {
    const drawn = section(
      "map_index",
      "C",
      "",
      [12],
      Int32Array.from({ length: 12 }, (_, map) => 2 * map),
      { by },
    );
    const sections = [
      ...frameOf({ C: Array(64).fill(1) }).sections.filter(({ quantity }) => quantity === "map_moments"),
    ];
    const pictures = section("map_picture", "C", "", [12, 2, 2], new Uint8Array(48).fill(128));
    const frame = emptyFrame([...sections, pictures, drawn]);
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, null, "weight", false);
    return describeOmission(reading, frame, "bundles", null);
  };
  expect(tell("contribution")).toContain("give most to the shown output (|Σ slope · a|): conv (12 of 64)");
  expect(tell("mean")).toContain("the largest by mean |a|: conv (12 of 64)");
});

test("a map is told in words; a place in it has the name of its map", () => {
  const nodes = readNodes(cnn(2));
  const reading = readUnit(nodes, frameOf({ C: [4, 1], P: [8, 1] }), { layer: "C", unit: 0 }) ?? fail();
  expect(spokenUnit(reading, scenery({}))).toBe("conv, map 0 of 2, mean 2.000, least 0.000, greatest 4.000");
  expect(reading.activation).toBeNull();
  expect(elementName(nodes[2] ?? fail(), 13, null)).toBe("pool · 1 (1, 2)");
});

test("slices are told by their own sizes, whatever they are laid out as", () => {
  const volume = graph(
    "volume",
    [
      { ...layer("I", "input", "InputLayer", [6, 8, 8, 1]), channels: "last", grid: [24, 16, 1, 3, 2] },
      { ...layer("C", "conv", "Conv3D", [6, 4, 5, 2], relu), channels: "last", grid: [12, 10, 2, 3, 2] },
    ],
    [["I", "C"]],
  );
  const [input = fail(), conv = fail()] = readNodes(volume);
  expect([conv.kind, conv.pictures]).toEqual(["maps", [12, 10, 2]]);
  expect(imageSize(input, null)).toEqual([24, 16]);
  expect(describeColumn(input, "image")).toBe("6 × 8 × 8 grey levels");
  expect(describeColumn(conv, "maps")).toBe("6×4×5×2 · ReLU");
  expect(elementName(conv, 2 * (3 * 20 + 2 * 5 + 4) + 1, null)).toBe("conv · 1 (3, 2, 4)");
  expect(elementName(input, 3 * 64 + 2 * 8 + 4, null)).toBe("(3, 2, 4)");
  const kernel = { name: "kernel", shape: [3, 2, 2, 1, 2], dtype: "float32", isTrainable: true };
  const place = kernelPlace({ ...conv.layers[0], role: "conv", parameters: [kernel] } as never);
  expect(place?.index([2, 1, 0], 0, 1)).toEqual([2, 1, 0, 0, 1]);
});

describe("the links of maps", () => {
  const kernel = (shape: number[]) => [{ name: "kernel", shape, dtype: "float32", isTrainable: true }];
  const withKernels = (maps: number) => {
    const known = cnn(maps);
    return {
      ...known,
      layers: known.layers.map((one) => (one.id === "C" ? { ...one, parameters: kernel([3, 3, 1, maps]) } : one)),
    };
  };
  const link = (id: string, shape: [number, number], measure: string, quantity = "weight") =>
    section("map_link", id, quantity, shape, new Float32Array(shape[0] * shape[1]).fill(1), { measure });
  const readLinks = (maps: number, sections: Section[], quantity: "weight" | "signal" = "weight") => {
    const scene = place(withKernels(maps));
    const frame = emptyFrame(sections);
    const reading = new FrameReader(new ScaleBook()).read(scene, frame, null, quantity, false);
    const name = (index: number) => scene.columns[index]?.node.name;
    return scene.links.map(({ source, target }, i) => [name(source), name(target), reading.edges[i]?.measure ?? null]);
  };
  test("a norm or a sum leads from each map to each it is a part of; a pool has no weights to draw", () => {
    const sections = [link("C", [1, 2], "norm"), link("D", [2, 3], "norm")];
    expect(readLinks(2, sections)).toEqual([
      ["input", "conv", "norm"],
      ["conv", "pool", null],
      ["pool", "dense", "norm"],
    ]);
    expect(readLinks(2, [link("D", [2, 3], "sum", "signal")], "signal")[2]?.[2]).toBe("sum");
  });
  test("the channels of a picture lead to a map as one: the norm of their norms", () => {
    const scene = place(withKernels(2));
    const three = section("map_link", "C", "weight", [3, 2], Float32Array.of(1, 2, 2, 3, 2, 6), { measure: "norm" });
    const reading = new FrameReader(new ScaleBook()).read(scene, emptyFrame([three]), null, "weight", false);
    expect(Array.from(reading.edges[0]?.set.values ?? [])).toEqual([3, 7]);
  });
  test("what pools whole maps has a unit for each, fed by that map alone, and no weights", () => {
    const known = cnn(2);
    const mean = layer("F", "mean", "GlobalAveragePooling2D", [2], { role: "pool" });
    const nodes = readNodes({ ...known, layers: known.layers.map((one) => (one.id === "F" ? mean : one)) });
    expect(nodes[3]).toMatchObject({ kind: "named", units: 2, isNeverNegative: true });
    expect(passesMaps(nodes[3] ?? fail())).toBe(true);
  });
  test("pairs that no link joins have no line, and are not counted", () => {
    const scene = place(withKernels(2));
    const one = section("map_link", "D", "weight", [2, 3], Float32Array.of(1, -1, 2, -1, 3, -1), { measure: "norm" });
    const reading = new FrameReader(new ScaleBook()).read(scene, emptyFrame([one]), null, "weight", false);
    const { set } = reading.edges[2] ?? fail();
    expect(Array.from(set.values, (value, edge) => [sourceOf(set, edge), unitOf(set, edge), value])).toEqual([
      [0, 0, 1],
      [0, 2, 2],
      [1, 1, 3],
    ]);
    expect(describeOmission(reading, emptyFrame([one]), "bundles", null)).toContain("3 links of maps");
    const [, , pool, dense] = readNodes(withKernels(2));
    expect(mapLinks(emptyFrame([one]), pool ?? fail(), dense ?? fail(), "weight")).toHaveLength(3);
  });
  test.each([
    ["Conv2D", "conv", "kernel", [3, 3, 3, 2], 3],
    ["DepthwiseConv2D", "depthwise", "kernel", [3, 3, 1, 2], 1],
    ["Conv2DTranspose", "transposed", "kernel", [3, 3, 2, 1], 1],
    ["SeparableConv2D", "conv", "depthwise_kernel", [3, 3, 3, 1], 3],
    ["Conv2D", "conv", "kernel", [3, 3, 8, 1], 0],
  ] as const)("a kernel of %s (%s %s %j) is one picture over one input or three", (type, role, name, shape, inputs) => {
    const parameters = [{ name, shape: [...shape], dtype: "float32", isTrainable: true }];
    const own = { ...layer("K", "k", type, [4, 4, 2], { role }), parameters };
    expect(kernelInputs(own)).toBe(inputs);
    expect(kernelOfMaps({ kind: "maps", layers: [own] })).toBe(true);
  });
  test("links that do not fit what is drawn are left out, those of single numbers of the maps too", () => {
    const whole = section("weight", "D", "kernel", [32, 3], new Float32Array(96));
    expect(readLinks(2, [whole, link("C", [1, 3], "norm")]).map(([, , measure]) => measure)).toEqual([
      null,
      null,
      null,
    ]);
    expect(readLinks(64, [link("D", [13, 3], "norm")])[2]?.[2]).toBe("norm");
  });
});

describe("maps of sequences and with the channels first", () => {
  const strips = graph(
    "strips",
    [
      layer("I", "input", "InputLayer", [128, 2], { channels: "last" }),
      layer("C", "conv", "Conv1D", [128, 16], {
        ...relu,
        channels: "last",
        window: { size: [1, 5], step: [1, 1], before: [0, 4], spread: [1, 1] },
      }),
      layer("P", "pool", "MaxPooling1D", [16, 64], { channels: "first" }),
    ],
    [
      ["I", "C"],
      ["C", "P"],
    ],
  );
  test("a sequence is a row, whichever axis counts its maps; without a word of its maps it has none", () => {
    const nodes = readNodes(strips);
    expect(nodes.map(({ maps }) => maps)).toEqual([null, [1, 128, 16], [1, 64, 16]]);
    const silent = {
      ...strips,
      layers: strips.layers.map((one) => ({ ...one, channels: null, role: "norm" as const })),
    };
    expect(readNodes(silent).map(({ kind }) => kind)).not.toContain("maps");
    const first = layer("X", "x", "Conv2D", [4, 9, 7], { channels: "first" });
    expect(mapShapeOf(first)).toEqual([9, 7, 4]);
  });
  test("a strip is low and wide, and none lies over another", () => {
    for (const width of [700, 1053]) {
      const column = columnOfLayer(place(strips, null, width, 640), "C") ?? fail();
      const boxes = Array.from({ length: 16 }, (_, map) => unitBox(column, map));
      for (const [i, { x, y, width: wide, height }] of boxes.entries()) {
        expect(wide).toBeGreaterThanOrEqual(40);
        expect([height >= 8, height <= 20]).toEqual([true, true]);
        const after = boxes.slice(i + 1);
        expect(after.every((other) => other.y >= y + height || other.x >= x + wide)).toBe(true);
      }
    }
  });
  test("a sequence that comes in has a row a channel, all of which a place is made of", () => {
    const scene = place(strips);
    expect(imageSize(scene.columns[0]?.node ?? fail(), null)).toEqual([2, 128]);
    const [, input] = receptiveFields(scene, "C", [0, 9]);
    expect(input?.patch).toEqual({ rows: [0, 1], columns: [5, 9] });
    expect(receptiveFields(scene, "C", [0, 0])[1]?.patch.columns).toEqual([0, 0]);
  });
});

function fail(): never {
  throw new Error("expected something");
}

describe("a place in a map", () => {
  const window = (size: number, step: number, before: number): Window => ({
    size: [size, size],
    step: [step, step],
    before: [before, before],
    spread: [1, 1],
  });
  const graphWith = (conv: Window, pool: Window) => {
    const known = cnn(2);
    const windows: Record<string, Window> = { C: conv, P: pool };
    return { ...known, layers: known.layers.map((one) => ({ ...one, window: windows[one.id] ?? null })) };
  };
  test.each([
    [3, 1, 1],
    [3, 1, 0],
    [5, 2, 2],
    [1, 1, 0],
  ])("its receptive field in the input is what moves it, and no more: %i × %i, padding %i", (size, step, before) => {
    const [conv, pool] = [window(size, step, before), window(2, 2, 0)];
    const scene = place(graphWith(conv, pool));
    for (const at of [0, 1, 3]) {
      const [, middle, input] = receptiveFields(scene, "P", [at, at]);
      expect(middle?.patch.rows).toEqual([2 * at, 2 * at + 1].map((row) => Math.min(7, row)));
      // a row of the input counts where it lies in one of the windows of the rows that are pooled
      const counts = Array.from({ length: 8 }, (_, row) =>
        [2 * at, 2 * at + 1].some((own) => row >= own * step - before && row < own * step - before + size),
      );
      const [first, last] = [counts.indexOf(true), counts.lastIndexOf(true)];
      if (first >= 0) expect(input?.patch).toEqual({ rows: [first, last], columns: [first, last] });
    }
  });
  test.each([
    [3, 2, 1, 1],
    [3, 2, 0, 1],
    [2, 3, 0, 1],
    [3, 1, 1, 2],
  ])("of a transposed window %i × %i moved by %i: the places that are spread over it", (size, step, before, spread) => {
    const own: Window = { ...window(size, step, before), spread: [spread, spread], isTransposed: true };
    for (let at = 0; at < 9; at++) {
      const sources = Array.from({ length: 9 }, (_, row) => row).filter((row) =>
        Array.from({ length: size }, (_, tap) => row * step + tap * spread - before).includes(at),
      );
      const [from = 0, to = -1] = readBy(own, { rows: [at, at], columns: [at, at] }).rows;
      const inside = Array.from({ length: 9 }, (_, row) => row).filter((row) => row >= from && row <= to);
      expect(sources.every((row) => inside.includes(row))).toBe(true);
      if (spread === 1) expect(inside).toEqual(sources);
    }
  });
  describe("through skips and merges", () => {
    const branching = (deep: Window | null, size = 8) =>
      graph(
        "skip",
        [
          layer("I", "input", "InputLayer", [8, 8, 1]),
          layer("A", "first", "Conv2D", [8, 8, 2], { window: window(3, 1, 1) }),
          layer("B", "deep", "Conv2D", [size, size, 2], { window: deep }),
          layer("S", "sum", "Add", [8, 8, 2], { window: window(1, 1, 0) }),
          layer("L", "last", "Conv2D", [3, 3, 2], { window: window(3, 2, 0) }),
        ],
        [
          ["I", "A"],
          ["A", "B"],
          ["A", "S"],
          ["B", "S"],
          ["S", "L"],
        ],
      );
    const told = (from: ReturnType<typeof graph>, at: number) =>
      Object.fromEntries(
        receptiveFields(place(from), "L", [at, at]).map(({ column, patch }) => [column.node.id, patch.rows]),
      );
    const reads = ({ size, step, before }: Window, rows: readonly number[]) =>
      Array.from({ length: 8 }, (_, row) => row).filter((row) =>
        rows.some((own) => row >= own * step[0] - before[0] && row < own * step[0] - before[0] + size[0]),
      );
    test.each([0, 1, 2])("it is the box around what every way reaches: place %i", (at) => {
      const deep = window(5, 1, 2);
      const sum = reads(window(3, 2, 0), [at]);
      const first = [...new Set([...sum, ...reads(deep, sum)])].sort((one, other) => one - other);
      const ends = (rows: readonly number[]) => [rows[0], rows.at(-1)];
      const expected = { L: [at, at], B: ends(sum), A: ends(first), I: ends(reads(window(3, 1, 1), first)) };
      expect(told(branching(deep), at)).toEqual(expected);
    });
    test("what is not known on one of the ways leaves all before it untold", () => {
      expect(Object.keys(told(branching(null), 1)).sort()).toEqual(["B", "L"]);
      expect(Object.keys(told(branching(window(8, 1, 0), 1), 1))).toEqual(["L"]);
    });
    test("the maps that a merge hands on are those before the place", () => {
      const fields = receptiveFields(place(branching(window(5, 1, 2))), "L", [1, 1]);
      const near = fields.filter(({ isDirect }) => isDirect).map(({ column }) => column.node.id);
      expect(near.sort()).toEqual(["A", "B"]);
    });
  });
  test("a window that lies in the padding alone reads nothing before it", () => {
    const scene = place(graphWith(window(1, 1, 2), window(2, 2, 0)));
    expect(receptiveFields(scene, "C", [0, 0])).toHaveLength(1);
    expect(receptiveFields(scene, "C", [2, 3])[1]?.patch).toEqual({ rows: [0, 0], columns: [1, 1] });
  });
  test("it ends where a window is not known", () => {
    const scene = place(cnn(2));
    expect(receptiveFields(scene, "P", [1, 1])).toHaveLength(1);
  });

  const patchSections = (attributes: object = {}) => [
    section("patch", "C", "", [2, 1, 2], Float32Array.of(1, 2, 3, -1), {
      unit: 1,
      row: 2,
      column: 3,
      bias: 0.5,
      z: 9.5,
      a: 9.5,
      ...attributes,
    }),
    section("patch_kernel", "C", "", [2, 1, 2], Float32Array.of(1, 2, 1, -1), { hasBias: true }),
  ];
  test("its parts are patch · kernel map by map, of this place alone", () => {
    const node = readNodes(cnn(2))[1] ?? fail();
    const frame = emptyFrame(patchSections());
    expect(Array.from(readPatch(frame, node, 1, [2, 3])?.parts ?? [])).toEqual([5, 4]);
    expect(readPatch(frame, node, 1, [2, 4])).toBeNull();
    expect(readPatch(frame, node, 0, [2, 3])).toBeNull();
  });
  test("the inspector's parts and the bias add up to z, as they are written", () => {
    const nodes = readNodes(graphWith(window(3, 1, 1), window(2, 2, 0)));
    const frame = emptyFrame([...patchSections(), ...frameOf({ C: [4, 1], P: [4, 1] }).sections]);
    const reading = readUnit(nodes, frame, { layer: "C", unit: 1 }) ?? fail();
    const moved: unknown[] = [];
    const panel = createPatchPanel((to) => moved.push(to));
    panel.set(reading, frame, { layer: "C", unit: 1, place: [2, 3] }, buildRamps("light"));
    const numbers = Array.from(panel.element.querySelectorAll(".nv-patch .nv-bar-number"), (one) => one.textContent);
    expect(numbers).toEqual(["+5.000", "+4.000"]);
    expect(panel.element.textContent).toContain("+9.500");
    const [row] = panel.element.querySelectorAll("input");
    if (row === undefined) fail();
    row.value = "99";
    row.dispatchEvent(new Event("input"));
    expect(moved).toEqual([[7, 3]]);
  });
});

describe("a picture that comes in", () => {
  const read = (sections: Section[]) => {
    const scene = place(cnn(2));
    return (
      new FrameReader(new ScaleBook()).read(scene, emptyFrame(sections), null, "weight", false).columns[0] ?? fail()
    );
  };
  test("a large one has the pixels and the range it was sent with", () => {
    const codes = Uint8Array.of(1, 255, 128, 0);
    const { values, sent, low, high } = read([section("picture", "I", "", [2, 2, 1], codes, { lo: -2, hi: 3 })]);
    expect(sent).toEqual([2, 2]);
    expect(values?.[0]).toBe(-2);
    expect(values?.[1]).toBe(3);
    expect(values?.[2]).toBeCloseTo(0.5);
    expect(values?.[3]).toBeNaN();
    expect([low, high]).toEqual([-2, 3]);
  });
  test.each([
    [[0, 0.5], 0, 1],
    [[0, 200], 0, 255],
    [[-1, 2.5], -1, 2.5],
    [[0, 1000], 0, 1000],
  ])("the ends of its colours are those of its kind of numbers, or its own: %j", (numbers, least, most) => {
    const values = new Float32Array(64).fill(numbers[0] ?? 0);
    values[5] = numbers[1] ?? 0;
    const { low, high } = read([section("activation", "I", "", [64], values)]);
    expect([low, high]).toEqual([least, most]);
  });
});
