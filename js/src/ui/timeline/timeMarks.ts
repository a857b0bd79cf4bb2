import type { Frame } from "../../core/frame.ts";
import { safeText } from "../../lib/safeText.ts";
import { say } from "../../lib/say.ts";
import { exactText } from "../words/clockText.ts";
import { formatRate } from "../words/factsOf.ts";
import { foundText } from "../words/foundText.ts";
import { nonFiniteText } from "../words/problemText.ts";

/** `over`: what was wrong for a while. */
export type MarkKind = "bad" | "doubt" | "over" | "change" | "bookmark";

/** A step worth going to, and why. */
export interface TimeMark {
  readonly kind: MarkKind;
  readonly step: number;
  readonly text: string;
}

/** What is marked on the timeline, in the order of time; nothing beyond the newest step. */
export function marksOf(frame: Frame, bookmarks: readonly number[]): TimeMark[] {
  const { firstBad, latestStep, step, findings } = frame.header;
  const marks: TimeMark[] = bookmarks.map((at) => ({
    kind: "bookmark",
    step: at,
    text: say("bookmarkAt", { moment: exactText(frame.clock, at) }),
  }));
  for (const section of frame.sections) {
    if (section.quantity !== "change") continue;
    const { values, name } = section;
    for (let row = 0; row + 2 < values.length; row += 3) {
      const [at = 0, before = Number.NaN, since = Number.NaN] = values.subarray(row, row + 3);
      const text = say("changeAt", {
        name: safeText(name),
        before: formatRate(before),
        since: formatRate(since),
        moment: exactText(frame.clock, at),
      });
      marks.push({ kind: "change", step: at, text });
    }
  }
  for (const [at, text] of frame.header.notes) {
    const note = exactText(frame.clock, at);
    marks.push({ kind: "change", step: at, text: say("noted", { text: safeText(text), note }) });
  }
  if (firstBad !== null) marks.push({ kind: "bad", step: firstBad.step, text: nonFiniteText(firstBad, frame.clock) });
  for (const found of findings) {
    if (found.follows || found.severity === "note" || found.sinceStep === 0) continue;
    if (found.rule === "nan" && firstBad !== null) continue;
    const kind = found.isOver ? "over" : found.severity === "fault" ? "bad" : "doubt";
    marks.push({ kind, step: found.sinceStep, text: foundText(found, frame.clock) });
  }
  const last = Math.max(latestStep, step);
  return marks.filter((mark) => mark.step <= last).sort((one, other) => one.step - other.step);
}

/** Marks too near to each other to be told apart by a finger. */
export interface MarkGroup {
  readonly marks: readonly TimeMark[];
  readonly fromX: number;
  readonly toX: number;
}

/** Joins neighbours, in order, that are nearer than `room` to the first of their group. */
export function groupMarks(marks: readonly TimeMark[], xOf: (step: number) => number, room: number): MarkGroup[] {
  const groups: { marks: TimeMark[]; fromX: number; toX: number }[] = [];
  for (const mark of marks) {
    const x = xOf(mark.step);
    const group = groups.at(-1);
    if (group !== undefined && x - group.fromX < room) {
      group.marks.push(mark);
      group.toX = x;
    } else {
      groups.push({ marks: [mark], fromX: x, toX: x });
    }
  }
  return groups;
}

/** Where a press on a group leads: to its first mark, or from a mark of it to the next. */
export function nextInGroup(group: MarkGroup, at: number): number {
  const steps = group.marks.map((mark) => mark.step);
  return steps[(steps.lastIndexOf(at) + 1) % steps.length] ?? 0;
}
