import { describe, expect, test } from "vitest";
import { scenery } from "../demo/frames.ts";
import { cards } from "../demo/structureScenes.ts";
import { FIT } from "../src/layout/camera.ts";
import { placeHeads } from "../src/layout/placeHeads.ts";
import type { Scene } from "../src/layout/scene.ts";
import { sightOf } from "../src/layout/sight.ts";
import { LEAST_GAP } from "../src/layout/spreadRanks.ts";
import { chain, measure, place, plane } from "./helpers.ts";

const HEIGHT = 450;
const pixels = scenery({ imageShape: [28, 28] });
const sixOf64 = [784, 64, 64, 64, 64, 64, 64, 10];
const twelveOf16 = [2, ...new Array<number>(12).fill(16), 1];

const kinds = (scene: Scene): string[] => scene.columns.map(({ kind }) => kind);

/** Columns that stand as near as they may, and are large enough to point at. */
function expectComfortable(scene: Scene): void {
  scene.columns.forEach((column, i) => {
    expect(column.box.width).toBeGreaterThanOrEqual(12);
    const next = scene.columns[i + 1];
    // 3 px stand between a body and its edges on either side
    if (next !== undefined) expect(next.inX - column.outX).toBeGreaterThanOrEqual(LEAST_GAP - 7);
  });
}

describe("at first sight", () => {
  test.each([
    ["moons", [2, 6, 4, 1], plane, 332],
    ["moons", [2, 6, 4, 1], plane, 648],
    ["five hidden layers of sixteen", [2, 16, 16, 16, 16, 16, 1], plane, 560],
    ["digits", [784, 64, 10], pixels, 648],
    ["six layers of 64", sixOf64, pixels, 700],
    ["six layers of 64", sixOf64, pixels, 960],
    ["twelve layers of 16", twelveOf16, plane, 1088],
    ["twelve layers of 16", twelveOf16, plane, 960],
  ] as const)("%s (%o) is whole in view %#", (_, sizes, known, width) => {
    const scene = place(chain(sizes), known, width, HEIGHT);
    expect(scene.width).toBe(width);
    expect(sightOf(scene, FIT, width, HEIGHT)).toMatchObject({ isWhole: true, left: 0, right: 0 });
    expectComfortable(scene);
    const heads = placeHeads(scene, FIT, [0, width], measure);
    for (const { box } of heads) expect(box.x + box.width).toBeLessThanOrEqual(width);
  });

  test("columns first move together, then tiles become strips, and last the result shrinks", () => {
    const sizes = [2, 16, 16, 16, 16, 16, 1];
    const at = (width: number) => place(chain(sizes), plane, width, 590);
    const tile = (width: number) => at(width).columns[1]?.box.width ?? 0;
    const result = (width: number) => at(width).columns.at(-1)?.box.width ?? 0;
    expect(kinds(at(1400))[1]).toBe("tiles");
    expect(tile(900)).toBeLessThanOrEqual(tile(1400));
    expect(kinds(at(560))[1]).toBe("strip");
    expect(result(480)).toBeLessThan(result(700));
  });

  test("in a low and narrow picture layers of 64 stay strips, which a grid would be wider than", () => {
    const scene = place(chain([10, 64, 64, 64, 64, 64, 64, 10]), null, 630, 380);
    expect(scene.width).toBe(630);
    expect(new Set(kinds(scene).slice(1, -1))).toEqual(new Set(["strip"]));
    expect(kinds(place(chain([10, 64, 10]), null, 630, 380))[1]).toBe("grid");
  });

  test("a layer of 64 loses its labels and then its bars before anything is out of view", () => {
    const at = (width: number) => place(chain([10, 64, 64, 64, 64, 64, 64, 10]), null, width, HEIGHT);
    const wide = at(1400).columns[1];
    const narrow = at(700).columns[1];
    if (wide === undefined || narrow === undefined) throw new Error("Expected columns.");
    expect(wide.outX - wide.box.x - wide.box.width).toBeGreaterThan(30);
    expect(narrow.outX - narrow.box.x - narrow.box.width).toBeLessThan(5);
    expect(narrow.box.width).toBeLessThan(wide.box.width);
  });

  test.each([700, 960])("of a strip of twelve cards %i px wide those out of view are counted", (width) => {
    const { graph } = cards(12);
    if (graph === null) throw new Error("Expected a graph.");
    const scene = place(graph, null, width, HEIGHT);
    const sight = sightOf(scene, FIT, width, HEIGHT);
    const whole = scene.columns.filter(({ box }) => box.x + box.width <= width);
    expect(sight.isWhole).toBe(false);
    expect([sight.left, sight.right]).toEqual([0, 12 - whole.length]);
    expect(sight.right).toBeGreaterThan(0);
    const end = sightOf(scene, { ...FIT, x: scene.width - width }, width, HEIGHT);
    expect(end.right).toBe(0);
    expect(end.left).toBeGreaterThan(0);
    expect(end.window.x + end.window.width).toBeCloseTo(scene.width, 6);
  });

  test("no head is cut by the edge of the view", () => {
    const scene = place(chain(new Array<number>(40).fill(20)), null, 700, HEIGHT);
    for (let x = 0; x <= scene.width - 700; x += 7) {
      const heads = placeHeads(scene, { ...FIT, x }, [x, x + 700], measure);
      expect(heads.length).toBeGreaterThan(3);
      for (const { head, nameX, detailX } of heads) {
        for (const [middle, text, weight] of [
          [nameX, head.name, "head"],
          [detailX, head.detail, "normal"],
        ] as const) {
          const half = measure(text, weight) / 2;
          expect(middle - half).toBeGreaterThanOrEqual(x - (x === 0 ? half : 0));
          expect(middle + half).toBeLessThanOrEqual(x + 700 + (x + 700 >= scene.width ? half : 0));
        }
      }
    }
  });
});

describe("the result", () => {
  const field = (width: number, height: number, sizes: readonly number[] = [2, 6, 4, 1]) =>
    place(chain(sizes), plane, width, height).columns.at(-1)?.box.width ?? 0;

  test.each([
    [1088, 450],
    [648, 450],
    [1088, 1010],
    [940, 800],
    [700, 450],
  ])("has 40 %% of the height of a picture of %i × %i px, and 240 px", (width, height) => {
    expect(field(width, height)).toBeGreaterThanOrEqual(240);
    expect(field(width, height)).toBeGreaterThanOrEqual(0.4 * height);
    expect(field(width, height, [2, 16, 16, 1])).toBeGreaterThanOrEqual(Math.max(240, 0.4 * height));
  });

  test.each([682, 552])("has 240 px in a view of %i px too, whose rows leave 400 px for the picture", (width) => {
    expect(field(width, 396)).toBe(240);
  });

  test("and the sample it is the result of is as large where samples are pictures, beside its bars", () => {
    for (const [width, height] of [
      [1088, 450],
      [648, 450],
    ] as const) {
      const [image, , rows] = place(chain([784, 64, 10]), pixels, width, height).columns;
      expect(image?.box.height).toBeGreaterThanOrEqual(240);
      expect(rows?.kind).toBe("rows");
      expect(rows?.box.height).toBeGreaterThanOrEqual(240);
    }
  });

  test("a low picture has it as high as there is room", () => {
    expect(field(1088, 300)).toBeGreaterThanOrEqual(120);
    expect(field(1088, 300)).toBeLessThan(240);
  });
});
