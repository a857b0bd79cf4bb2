import { expect, test } from "vitest";
import { fitSentences } from "../src/lib/fitSentences.ts";
import { measure } from "./helpers.ts";

const note = "50,176 + 640 edges, drawn as 1,792 row bundles + 640 edges. Dashed are negative.";

test("what is not drawn loses its last sentences first, then how much there is, and only then its end", () => {
  const first = note.slice(0, note.indexOf(". ") + 1);
  const drawn = "Drawn as 1,792 row bundles + 640 edges.";
  expect(fitSentences(note, measure(note), measure)).toBe(note);
  expect(fitSentences(note, measure(note) - 1, measure)).toBe(first);
  expect(fitSentences(note, measure(first) - 1, measure)).toBe(drawn);
  expect(fitSentences(note, measure(drawn) - 1, measure)).toMatch(/^Drawn as .*…$/);
});
