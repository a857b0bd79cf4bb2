import { expect, test } from "vitest";
import { Clock } from "../src/core/clock.ts";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { clockText, exactText, timeText } from "../src/ui/words/clockText.ts";
import { snapshotBytes } from "./encodeFrame.ts";

const NAN = Number.NaN;

test("an epoch is told with one decimal, and is never whole before it has ended", () => {
  const clock = new Clock(Float64Array.of(0, 0, 5, 3090, 618, 5));
  expect(clockText(clock, 3092)).toBe("epoch 618.4");
  expect(exactText(clock, 3092)).toBe("epoch 618.4 (step 3,092)");
  expect(clockText(clock, 0)).toBe("epoch 0.0");
  expect(clockText(clock, 3095)).toBe("epoch 618.9");
  expect(clockText(clock, 3090)).toBe("epoch 618.0");
});

test("where the running epoch's length is not known everything is told in steps", () => {
  const clock = new Clock(Float64Array.of(0, 0, 5, 10, 2, NAN));
  expect([clockText(clock, 3), exactText(clock, 1234)]).toEqual(["step 3", "step 1,234"]);
  expect(clockText(new Clock(new Float64Array()), 7)).toBe("step 7");
});

test("a batch size that changed changes how fast epochs go by, from there on", () => {
  const clock = new Clock(Float64Array.of(0, 0, 10, 25, 2.5, 20, 35, 3, 20));
  expect([20, 25, 30, 35, 45].map((step) => clock.epochAt(step))).toEqual([2, 2.5, 2.75, 3, 3.5]);
  expect([2, 2.75, 3.5].map((epoch) => clock.stepAt(epoch))).toEqual([20, 30, 45]);
});

test("a plan is told where there is one, and never one that is behind", () => {
  const text = (epochs: number | null) => timeText(decodeFrame(snapshotBytes({ step: 13, epochs })));
  expect([text(40), text(null), text(1)]).toEqual([
    "epoch 1.3 of 40 (step 13)",
    "epoch 1.3 (step 13)",
    "epoch 1.3 of 2 (step 13)",
  ]);
});
