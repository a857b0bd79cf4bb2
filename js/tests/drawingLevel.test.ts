import { describe, expect, test } from "vitest";
import { DrawingLevel } from "../src/draw/read/drawingLevel.ts";

function window(level: DrawingLevel, cost_ms: number): void {
  for (let i = 0; i < 20; i++) level.measured(cost_ms);
}

describe("the level of drawing", () => {
  test("steps down when the median of 20 drawings passes 33 ms, and says what the finer one costs", () => {
    const level = new DrawingLevel();
    for (let i = 0; i < 19; i++) expect(level.measured(41)).toBe(false);
    expect([level.level, level.finerCost_ms]).toEqual(["full", null]);
    expect(level.measured(41)).toBe(true);
    expect([level.level, level.finerCost_ms]).toEqual(["bundles", 41]);
    window(level, 60);
    expect([level.level, level.finerCost_ms]).toEqual(["raster", 60]);
    window(level, 60);
    expect(level.level, "there is nothing simpler").toBe("raster");
  });
  test("a few slow drawings among fast ones change nothing", () => {
    const level = new DrawingLevel();
    for (let i = 0; i < 200; i++) level.measured(i % 3 === 0 ? 500 : 10);
    expect(level.level).toBe("full");
  });
  test("stays down while only the simpler picture is cheap", () => {
    const level = new DrawingLevel();
    window(level, 60);
    for (let i = 0; i < 100; i++) window(level, 12);
    expect(level.level).toBe("bundles");
  });
  test("goes up again when the whole machine has become faster", () => {
    const level = new DrawingLevel();
    window(level, 60);
    window(level, 30);
    for (let i = 0; i < 2; i++) window(level, 6);
    expect(level.level, "not at once").toBe("bundles");
    window(level, 6);
    expect([level.level, level.finerCost_ms]).toEqual(["full", null]);
  });
  test("does not flip to and fro: each step up that fails doubles the wait", () => {
    const level = new DrawingLevel();
    const waits: number[] = [];
    window(level, 60);
    for (let round = 0; round < 4; round++) {
      window(level, 30);
      let wait = 0;
      while (level.level === "bundles" && wait < 1000) {
        window(level, 5);
        wait++;
      }
      waits.push(wait);
      window(level, 60);
      expect(level.level).toBe("bundles");
    }
    expect(waits).toEqual([3, 6, 12, 24]);
  });
  test("another network starts afresh", () => {
    const level = new DrawingLevel();
    window(level, 60);
    level.measured(60);
    level.reset();
    expect([level.level, level.finerCost_ms]).toEqual(["full", null]);
    for (let i = 0; i < 19; i++) level.measured(60);
    expect(level.level, "the old costs are forgotten").toBe("full");
  });
});
