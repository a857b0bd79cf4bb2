// @vitest-environment jsdom
import { expect, test } from "vitest";
import { chainGraph, emptyFrame, scenery, section } from "../demo/frames.ts";
import { createMlp, seeded } from "../demo/mlp.ts";
import type { Section, Task } from "../src/core/frame.ts";
import { FrameStore } from "../src/store/frameStore.ts";
import { ViewState } from "../src/store/viewState.ts";
import { colourClasses } from "../src/ui/result/classColours.ts";
import { createResultPane } from "../src/ui/result/resultPane.ts";
import { noActions } from "./helpers.ts";

const graph = chainGraph("of places", createMlp([4, 3], ["softmax"], seeded(1)), ["out"], [4]);

function open(kind: Task["kind"], shape: readonly number[], sections: readonly Section[], classNames: string[] = []) {
  const store = new FrameStore();
  const task: Task = { kind, boundary: 0.5, isShare: true, fromLogits: false, shape };
  store.update({ graph, scenery: scenery({ task, classNames }), frame: emptyFrame([...sections]) });
  const pane = createResultPane(
    { store, state: new ViewState(), actions: noActions, signal: new AbortController().signal },
    "light",
  );
  pane.update();
  const seen = (selector: string) =>
    [...pane.element.querySelectorAll<HTMLElement>(selector)].filter((one) => one.closest("[hidden]") === null);
  return {
    pane,
    seen,
    rows: (table: string) => seen(`${table} tr`).map((row) => [...row.children].map((cell) => cell.textContent)),
  };
}

const row = (name: string, values: readonly number[], count = values.length) => ({
  ...section("result", "L1", name, [values.length], Int32Array.from(values)),
  attributes: { count },
});

test("each place of a sequence has what was put out and what was wanted, in words, and whether that is so", () => {
  const { rows } = open(
    "class_of_each",
    [3],
    [row("put_out", [0, 2, 1], 300), row("target", [0, 1, -1], 300)],
    ["noun", "verb", "<b>other</b>"],
  );
  expect(rows(".nv-result-row")).toEqual([
    ["place", "put out", "target"],
    ["0", "✓ 0 noun", "0 noun"],
    ["1", "✗ 2 <b>other</b>", "1 verb"],
    ["2", "1 verb", "none"],
  ]);
});

test("what the limits leave out is said", () => {
  const { seen } = open("class_of_each", [300], [row("put_out", [0, 2, 1], 300)]);
  expect(seen(".nv-result-scroll p").map((one) => one.textContent)).toEqual(["297 more"]);
  expect(seen("th").some((one) => one.textContent === "target")).toBe(false); // nobody knows it
});

test("a class has its share of the places of both pictures", () => {
  const picture = (name: string, values: readonly number[]) => ({
    ...section("result", "L1", name, [2, 2], Int32Array.from(values)),
    attributes: { count: 4, step: 2 },
  });
  const { rows, seen } = open(
    "class_of_each",
    [2, 2],
    [picture("put_out", [0, 0, 0, 1]), picture("target", [0, 2, 2, 1])],
  );
  expect(rows(".nv-result-legend").slice(1)).toEqual([
    ["class 0", "75.0%", "25.0%"],
    ["class 1", "25.0%", "25.0%"],
    ["class 2", "0%", "50.0%"],
  ]);
  expect(seen("figcaption").map((one) => one.textContent)).toEqual(["put out", "target", "wrong"]);
  expect(seen("p").at(-1)?.textContent).toBe("One pixel of 2 × 2 is shown.");
});

test("a picture without a known target stands alone, and one that was not measured says so", () => {
  const codes = {
    ...section("result", "L1", "put_out", [1, 2, 1], Uint8Array.of(1, 255)),
    attributes: { lo: -1, hi: 3 },
  };
  const { seen } = open("picture", [1, 2, 1], [codes]);
  expect(seen("figcaption").map((one) => one.textContent)).toEqual(["put out"]);
  expect(seen(".nv-ramp-bar").map((one) => one.textContent)).toEqual(["\u221213"]);
  const other = open("picture", [1, 2, 1], []);
  expect(other.seen("p").map((one) => one.textContent)).toContain("Not measured at this step.");
});

test("of many classes the wanted ones keep their colour, whatever is put out", () => {
  const wanted = [40, 7, 7];
  const [before, after] = [colourClasses(100, wanted, [1, 2]), colourClasses(100, wanted, [...Array(30).keys()])];
  expect(before.of(40)).toEqual(after.of(40));
  expect(before.of(7)).not.toEqual(before.of(40));
  expect([after.named.length, after.restCount]).toEqual([7, 24]);
});
