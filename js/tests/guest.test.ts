// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { moons } from "../demo/trainedScenes.ts";
import { Renderer } from "../src/draw/renderer.ts";
import type { Column } from "../src/layout/scene.ts";
import * as plane from "../src/parts/plane.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";

/** sourceY, sourceHeight, targetWidth of each picture that is drawn. */
let drawn: [number, number, number][] = [];

beforeEach(() => {
  drawn = [];
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    const quiet = {
      canvas: this,
      measureText: (text: string) => ({ width: text.length * 7 }),
      createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(width * height * 4) }),
      drawImage: (...args: unknown[]) => {
        if (args.length === 9) drawn.push([Number(args[2]), Number(args[4]), Number(args[7])]);
      },
    };
    return new Proxy(quiet, {
      get: (target, name) => (name in target ? Reflect.get(target, name) : () => ({ addColorStop: () => {} })),
      set: () => true,
    }) as never;
  });
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);
});

function setUp() {
  const scene = moons();
  const [store, state, life] = [new FrameStore(), new ViewState(), new AbortController()];
  const renderer = new Renderer(document.createElement("div"), store, state, life.signal, undefined, plane);
  store.update({ graph: scene.graph, scenery: scene.scenery, frame: scene.frame(0) });
  const draw = () => {
    drawn = [];
    renderer.invalidate();
    vi.advanceTimersByTime(40);
    const field = renderer.scene?.columns.find(({ kind }) => kind === "prediction") as Column;
    return drawn.filter(([, , width]) => width === field.box.width);
  };
  const said = () => [...renderer.planes.overlay.element.querySelectorAll("text")].map((text) => text.textContent);
  return { renderer, state, draw, said };
}

test("the field of the unit that is pointed at is drawn as large as the prediction, with its name", () => {
  const { state, draw, said } = setUp();
  expect(draw()).toEqual([]);
  expect(said()).toContain("Prediction field");
  for (const unit of [0, 3]) {
    state.set({ hover: { layer: "L1", unit } });
    const [field] = draw();
    const [top = 0, height = 0] = field ?? [];
    expect(Math.floor(top / (height + 1))).toBe(unit);
    expect(said()).toContain(`dense · unit ${unit}`);
    expect(said()).not.toContain("Prediction field");
  }
  state.set({ hover: null });
  expect(draw()).toEqual([]);
  expect(said()).toContain("Prediction field");
});

test("the keyboard shows the field of the unit it is at; an edge, a layer or the output shows none", () => {
  const { renderer, state, draw, said } = setUp();
  renderer.focus = { layer: "L2", unit: 1 };
  expect(draw()).toHaveLength(1);
  expect(said()).toContain("dense_1 · unit 1");
  renderer.focus = { layer: "L2", unit: null };
  expect(draw()).toEqual([]);
  renderer.focus = null;
  for (const hover of [
    { layer: "L2", unit: 1, source: 0, sourceLayer: "L1" },
    { layer: "L1", unit: null },
    { layer: "L3", unit: 0 },
  ]) {
    state.set({ hover });
    expect(draw()).toEqual([]);
  }
});
