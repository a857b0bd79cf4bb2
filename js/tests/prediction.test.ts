// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { moons } from "../demo/trainedScenes.ts";
import type { Scenery } from "../src/core/frame.ts";
import { Renderer } from "../src/draw/renderer.ts";
import * as plane from "../src/parts/plane.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { menuItems } from "../src/ui/frame/menuItems.ts";
import type { Shell } from "../src/ui/kit/shell.ts";

const FIELD = 72;
let painted: Uint8ClampedArray | null = null;
let outlines: unknown[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    const quiet: Record<string, unknown> = {
      canvas: this,
      measureText: (text: string) => ({ width: text.length * 7 }),
      createImageData: (width: number, height: number) => ({ width, data: new Uint8ClampedArray(width * height * 4) }),
      putImageData: (image: ImageData) => {
        if (image.width === FIELD) painted = image.data;
      },
      fill: () => outlines.push(quiet.strokeStyle),
    };
    return new Proxy(quiet, {
      get: (target, name) => (name in target ? Reflect.get(target, name) : () => ({ addColorStop: () => {} })),
    }) as never;
  });
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);
});

function setUp(keeps: (name: string) => boolean = () => true) {
  const scene = moons();
  const [store, state, life] = [new FrameStore(), new ViewState(), new AbortController()];
  const renderer = new Renderer(document.createElement("div"), store, state, life.signal, undefined, plane);
  const known = scene.scenery as Scenery;
  const scenery = { ...known, sections: known.sections.filter(({ name }) => keeps(name)) };
  store.update({ graph: scene.graph, scenery, frame: scene.frame(0) });
  const draw = () => {
    [painted, outlines] = [null, []];
    renderer.invalidate();
    vi.advanceTimersByTime(40);
    return renderer.legend.ramps.find(({ id }) => id === "plane");
  };
  const items = () => menuItems({ store, state, actions: {} } as unknown as Shell, { sizes: [] } as never);
  const item = (id: string) => items().find((one) => one.id === id);
  const said = () => [...renderer.planes.overlay.element.querySelectorAll("text")].map((text) => text.textContent);
  return { store, state, draw, item, said };
}

test("of two classes the predicted one alone is painted, where the legend and the boundary say so", () => {
  const { store, draw, item } = setUp();
  const coloursOf = (codes: ArrayLike<number>) => {
    const pixels = new Uint32Array((painted ?? new Uint8ClampedArray()).buffer);
    expect(pixels).toHaveLength(codes.length);
    const groups = new Map<number, number[]>();
    for (const [i, colour] of pixels.entries()) groups.set(colour, [...(groups.get(colour) ?? []), Number(codes[i])]);
    return groups;
  };
  const { values: codes, attributes } = store.frame?.section("prediction", "L3", "value") ?? {};
  expect(draw()?.boundary).toBeUndefined();
  expect(coloursOf(codes ?? []).size).toBeGreaterThan(10);
  item("discrete")?.run();
  expect(item("discrete")?.isChecked).toBe(true);
  expect(draw()?.boundary).toBe(0.5);
  const sides = [...coloursOf(codes ?? []).values()];
  expect(sides).toHaveLength(2);
  const [lo, hi] = [Number(attributes?.lo), Number(attributes?.hi)];
  const isOfOne = sides.map((side) => new Set(side.map((code) => lo + ((code - 1) / 254) * (hi - lo) > 0.5)));
  expect(isOfOne.map((side) => side.size)).toEqual([1, 1]);
});

test("points for validation have an outline and a key of their own, and can be left out", () => {
  const { state, draw, item, said } = setUp();
  draw();
  const all = outlines.length;
  expect(new Set(outlines).size).toBeGreaterThan(1);
  expect(said().some((text) => text?.startsWith("val"))).toBe(true);
  expect(item("validation")).toMatchObject({ isChecked: true, lacks: null });
  item("validation")?.run();
  expect(state.values.validationPoints).toBe(false);
  draw();
  expect(outlines.length).toBeLessThan(all);
  expect(said().some((text) => text === "val" || text === "validation")).toBe(false);
});

test("what a network has not is greyed with its reason", () => {
  const { store, item } = setUp((name) => name !== "validation");
  expect(item("validation")?.lacks).toBe("there are no validation data");
  expect(item("discrete")?.lacks).toBeNull();
  const { scenery } = store;
  if (scenery === null) throw new Error("no scenery");
  store.update({
    scenery: { ...scenery, task: { ...scenery.task, kind: "numbers", isShare: false, fromLogits: false } },
  });
  expect(item("discrete")?.lacks).toBe("the output is not one of two classes");
});
