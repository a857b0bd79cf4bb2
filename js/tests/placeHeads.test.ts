import { describe, expect, test } from "vitest";
import { FIT } from "../src/layout/camera.ts";
import { placeHeads } from "../src/layout/placeHeads.ts";
import type { Box } from "../src/layout/scene.ts";
import { zoomScene } from "../src/layout/zoomScene.ts";
import { chain, measure, place, plane, twoLanes } from "./helpers.ts";

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("the boxes of the heads", () => {
  test.each([320, 700, 1400])("hold their texts, are large enough to hit and apart, %i px wide", (width) => {
    for (const scene of [place(chain([2, 6, 4, 1]), plane, width), place(twoLanes(), null, width)]) {
      const heads = placeHeads(scene, FIT, [0, scene.width], measure);
      expect(heads).toHaveLength(scene.columns.filter(({ head }) => head !== null).length);
      for (const { box, head, nameX, detailX, detailY } of heads) {
        expect(box.width).toBeGreaterThanOrEqual(24);
        expect(box.height).toBeGreaterThanOrEqual(24);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(scene.width);
        expect(nameX - measure(head.name, "head") / 2).toBeGreaterThanOrEqual(box.x);
        expect(detailX + measure(head.detail) / 2).toBeLessThanOrEqual(box.x + box.width);
        expect(box.y + box.height).toBeGreaterThan(detailY);
        expect(scene.columns.filter((column) => overlap(column.box, box))).toEqual([]);
      }
      heads.forEach((one, i) => {
        for (const other of heads.slice(i + 1)) expect(overlap(one.box, other.box)).toBe(false);
      });
    }
  });
  test("of an enlarged scene are those in view, at their height", () => {
    const base = place(chain([2, 6, 4, 1]), plane);
    const scene = zoomScene(base, 3);
    const camera = { scale: 3, x: 1400, y: 200 };
    const heads = placeHeads(scene, camera, [1400, 1400 + 1053], measure);
    expect(heads.length).toBeGreaterThan(0);
    expect(heads.length).toBeLessThan(scene.columns.length);
    for (const { box, isPinned, column } of heads) {
      expect(isPinned).toBe(true);
      expect(box.y).toBe(placeHeads(base, FIT, [0, base.width], measure)[0]?.box.y);
      expect(box.x).toBeGreaterThanOrEqual(1400);
      expect(box.x + box.width).toBeLessThanOrEqual(1400 + 1053);
      expect(column.box.x).toBeLessThan(1400 + 1053);
    }
  });
});
