import { describe, expect, test } from "vitest";
import { fitName, fitText } from "../src/lib/fitText.ts";
import { safeText } from "../src/lib/safeText.ts";

const measure = (text: string): number => text.length * 10;

describe("fitText", () => {
  test("keeps what fits, drops leading clauses first, then cuts with an ellipsis", () => {
    expect(fitText("loss 1 · acc 2", 140, measure)).toBe("loss 1 · acc 2");
    expect(fitText("loss 1 · acc 2", 139, measure)).toBe("acc 2");
    expect(fitText("loss 1 · accuracy", 60, measure)).toBe("accur…");
  });
  test("never exceeds the width, down to nothing", () => {
    for (let width = 0; width < 200; width += 7)
      expect(measure(fitText("😀 a · bb ccc", width, measure))).toBeLessThanOrEqual(width);
  });
});

describe("safeText", () => {
  test("direction and control characters become visible", () => {
    expect(safeText("a\u202eb\u0000c\nd")).toBe("a\\u202eb\\u0000c\\u000ad");
  });
  test("is at most 256 characters and leaves markup as the text it is", () => {
    expect(safeText("x".repeat(1000))).toHaveLength(256);
    expect(safeText("<b>α</b>")).toBe("<b>α</b>");
    expect(safeText("🧠".repeat(300)).at(-2)).not.toMatch(/[\ud800-\udbff]/);
  });
});

test("a name is shortened in its middle, so that numbered names stay apart", () => {
  expect(fitName("dense_1", 70, measure)).toBe("dense_1");
  expect(fitName("bottleneck_12", 80, measure)).toBe("bott…_12");
  for (let room = 0; room < 120; room += 10) {
    expect(measure(fitName("bottleneck_12", room, measure))).toBeLessThanOrEqual(room);
  }
});
