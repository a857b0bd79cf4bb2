import { expect, test } from "vitest";
import { nonFiniteText } from "../src/ui/problemText.ts";

const bad = { what: "dense_1/kernel", step: 373, epoch: 37, batch: 4, lastGoodStep: 372 };

test("the step that went wrong is named, or the stretch in which it did", () => {
  expect(nonFiniteText(bad)).toBe("dense_1/kernel became non-finite at epoch 37, batch 4");
  expect(nonFiniteText({ ...bad, lastGoodStep: 2 })).toBe(
    "dense_1/kernel became non-finite between step 2 and epoch 37, batch 4",
  );
  expect(nonFiniteText({ ...bad, batch: 0 })).toBe("dense_1/kernel became non-finite at the end of epoch 37");
});
