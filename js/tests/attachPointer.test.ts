// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { Renderer } from "../src/draw/renderer.ts";
import { attachPointer } from "../src/interact/attachPointer.ts";
import type { Travel } from "../src/interact/travel.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";

afterEach(() => vi.useRealTimers());

/** A picture with nothing under the pointer, whose unit was just pointed at. */
function leaving() {
  vi.useFakeTimers();
  const scroller = document.createElement("div");
  const renderer = { planes: { scroller }, scene: null, heads: [], camera: { x: 0, y: 0 }, band: null };
  const state = new ViewState({ hover: { layer: "L0", unit: 1 } });
  const life = new AbortController();
  attachPointer(renderer as unknown as Renderer, new FrameStore(), state, {} as Travel, life.signal);
  return { scroller, state };
}

test("over a gap the picture stays lit for a moment", () => {
  const { scroller, state } = leaving();
  scroller.dispatchEvent(new MouseEvent("pointermove"));
  vi.advanceTimersByTime(50);
  expect(state.values.hover).toEqual({ layer: "L0", unit: 1 });
  vi.advanceTimersByTime(100);
  expect(state.values.hover).toBeNull();
});

test("what is pointed at right after the picture stays lit", () => {
  const { scroller, state } = leaving();
  const term = { layer: "L1", unit: 1, source: 1, sourceLayer: "L0" };
  scroller.dispatchEvent(new MouseEvent("pointermove"));
  scroller.dispatchEvent(new MouseEvent("pointerleave"));
  state.set({ hover: term });
  vi.advanceTimersByTime(500);
  expect(state.values.hover).toEqual(term);
});
