import { describe, expect, test } from "vitest";
import { activationCurve } from "../src/ui/charts/activationCurve.ts";
import { shareInside } from "../src/ui/charts/zHistogram.ts";

describe("activationCurve", () => {
  // keras.activations.* of Keras 3.15 at −1.5 and 0.7, float32
  test.each([
    ["linear", -1.5, 0.7],
    ["relu", 0, 0.7],
    ["leaky_relu", -0.3, 0.7],
    ["elu", -0.7768698, 0.7],
    ["selu", -1.3658142, 0.7354907],
    ["gelu", -0.1002108, 0.5306254],
    ["silu", -0.2736382, 0.4677314],
    ["swish", -0.2736382, 0.4677314],
    ["tanh", -0.9051482, 0.6043678],
    ["sigmoid", 0.1824255, 0.6681878],
    ["hard_sigmoid", 0.25, 0.6166667],
    ["softplus", 0.2014133, 1.1031861],
    ["softsign", -0.6, 0.4117647],
    ["exponential", 0.2231302, 2.0137527],
  ])("%s is Keras'", (name, atLow, atHigh) => {
    const curve = activationCurve(name, null, null);
    expect(curve?.output(-1.5)).toBeCloseTo(atLow, 5);
    expect(curve?.output(0.7)).toBeCloseTo(atHigh, 5);
  });

  test("no activation is linear; softmax and strangers have no curve", () => {
    expect(activationCurve(null, null, null)?.output(-3)).toBe(-3);
    expect(activationCurve("softmax", 1, 0.5)).toBeNull();
    expect(activationCurve("toString", 1, 0.5)).toBeNull();
  });

  test("a leaky ReLU and an ELU take their constant from the sample", () => {
    expect(activationCurve("leaky_relu", -2, -0.6)?.output(-1)).toBeCloseTo(-0.3);
    expect(activationCurve("elu", -1, 0.5 * Math.expm1(-1))?.output(-9)).toBeCloseTo(-0.5, 3);
    expect(activationCurve("leaky_relu", -2, Number.NaN)?.output(-1)).toBeCloseTo(-0.2);
  });
});

test("the share in the flat zones counts a cut bin in part", () => {
  const histogram = { low: -4, high: 4, sampleCount: 8, counts: [1, 1, 2, 4] };
  const zones = activationCurve("tanh", null, null)?.flatZones ?? [];
  expect(shareInside(histogram, zones)).toBeCloseTo(5 / 8);
  expect(shareInside(histogram, [[3, Number.POSITIVE_INFINITY]])).toBeCloseTo(2 / 8);
  expect(shareInside({ low: 3, high: 3, sampleCount: 5, counts: [5] }, zones)).toBe(1);
});
