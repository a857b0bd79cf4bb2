import { expect, test } from "vitest";
import { header, scenery } from "../demo/frames.ts";
import { CLASSES } from "../demo/judged.ts";
import { Frame } from "../src/core/frame.ts";
import { className } from "../src/layout/unitNames.ts";
import { momentsOf, tensorFact } from "../src/ui/inspector/tensorFacts.ts";
import { sampleName } from "../src/ui/words/sampleText.ts";

test("a sample is named with its truth, as Python says it", () => {
  const at = (truth: string) => new Frame({ ...header, sample: 7, truth }, new Map(), new Map(), [], 0);
  expect(sampleName(at("2 two"))).toBe("#7, 2 two");
  expect(sampleName(at(""))).toBe("#7");
});

test("classes and labels are called by their names, or by their numbers", () => {
  const labels = { ...CLASSES, kind: "labels" } as const;
  expect(className(scenery({ classNames: ["zero", "class −1", ""] }), 0)).toBe("0 zero");
  expect(className(scenery({ classNames: ["zero", "class −1", ""] }), 1)).toBe("class −1");
  expect(className(scenery({ classNames: ["zero", "class −1", ""] }), 2)).toBe("class 2");
  expect(className(scenery({ task: labels }), 2)).toBe("label 2");
});

test("least, mean and most leave out what is not finite, and count it", () => {
  expect(momentsOf([1, Number.NaN, -2, Number.POSITIVE_INFINITY, 4])).toEqual({
    least: -2,
    mean: 1,
    deviation: Math.sqrt(6),
    zeroCount: 0,
    most: 4,
    brokenCount: 2,
  });
  expect(tensorFact("weights", [1, Number.NaN, -2, 4]).value).toBe("−2.00 · +1.00 · +4.00, 1 not finite");
  expect(tensorFact("weights", [Number.NaN]).value).toBe("NaN · NaN · NaN, 1 not finite");
});
