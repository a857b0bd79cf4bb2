import { expect, test } from "vitest";
import { Clock } from "../src/core/clock.ts";
import type { FirstBad } from "../src/core/frame.ts";
import { nonFiniteDetail, nonFiniteText, nonFiniteWord } from "../src/ui/words/problemText.ts";

const tensor: FirstBad = {
  what: "dense_1/kernel",
  step: 373,
  lastGoodStep: 370,
  soundStep: 372,
  metric: null,
  isNan: true,
};
const loss = { ...tensor, metric: "loss" };
const byEpochs = new Clock(Float64Array.of(0, 0, 10, 370, 37, 10));

test("the moment that went wrong is named, or the stretch in which it did", () => {
  expect(nonFiniteText(tensor, byEpochs)).toBe("dense_1/kernel became NaN at epoch 37.3 (step 373)");
  expect(nonFiniteText({ ...tensor, soundStep: 2 }, byEpochs)).toBe(
    "dense_1/kernel became NaN between epoch 0.2 (step 2) and epoch 37.3 (step 373)",
  );
  expect(nonFiniteText({ ...tensor, soundStep: null }, byEpochs)).toBe(
    "dense_1/kernel became NaN at or before epoch 37.3 (step 373)",
  );
  expect(nonFiniteText(tensor, new Clock(new Float64Array()))).toBe("dense_1/kernel became NaN at step 373");
});

test("a loss dates it, and the tensor is told beside it", () => {
  expect(nonFiniteText(loss, byEpochs)).toBe("Train loss became NaN at epoch 37.3 (step 373)");
  expect(nonFiniteText({ ...loss, metric: "val_loss", isNan: false, step: 370, soundStep: 369 }, byEpochs)).toBe(
    "Val loss became infinite at epoch 37.0 (step 370)",
  );
  expect(nonFiniteDetail(loss)).toBe("First non-finite tensor: dense_1/kernel. The last good step is kept.");
  expect(nonFiniteDetail({ ...loss, what: "loss", lastGoodStep: null })).toBe("No step before it is kept.");
  expect(nonFiniteWord(loss, byEpochs)).toBe("NaN since epoch 37.3");
  expect(nonFiniteWord({ ...loss, isNan: false }, byEpochs)).toBe("not finite since epoch 37.3");
});
