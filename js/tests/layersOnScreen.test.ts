import { expect, test } from "vitest";
import { layersOnScreen } from "../src/layout/layersOnScreen.ts";
import type { Column, Scene } from "../src/layout/scene.ts";

function column(place: number, kind: Column["kind"] = "cells"): Column {
  const layers = [{ id: `L${place}` }, ...(place === 2 ? [{ id: "folded into L2" }] : [])];
  return { kind, box: { x: place * 200, y: 0, width: 60, height: 400 }, node: { layers } } as unknown as Column;
}

const scene = { columns: [0, 1, 2, 3, 4, 5, 6, 7].map((place) => column(place)) } as unknown as Scene;

test("the layers of columns in the view are told, with what is folded into them, and those just beside it", () => {
  expect(layersOnScreen(scene, { scale: 1, x: 390, y: 0 }, 200)).toEqual(["L2", "folded into L2", "L3"]);
  expect(layersOnScreen(scene, { scale: 1, x: 400, y: 0 }, 100)).toEqual(["L2", "folded into L2", "L3"]);
  expect(layersOnScreen(scene, { scale: 1, x: 5000, y: 0 }, 500)).toEqual([]);
});

test("a card shows its name only, which costs nothing", () => {
  const mixed = { columns: [column(0), column(1, "card"), column(2)] } as unknown as Scene;
  expect(layersOnScreen(mixed, { scale: 1, x: 0, y: 0 }, 1000)).toEqual(["L0", "L2", "folded into L2"]);
});
