import { describe, expect, test } from "vitest";
import { graph, layer, scenery } from "../demo/frames.ts";
import type { Column, Scene } from "../src/layout/scene.ts";
import { drawnUnit, unitBox } from "../src/layout/scene.ts";
import { chain, measure, place, plane, twoLanes } from "./helpers.ts";

function overlaps(a: Column, b: Column): boolean {
  return (
    a.box.x < b.box.x + b.box.width &&
    b.box.x < a.box.x + a.box.width &&
    a.box.y < b.box.y + b.box.height &&
    b.box.y < a.box.y + a.box.height
  );
}

function expectSound(scene: Scene): void {
  scene.columns.forEach((column, i) => {
    for (const other of scene.columns.slice(i + 1)) expect(overlaps(column, other)).toBe(false);
    expect(column.box.x).toBeGreaterThanOrEqual(0);
    expect(column.box.x + column.box.width).toBeLessThanOrEqual(scene.width);
    expect(Array.from(column.unitBoxes).every(Number.isFinite)).toBe(true);
    expect(Array.from(column.portY).every(Number.isFinite)).toBe(true);
    for (let unit = 1; unit < column.unitCount; unit++) {
      if (!["tiles", "cells", "strip", "rows", "bins"].includes(column.kind)) break;
      const above = unitBox(column, unit - 1);
      expect(above.y + above.height).toBeLessThanOrEqual(unitBox(column, unit).y + 0.01);
    }
    const { head } = column;
    const next = scene.columns.find((other) => other.node.rank === column.node.rank + 1)?.head ?? null;
    if (head !== null && next !== null && scene.hairlineY !== null) {
      const half = (some: typeof head) => Math.max(measure(some.name, "head"), measure(some.detail)) / 2;
      expect(half(head) + half(next)).toBeLessThanOrEqual(next.x - head.x);
    }
    if (column.head !== null) {
      expect(measure(column.head.name, "head")).toBeLessThanOrEqual(column.head.width);
      expect(measure(column.head.detail)).toBeLessThanOrEqual(column.head.width);
    }
  });
}

const kinds = (scene: Scene): string[] => scene.columns.map((column) => column.kind);

describe("placeColumns", () => {
  test("two features give tiles and a prediction; without a plane the same layers are cells and named rows", () => {
    expect(kinds(place(chain([2, 6, 4, 1]), plane))).toEqual(["tiles", "tiles", "tiles", "prediction"]);
    expect(kinds(place(chain([4, 8, 3])))).toEqual(["cells", "cells", "rows"]);
  });

  test("the number of units decides: 17 strip, 129 grid, 1,025 bins", () => {
    const kindOf = (units: number): string | undefined => kinds(place(chain([4, units, 2])))[1];
    expect([16, 17, 80, 129, 1024, 1025].map(kindOf)).toEqual(["cells", "strip", "strip", "grid", "grid", "bins"]);
  });

  test("pixels are one picture, from the input's shape or from the scenery", () => {
    expect(kinds(place(chain([784, 10]), scenery({ imageShape: [28, 28] })))[0]).toBe("image");
    expect(kinds(place(graph("image", [layer("I", "input", "InputLayer", [28, 28, 1])], [])))).toEqual(["image"]);
  });

  for (const [width, height] of [
    [320, 300],
    [700, 300],
    [700, 640],
    [1053, 640],
    [2000, 1100],
  ] as const) {
    test(`nothing overlaps or leaves the picture at ${width} × ${height}`, () => {
      for (const [some, known] of [
        [chain([2, 6, 4, 1]), plane],
        [chain([2, 16, 16, 16, 3]), plane],
        [chain([784, 64, 10]), scenery({ imageShape: [28, 28] })],
        [chain([4, 8, 3]), null],
        [chain([30, 200, 2000, 40]), null],
        [twoLanes(), null],
      ] as const) {
        expectSound(place(some, known, width, height));
      }
    });
  }

  test.each([380, 420, 640])(
    "the head of the first of three lanes is not cut in %i px, be it of a picture",
    (height) => {
      const lanes = ["A", "B", "C"].map((id, place) =>
        layer(id, `input ${place}`, "InputLayer", place === 0 ? [12, 12, 1] : [4]),
      );
      const joined = graph(
        "three",
        [...lanes, layer("M", "meet", "Concatenate", [152])],
        lanes.map(({ id }) => [id, "M"] as const),
      );
      const scene = place(joined, null, 700, height);
      const heads = scene.columns.filter(({ head }) => head !== null);
      for (const { head } of heads) expect((head?.y ?? 0) - 15).toBeGreaterThanOrEqual(0);
      const [first, second] = heads;
      expect((second?.head?.y ?? 0) - 15).toBeGreaterThanOrEqual((first?.box.y ?? 0) + (first?.box.height ?? 0));
    },
  );

  test("each input has a lane; the layers it alone feeds stay in it, and a merge stands between", () => {
    const scene = place(twoLanes());
    const middleOf = (id: string): number => {
      const column = scene.columns.find((one) => one.node.id === id);
      return column === undefined ? Number.NaN : column.box.y + column.box.height / 2;
    };
    expect(middleOf("A")).toBe(middleOf("D0"));
    expect(middleOf("B")).toBe(middleOf("D1"));
    expect(middleOf("D0")).toBeLessThan(middleOf("M"));
    expect(middleOf("M")).toBeLessThan(middleOf("D2"));
  });

  test("a link around a layer goes below it", () => {
    const shape = [8, 8, 4];
    const residual = graph(
      "residual",
      [layer("I", "input", "InputLayer", shape), layer("C", "conv", "Conv2D", shape), layer("A", "add", "Add", shape)],
      [
        ["I", "C"],
        ["C", "A"],
        ["I", "A"],
      ],
    );
    const scene = place(residual);
    const detours = scene.links.filter((link) => link.detourY !== null);
    const conv = scene.columns.find((column) => column.node.id === "C");
    expect(detours).toHaveLength(1);
    expect(detours[0]?.detourY).toBeGreaterThan((conv?.box.y ?? 0) + (conv?.box.height ?? 0));
  });

  test("units of a binned column fall into bins in order", () => {
    const column = place(chain([4, 2000, 2])).columns[1];
    if (column === undefined) throw new Error("Expected a column.");
    expect([0, 7, 8, 1999].map((unit) => drawnUnit(column, unit))).toEqual([0, 0, 1, 255]);
  });

  test("an empty graph is an empty scene", () => {
    expect(place(graph("none", [], [])).columns).toEqual([]);
  });
});
