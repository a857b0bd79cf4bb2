import { expect, test } from "vitest";
import { createTimeLeft, durationText } from "../src/ui/timeline/timeLeft.ts";

const SECOND = 1000;

/** What is said second by second of a training that does so many epochs a second. */
function said(pace: (second: number) => number, seconds: number, epochs: number | null = 100): string[] {
  const left = createTimeLeft();
  let epoch = 0;
  return Array.from({ length: seconds }, (_, second) => {
    epoch += pace(second);
    return left.text(second * SECOND, epoch, epochs, true);
  });
}

test("the pace is observed before anything is said of it", () => {
  expect(said(() => 0.25, 6).slice(0, 4)).toEqual(["", "", "", ""]);
  expect(said(() => 0.25, 6).at(-1)).toBe("about 7 min left");
});

test("it is calm: what is said stays for five seconds, however the pace jumps", () => {
  const texts = said((second) => (second % 2 === 0 ? 0.1 : 1.5), 60);
  const changes = texts.slice(1).filter((text, i) => text !== texts[i]).length;
  expect(changes).toBeLessThanOrEqual(12);
});

test("nothing is said without a plan, of a training that stands still, rests, or began anew", () => {
  expect(said(() => 0.25, 20, null).join("")).toBe("");
  expect(said(() => 0, 20).join("")).toBe("");
  const left = createTimeLeft();
  for (let second = 0; second < 10; second++) left.text(second * SECOND, second, 100, true);
  expect(left.text(10 * SECOND, 10, 100, false)).toBe("");
  expect(left.text(11 * SECOND, 10, 100, true)).toBe("");
  for (let second = 12; second < 20; second++) left.text(second * SECOND, second, 100, true);
  expect(left.text(20 * SECOND, 0.5, 100, true)).toBe("");
});

test("a time is told as coarsely as it is known", () => {
  expect([3, 44, 92, 118, 3600, 5 * 3600, 4 * 86_400].map(durationText)).toEqual([
    "a few seconds left",
    "about 40 s left",
    "about 90 s left",
    "about 2 min left",
    "about 60 min left",
    "about 5 h left",
    "about 4 days left",
  ]);
});
