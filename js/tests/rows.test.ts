import { expect, test } from "vitest";
import { fitRow } from "../src/draw/marks/rows.ts";
import { measure } from "./helpers.ts";

const right = ["✓ right", "✓"];
const wrong = ["✗ wrong: it is 2 malignant_tumour", "✗ wrong", "✗"];

test("the whole name goes first, with the longest verdict that fits", () => {
  expect(fitRow("7 seven", right, 160, measure, "bold")).toEqual(["7 seven", "✓ right"]);
  expect(fitRow("7 seven", wrong, 160, measure, "bold")).toEqual(["7 seven", "✗ wrong"]);
});

test("a long name is shortened beside a verdict in words; it never reaches it", () => {
  for (const name of ["1 Iris-versicolor", "1 malignant_tumour", "12 Wwwwwwwwwwwwwwwwwwww"]) {
    for (const verdicts of [right, wrong, []]) {
      for (let room = 30; room < 320; room += 7) {
        const [text, verdict] = fitRow(name, verdicts, room, measure, "bold");
        const gap = verdict === "" ? 0 : 12;
        expect(measure(text, "bold") + gap + measure(verdict, "bold")).toBeLessThanOrEqual(room);
      }
    }
  }
  expect(fitRow("1 Iris-versicolor", right, 150, measure, "bold")).toEqual(["1 Iris-v…", "✓ right"]);
});
