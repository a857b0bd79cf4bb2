// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EdgeStandIn } from "../src/draw/edges/edgeStandIn.ts";
import { FIT } from "../src/layout/camera.ts";
import { zoomScene } from "../src/layout/zoomScene.ts";
import { chain, place } from "./helpers.ts";

const scene = place(chain([20, 40, 3], "relu"));
const near = { scale: 1.5, x: 100, y: 40 };
const large = zoomScene(scene, near.scale);
let copies = 0;

beforeEach(() => {
  copies = 0;
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({ drawImage: () => copies++ } as never);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function drawn(cost_ms: number): { standIn: EdgeStandIn; canvas: HTMLCanvasElement; redraws: () => number } {
  let count = 0;
  const standIn = new EdgeStandIn(document, () => count++);
  const canvas = document.createElement("canvas");
  canvas.width = 1000;
  canvas.height = 600;
  expect(standIn.mayStandIn(canvas, FIT, scene, ["weight"]), "the first drawing").toBe(false);
  standIn.cost_ms = cost_ms;
  return { standIn, canvas, redraws: () => count };
}

test("while the camera moves, costly edges are copied once; then they are drawn anew, at the same place too", () => {
  const { standIn, canvas, redraws } = drawn(60);
  for (let i = 0; i < 3; i++) expect(standIn.mayStandIn(canvas, near, large, ["weight"])).toBe(true);
  expect(copies).toBe(1);
  vi.advanceTimersByTime(179);
  expect(redraws()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(redraws()).toBe(1);
  expect(standIn.mayStandIn(canvas, near, large, ["weight"])).toBe(false);
  expect(standIn.mayStandIn(canvas, near, large, ["weight"]), "nothing moves").toBe(false);
  expect(copies).toBe(1);
});

test("what is cheap, or depends on another choice, is drawn at once", () => {
  const cheap = drawn(10);
  expect(cheap.standIn.mayStandIn(cheap.canvas, near, large, ["weight"])).toBe(false);
  const { standIn, canvas, redraws } = drawn(60);
  expect(standIn.mayStandIn(canvas, near, large, ["weight"])).toBe(true);
  expect(standIn.mayStandIn(canvas, near, large, ["signal"])).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(redraws(), "no drawing is left to be asked for").toBe(0);
});

test("what was drawn between two columns is stretched to where they are", () => {
  const { standIn, canvas } = drawn(60);
  standIn.mayStandIn(canvas, near, large, ["weight"]);
  const strips: number[][] = [];
  const drawImage = (_: unknown, ...numbers: number[]) => strips.push(numbers);
  standIn.paint({ drawImage } as never, large, near.scale, 2);
  scene.links.forEach(({ source, target }) => {
    const [from, to] = [scene.columns[source]?.outX ?? 0, scene.columns[target]?.inX ?? 0];
    const [left, right] = [large.columns[source]?.outX ?? 0, large.columns[target]?.inX ?? 0];
    const strip = strips.find(([x = 0]) => Math.abs(x - 2 * from) < 1e-6) ?? [];
    expect(strip[2]).toBeCloseTo(2 * (to - from), 4);
    expect([strip[4], strip[6]].map(Number)).toEqual([left, right - left].map((x) => expect.closeTo(x, 3)));
    const [y0 = 0, height0 = 0, y = 0, height = 0] = [strip[1], strip[3], strip[5], strip[7]];
    const top = scene.hairlineY ?? 0;
    for (const port of scene.columns[target]?.portY.subarray(0, 2) ?? []) {
      expect(y + ((2 * port - y0) / height0) * height).toBeCloseTo(top + (port - top) * near.scale, 3);
    }
  });
});
