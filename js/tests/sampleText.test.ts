import { describe, expect, test } from "vitest";
import { chainGraph, header, scenery, section } from "../demo/frames.ts";
import { type ActivationName, createMlp, seeded } from "../demo/mlp.ts";
import { Frame, type Scenery } from "../src/core/frame.ts";
import { readNodes } from "../src/layout/readNodes.ts";
import { momentsOf, tensorFact } from "../src/ui/inspector/tensorFacts.ts";
import { readVerdict, sampleName } from "../src/ui/words/sampleText.ts";

function verdict(activation: ActivationName, outputs: readonly number[], target: number | null, known: Scenery) {
  const layers = createMlp([2, outputs.length], [activation], seeded(1));
  const nodes = readNodes(chainGraph("net", layers, ["output"], [2]));
  const sections = [section("activation", "L1", "", [outputs.length], Float32Array.from(outputs))];
  return readVerdict(nodes, new Frame({ ...header, target }, new Map(), new Map(), sections, 0), known);
}

const digits = scenery({ classNames: ["zero", "one", "two"] });
const moons = scenery({ classNames: ["class 0", "class 1"] });

describe("the verdict", () => {
  test.each([
    ["softmax", [0.1, 0.75, 0.15], 1, digits, "1 one, 75.0%", "✓ true"],
    ["softmax", [0.1, 0.75, 0.15], 2, digits, "1 one, 75.0%", "✗ true: 2 two"],
    ["softmax", [0.1, 0.75, 0.15], null, digits, "1 one, 75.0%", ""],
    ["linear", [-3, 4, 1], 1, digits, "1 one", "✓ true"],
    ["sigmoid", [0.25], 0, moons, "class 0, 75.0%", "✓ true"],
    ["sigmoid", [0.875], 0, moons, "class 1, 87.5%", "✗ true: class 0"],
    ["linear", [1.5], 1.25, scenery({ task: "regression" }), "1.50", "off by +0.25"],
    ["softmax", [Number.NaN, 0.5, 0.5], 1, digits, "", "no prediction: NaN"],
    ["softmax", [0.25, 0.5, Number.NaN], 1, digits, "", "no prediction: NaN"],
    ["linear", [Number.POSITIVE_INFINITY, 0, 0], 1, digits, "", "no prediction: infinite"],
    ["sigmoid", [Number.NaN], 1, moons, "", "no prediction: NaN"],
  ] as const)("of %s %o with the truth %o", (activation, outputs, target, known, predicted, words) => {
    expect(verdict(activation, outputs, target, known)).toMatchObject({ predicted, words });
  });

  test("is not given where the output's meaning is not known", () => {
    expect(verdict("linear", [1.5], 1, moons)).toBeNull();
  });
});

test("a sample is named with its truth", () => {
  const at = (target: number | null) => new Frame({ ...header, sample: 7, target }, new Map(), new Map(), [], 0);
  expect(sampleName(at(2), digits)).toBe("#7, 2 two");
  expect(sampleName(at(null), digits)).toBe("#7");
  expect(sampleName(at(0.125), scenery({ task: "regression" }))).toBe("#7, target 0.13");
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
