// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chainFrame } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import type { Frame } from "../src/core/frame.ts";
import { Renderer } from "../src/draw/renderer.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { chain, plane } from "./helpers.ts";

let fills: string[] = [];

function recordingContext(canvas: HTMLCanvasElement): unknown {
  const quiet = {
    canvas,
    measureText: (text: string) => ({ width: text.length * 7 }),
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(width * height * 4) }),
  };
  return new Proxy(quiet, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : () => ({ addColorStop: () => {} })),
    set: (_target, name, value) => {
      if (name === "fillStyle") fills.push(String(value));
      return true;
    },
  });
}

beforeEach(() => {
  fills = [];
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    return recordingContext(this) as never;
  });
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);
});

afterEach(() => {
  vi.useRealTimers();
  document.head.replaceChildren();
  delete document.body.dataset.jpThemeLight;
});

function draw(store: FrameStore): void {
  fills = [];
  store.update({ graph: chain([2, 4, 1]), scenery: plane });
  vi.advanceTimersByTime(40);
}

test("a view that is built before its styles apply is drawn in their colours once they do", () => {
  document.body.dataset.jpThemeLight = "false";
  const store = new FrameStore();
  const life = new AbortController();
  new Renderer(document.createElement("div"), store, new ViewState(), life.signal, undefined);
  draw(store);
  expect(fills, "no style sheet: dark tokens on a dark page").toContain("#343537");
  expect(fills).not.toContain("#e7e9ec");
  const sheet = document.createElement("style");
  sheet.textContent = "[data-nnvis-theme] { --nv-surface: #101010; --nv-hair: #123456; }";
  document.head.append(sheet);
  draw(store);
  expect(fills).toContain("#123456");
  life.abort();
});

test("drawings that take too long step down to simpler edges, and the line below says so", () => {
  const layers = createMlp([50, 60, 3], ["relu", "softmax"], seeded(2));
  const frame = chainFrame(layers, { index: 0, x: new Float32Array(50), y: [], target: 0 }, {}, null);
  let now_ms = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now_ms += 50;
    return now_ms;
  });
  const [store, state, life] = [new FrameStore(), new ViewState(), new AbortController()];
  const renderer = new Renderer(document.createElement("div"), store, state, life.signal, undefined);
  store.update({ graph: chain([50, 60, 3], "relu"), frame });
  vi.advanceTimersByTime(40);
  expect(renderer.legend.omission).toBe("");
  for (let i = 0; i < 20; i++) {
    renderer.invalidate();
    vi.advanceTimersByTime(40);
  }
  expect(renderer.legend.omission).toBe(
    "3,000 + 180 edges, drawn as 480 block bundles + 180 edges. Drawn more simply: this machine needs 50 ms a picture.",
  );
  vi.advanceTimersByTime(200);
  expect(renderer.legend.omission, "not yet at rest").not.toBe("");
  vi.advanceTimersByTime(200);
  expect(renderer.legend.omission, "300 ms after the last change all of it is drawn").toBe("");
  vi.advanceTimersByTime(5000);
  expect(renderer.legend.omission, "and stays").toBe("");
  state.set({ hover: { layer: "L1", unit: 3 } });
  vi.advanceTimersByTime(40);
  expect(renderer.legend.omission, "what changes is drawn as simply as it must").toMatch(/Drawn more simply/);
  life.abort();
  clock.mockRestore();
});

test("a picture that is copied before the first drawing has the height that the legend leaves it", () => {
  const [store, state, life] = [new FrameStore(), new ViewState(), new AbortController()];
  const renderer = new Renderer(document.createElement("div"), store, state, life.signal, undefined);
  const height = vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(513);
  renderer.onLegend(() => height.mockReturnValue(500), life.signal);
  store.update({ graph: chain([2, 4, 1]), scenery: plane });
  expect(renderer.copy().height).toBe(500);
  vi.advanceTimersByTime(40);
  expect(renderer.copy().height).toBe(500);
  life.abort();
});

test("a picture out of sight is not drawn, and the kernel is told all the same: the timeline may be in sight", () => {
  let see: (isIntersecting: boolean) => void = () => {};
  class Observer {
    constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
      see = (isIntersecting) => tell([{ isIntersecting }]);
    }
    observe(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal("IntersectionObserver", Observer);
  const told: Frame[] = [];
  const store = new FrameStore();
  const life = new AbortController();
  new Renderer(document.createElement("div"), store, new ViewState(), life.signal, (frame) => void told.push(frame));
  see(false);
  const layers = createMlp([2, 4, 1], ["tanh", "sigmoid"], seeded(1));
  const frames = [0.1, 0.2].map((x) => chainFrame(layers, { index: 0, x: [x, x], y: [1], target: 1 }, {}, null));
  draw(store);
  store.update({ frame: frames[0] ?? null });
  vi.advanceTimersByTime(40);
  expect([told, fills]).toEqual([[frames[0]], []]);
  store.update({ frame: frames[1] ?? null });
  vi.advanceTimersByTime(40);
  expect([told, fills]).toEqual([frames, []]);
  see(true);
  vi.advanceTimersByTime(40);
  expect(fills).not.toEqual([]);
  expect(told.at(-1)).toBe(frames[1]);
  life.abort();
  vi.unstubAllGlobals();
});
