// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { DrawLoop } from "../src/draw/drawLoop.ts";

afterEach(() => vi.useRealTimers());

/** A host whose height is what the drawing leaves of it; no observer of sizes speaks. */
function drawing(heightAfter: (height: number) => number) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame"] });
  const host = document.createElement("div");
  document.body.append(host);
  let height = 326;
  Object.defineProperties(host, { clientHeight: { get: () => height }, clientWidth: { get: () => 302 } });
  host.getClientRects = () => [host.getBoundingClientRect()] as unknown as DOMRectList;
  const heights: number[] = [];
  const draw = () => {
    heights.push(height);
    height = heightAfter(height);
  };
  const life = new AbortController();
  const parts = { draw, passOver: () => {}, onCost: () => {}, isWantedUnseen: () => false };
  const loop = new DrawLoop(host, parts, life.signal);
  return { loop, heights, life };
}

test("a drawing that takes room from itself is drawn once more for what is left", () => {
  const { loop, heights } = drawing(() => 306);
  loop.ask();
  vi.advanceTimersByTime(200);
  expect(heights).toEqual([326, 306]);
});

test("so is one that is drawn at once", () => {
  const { loop, heights } = drawing(() => 306);
  loop.drawNow();
  vi.advanceTimersByTime(200);
  expect(heights).toEqual([326, 306]);
});

test("one that leaves its room alone is drawn once", () => {
  const { loop, heights } = drawing((height) => height);
  loop.ask();
  vi.advanceTimersByTime(200);
  expect(heights).toEqual([326]);
});

test("after the end nothing is drawn", () => {
  const { loop, heights, life } = drawing(() => 306);
  loop.drawNow();
  life.abort();
  vi.advanceTimersByTime(200);
  expect(heights).toEqual([326]);
});
