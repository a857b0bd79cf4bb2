import { expect, test } from "vitest";
import { MAX_BOOKMARKS, toggledBookmark } from "../src/store/bookmarks.ts";
import { decodeFrame } from "../src/stream/decodeFrame.ts";
import { groupMarks, marksOf, nextInGroup, type TimeMark } from "../src/ui/timeline/timeMarks.ts";
import { snapshotBytes } from "./encodeFrame.ts";

const bad = {
  what: "dense/kernel",
  step: 421,
  last_good_step: 418,
  sound_step: 420,
  metric: "loss",
};
const change = {
  quantity: "change",
  name: "learning_rate",
  values: Float64Array.of(200, 0.25, 0.03, 420, 0.029999999329447746, 0.30000001192092896),
  shape: [2, 3],
};

function marks(header: Record<string, unknown>, bookmarks: readonly number[]): TimeMark[] {
  return marksOf(decodeFrame(snapshotBytes({ step: 600, latest_step: 600, ...header }, [change])), bookmarks);
}

test("what happened is in the order of time and in words, rates as a person writes them", () => {
  const found = marks({ first_bad: bad }, [120, 421]);
  expect(found.map((mark) => `${mark.kind}: ${mark.text}`)).toEqual([
    "bookmark: Bookmark at epoch 12.0 (step 120)",
    "change: learning_rate 0.25 → 0.03 at epoch 20.0 (step 200)",
    "change: learning_rate 0.03 → 0.3 at epoch 42.0 (step 420)",
    "bookmark: Bookmark at epoch 42.1 (step 421)",
    "bad: Train loss became NaN at epoch 42.1 (step 421)",
  ]);
});

test("a cause that was found lies where it began; what follows from it, and notes, do not", () => {
  const found = (more: Record<string, unknown>) => ({
    rule: "dead_relu",
    severity: "fault",
    layer: "L1",
    units: [],
    since_step: 300,
    last_step: 600,
    is_over: false,
    follows: false,
    title: "Dead units in 'h1': 4 of 6",
    text: "",
    badge: "4/6 dead",
    ...more,
  });
  const findings = [
    found({}),
    found({ follows: true, since_step: 310 }),
    found({ severity: "warning", since_step: 20, is_over: true, title: "Slow" }),
    found({ severity: "note" }),
    found({ since_step: 0 }),
  ];
  expect(
    marks({ findings }, [])
      .filter(({ kind }) => kind !== "change")
      .map(({ kind, text }) => `${kind}: ${text}`),
  ).toEqual([
    "over: Warning, last seen at epoch 60.0 (step 600): Slow.",
    "bad: Fault since epoch 30.0 (step 300): Dead units in 'h1': 4 of 6.",
  ]);
});

test("after a reset, marks beyond the newest step wait", () => {
  expect(marks({ step: 100, latest_step: 100 }, [40, 120]).map((mark) => mark.step)).toEqual([40]);
});

test("marks a finger cannot tell apart are one group, and a press goes through them", () => {
  const groups = groupMarks(marks({ first_bad: bad }, [120, 300]), (step) => step, 24);
  expect(groups.map((group) => group.marks.map((mark) => mark.step))).toEqual([[120], [200], [300], [420, 421]]);
  const last = groups[3];
  if (last === undefined) throw new Error("no group");
  expect([0, 420, 421, 600].map((at) => nextInGroup(last, at))).toEqual([420, 421, 420, 420]);
});

test("no group is wider than its room, so no target hides another", () => {
  const many = Array.from({ length: 100 }, (_, i): TimeMark => ({ kind: "bookmark", step: 7 * i, text: "" }));
  const groups = groupMarks(many, (step) => step, 24);
  for (const [place, group] of groups.entries()) {
    expect(group.toX - group.fromX).toBeLessThan(24);
    expect(group.fromX - (groups[place - 1]?.fromX ?? -24)).toBeGreaterThanOrEqual(24);
  }
  expect(groups.flatMap((group) => group.marks)).toHaveLength(100);
});

test("a bookmark comes and goes, in order, up to the limit", () => {
  expect(toggledBookmark([3, 9], 5)).toEqual([3, 5, 9]);
  expect(toggledBookmark([3, 5, 9], 5)).toEqual([3, 9]);
  const full = Array.from({ length: MAX_BOOKMARKS }, (_, i) => i);
  expect(toggledBookmark(full, 1000)).toBeNull();
  expect(toggledBookmark(full, 7)).toHaveLength(MAX_BOOKMARKS - 1);
});
