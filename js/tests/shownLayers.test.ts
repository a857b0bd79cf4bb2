import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MOST_LAYERS } from "../src/core/limits.ts";
import { ShownLayers } from "../src/session/shownLayers.ts";

let told: (readonly string[])[];
let life: AbortController;
let shown: ShownLayers<string>;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  life = new AbortController();
  shown = new ShownLayers((layers) => told.push(layers), life.signal);
});
afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

test("what is on the screen is told once it rests, and only where it is new", () => {
  shown.set("a", ["L1"]);
  shown.set("a", ["L1", "L2"]);
  expect(told).toEqual([]);
  vi.runAllTimers();
  shown.set("a", ["L1", "L2"]);
  vi.runAllTimers();
  expect(told).toEqual([["L1", "L2"]]);
});

test("two views of a widget show the union, a view that is gone nothing", () => {
  shown.set("a", ["L1"]);
  shown.set("b", ["L3", "L1"]);
  vi.runAllTimers();
  shown.delete("a");
  shown.set("b", ["L3"]);
  vi.runAllTimers();
  expect(told).toEqual([["L1", "L3"], ["L3"]]);
});

test("a kernel that may have forgotten is told again at once; of an undrawn network nothing is told", () => {
  shown.tellAgain();
  shown.set("a", []);
  shown.tellAgain();
  shown.forget();
  shown.tellAgain();
  expect(told).toEqual([[]]);
});

test("no more layers are told than the kernel takes, and none after the end", () => {
  shown.set(
    "a",
    Array.from({ length: 1000 }, (_, place) => `L${place}`),
  );
  vi.runAllTimers();
  expect(told[0]).toHaveLength(MOST_LAYERS);
  shown.set("a", ["L1"]);
  life.abort();
  vi.runAllTimers();
  expect(told).toHaveLength(1);
});
