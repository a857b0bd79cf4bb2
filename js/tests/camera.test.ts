import { describe, expect, test } from "vitest";
import { seeded } from "../demo/mlp.ts";
import { unitAt } from "../src/interact/pick.ts";
import { between, type Camera, centreOn, clampCamera, FIT, frozenTop, reveal, zoomAt } from "../src/layout/camera.ts";
import { unitBox } from "../src/layout/scene.ts";
import { zoomScene } from "../src/layout/zoomScene.ts";
import { chain, place, plane, twoLanes } from "./helpers.ts";

const WIDTH = 1053;
const scene = place(chain([2, 6, 4, 1]), plane, WIDTH);
const top = frozenTop(scene);

/** The point of the scene as laid out that a camera shows at a point of the view. */
function shownAt({ scale, x, y }: Camera, viewX: number, viewY: number): [number, number] {
  return [(viewX + x) / scale, top + (viewY + y - top) / scale];
}

describe("the camera", () => {
  test("zooms to the pointer: what lies under it stays under it, in and out", () => {
    const random = seeded(11);
    for (let i = 0; i < 200; i++) {
      const x = random() * WIDTH;
      const y = top + random() * (scene.height - top);
      const near = zoomAt(FIT, 1 + 3 * random(), x, y, scene, WIDTH);
      const far = zoomAt(near, 1 + 0.9 * random(), x, y, scene, WIDTH);
      const back = zoomAt(far, 1 / (1 + 0.1 * random()), x, y, scene, WIDTH);
      for (const camera of [near, far, back]) {
        const [sceneX, sceneY] = shownAt(camera, x, y);
        expect(sceneX).toBeCloseTo(x, 6);
        expect(sceneY).toBeCloseTo(y, 6);
      }
    }
  });
  test("scale stays within 1 and 8, and at 1 all is in view", () => {
    expect(zoomAt(FIT, 100, 300, 300, scene, WIDTH).scale).toBe(8);
    const near = zoomAt(FIT, 5, 900, 600, scene, WIDTH);
    expect(zoomAt(near, 0.0001, 900, 600, scene, WIDTH)).toEqual(FIT);
    expect(clampCamera({ scale: 1, x: 400, y: 90 }, scene, WIDTH)).toEqual(FIT);
  });
  test("shows nothing beyond the scene, whichever way it is pushed", () => {
    for (const [x, y] of [
      [-1e6, -1e6],
      [1e6, 1e6],
    ] as const) {
      const camera = clampCamera({ scale: 3, x, y }, scene, WIDTH);
      const [left, up] = shownAt(camera, 0, top);
      const [right, down] = shownAt(camera, WIDTH, scene.height);
      expect(left).toBeGreaterThanOrEqual(-1e-9);
      expect(up).toBeGreaterThanOrEqual(top - 1e-9);
      expect(right).toBeLessThanOrEqual(scene.width + 1e-9);
      expect(down).toBeLessThanOrEqual(scene.height + 1e-9);
    }
  });
  test("to reveal a unit it moves only if it must, and then the whole unit is in view", () => {
    const camera = zoomAt(FIT, 4, 0, top, scene, WIDTH);
    const large = zoomScene(scene, camera.scale);
    const [input, , , last] = large.columns;
    if (input === undefined || last === undefined) throw new Error("Expected four columns.");
    const near = { x: 300, y: top + 100, width: 50, height: 50 };
    expect(reveal(camera, near, scene, WIDTH)).toEqual(camera);
    const box = unitBox(last, 0);
    const small = { ...box, width: 60, height: 60 };
    const moved = reveal(camera, small, scene, WIDTH);
    expect(moved.x).toBeLessThanOrEqual(small.x);
    expect(moved.x + WIDTH).toBeGreaterThanOrEqual(small.x + small.width);
    expect(moved.y + top).toBeLessThanOrEqual(small.y);
    expect(moved.y + scene.height).toBeGreaterThanOrEqual(small.y + small.height);
  });
  test("centring a unit puts it in the middle of the width", () => {
    const [, dense] = scene.columns;
    if (dense === undefined) throw new Error("Expected a column.");
    const box = unitBox(dense, 3);
    const camera = centreOn(FIT, box, 3, scene, WIDTH);
    const [x] = shownAt(camera, WIDTH / 2, 300);
    expect(x).toBeCloseTo(box.x + box.width / 2, 6);
  });
  test("a glide keeps the point that both ends keep", () => {
    const end = zoomAt(FIT, 4, 400, 350, scene, WIDTH);
    for (const share of [0.2, 0.5, 0.9]) {
      const [x, y] = shownAt(between(FIT, end, share), 400, 350);
      expect(x).toBeCloseTo(400, 6);
      expect(y).toBeCloseTo(350, 6);
    }
  });
});

describe("an enlarged scene", () => {
  test("not enlarged is the scene itself", () => {
    expect(zoomScene(scene, 1)).toBe(scene);
  });
  test.each([
    ["tiles", scene],
    ["strips and rows", place(chain([30, 64, 10]), null, WIDTH)],
    ["lanes", place(twoLanes(), null, WIDTH)],
  ])("%s: the pointer finds the same unit at its enlarged place", (_, base) => {
    const scale = 3.3;
    const start = frozenTop(base);
    const large = zoomScene(base, scale);
    let units = 0;
    for (const column of base.columns) {
      if (column.kind === "prediction" || column.kind === "card") continue;
      for (let unit = 0; unit < column.unitCount; unit++) {
        const { x, y, width, height } = unitBox(column, unit);
        const found = unitAt(large, (x + width / 2) * scale, start + (y + height / 2 - start) * scale);
        expect([found?.column.node.id, found?.unit]).toEqual([column.node.id, unit]);
        units++;
      }
    }
    expect(units).toBeGreaterThan(10);
  });
  test("gaps beside a column, heads and named rows keep their size", () => {
    const base = place(chain([30, 64, 10]), null, WIDTH);
    const large = zoomScene(base, 4);
    base.columns.forEach((column, i) => {
      const grown = large.columns[i];
      expect(grown?.inX).toBeCloseTo((grown?.box.x ?? 0) - (column.box.x - column.inX), 4);
      const gap = column.outX - column.box.x - column.box.width;
      expect(grown?.outX).toBeCloseTo((grown?.box.x ?? 0) + (grown?.box.width ?? 0) + gap, 4);
      expect(grown?.head?.y).toBe(column.head?.y);
    });
    const [rows, large_rows] = [base.columns.at(-1), large.columns.at(-1)];
    if (rows === undefined || large_rows === undefined) throw new Error("Expected columns.");
    expect(rows.kind).toBe("rows");
    expect(unitBox(large_rows, 3).height).toBeCloseTo(unitBox(rows, 3).height, 4);
    const pitch = (column: typeof rows): number => unitBox(column, 1).y - unitBox(column, 0).y;
    expect(pitch(large_rows)).toBeCloseTo(4 * pitch(rows), 3);
  });
});
