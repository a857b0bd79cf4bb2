// @vitest-environment jsdom
import { expect, test } from "vitest";
import { nameButtons } from "../src/panel/nameButtons.ts";

test("a button that is only an icon says what it is when pointed at, one with words its words", () => {
  const place = document.createElement("div");
  const html = `
    <button class="widget-button" title="Back to the trained network"><i class="fa fa-history"></i></button>
    <button class="widget-button" title="Go back to the initial weights"><i class="fa fa-undo"></i>Reset</button>`;
  place.append(document.createRange().createContextualFragment(html));
  nameButtons(place);
  const [back, reset] = place.querySelectorAll("button");
  expect(back?.getAttribute("aria-label")).toBe("Back to the trained network");
  expect(reset?.hasAttribute("aria-label")).toBe(false);
});
