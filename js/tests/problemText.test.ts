import { expect, test } from "vitest";
import type { FirstBad } from "../src/core/frame.ts";
import { nonFiniteDetail, nonFiniteText, nonFiniteWord } from "../src/ui/words/problemText.ts";

const tensor: FirstBad = {
  what: "dense_1/kernel",
  step: 373,
  epoch: 37,
  batch: 4,
  lastGoodStep: 370,
  soundStep: 372,
  metric: null,
  isNan: true,
};
const loss = { ...tensor, metric: "loss" };

test("the step that went wrong is named, or the stretch in which it did", () => {
  expect(nonFiniteText(tensor)).toBe("dense_1/kernel became NaN at epoch 37, batch 4");
  expect(nonFiniteText({ ...tensor, soundStep: 2 })).toBe(
    "dense_1/kernel became NaN between step 2 and epoch 37, batch 4",
  );
  expect(nonFiniteText({ ...tensor, soundStep: null })).toBe(
    "dense_1/kernel became NaN at or before epoch 37, batch 4",
  );
  expect(nonFiniteText({ ...tensor, batch: 0 })).toBe("dense_1/kernel became NaN at the end of epoch 37");
});

test("a loss dates it, and the tensor is told beside it", () => {
  expect(nonFiniteText(loss)).toBe("Loss became NaN at epoch 37, batch 4");
  expect(nonFiniteText({ ...loss, metric: "val_loss", isNan: false, batch: 0 })).toBe(
    "Validation loss became infinite at the end of epoch 37",
  );
  expect(nonFiniteDetail(loss)).toBe("First non-finite tensor: dense_1/kernel. The last good step is kept.");
  expect(nonFiniteDetail({ ...loss, what: "loss", lastGoodStep: null })).toBe("No step before it is kept.");
  expect(nonFiniteWord(loss)).toBe("NaN since step 373");
  expect(nonFiniteWord({ ...loss, isNan: false })).toBe("not finite since step 373");
});
